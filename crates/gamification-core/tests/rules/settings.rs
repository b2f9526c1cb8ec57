//! Overrides and their order (2-domain §2).

use gamification_core::cost::Cost;
use gamification_core::event::CooldownRule;
use gamification_core::objective::Coefficient;
use gamification_testkit::fixtures::{campaign, campaign_config, invert_event, streamer_config};

#[test]
fn the_price_is_the_streamers_else_the_campaigns_else_the_events() {
    let campaign = campaign(1);
    let cost = |points| Cost::new(points).unwrap();
    let mut event = invert_event();
    event.defaults.cost = cost(100);
    for (streamer, gm, expected) in [
        (Some(500), Some(300), 500),
        (None, Some(300), 300),
        (None, None, 100),
        (Some(1), Some(1_000_000), 1),
    ] {
        let mut config = campaign_config(&campaign, event.id);
        config.cost = gm.map(cost);
        let mut opt_in = streamer_config(&campaign, campaign.owner_id.into(), event.id);
        opt_in.cost_override = streamer.map(cost);
        assert_eq!(event.cost_on(Some(&opt_in), Some(&config)), cost(expected));
    }
    assert_eq!(event.cost_on(None, None), cost(100));
}

#[test]
fn every_other_setting_is_the_campaigns_else_the_events() {
    let campaign = campaign(1);
    let event = invert_event();
    let mut config = campaign_config(&campaign, event.id);
    let plain = event.settings(Some(&config));
    assert_eq!(plain, event.settings(None));
    assert_eq!((plain.minimum_objective, plain.duration_seconds), (3, 60));
    config.coefficient = Some(Coefficient::from_hundredths(50).unwrap());
    config.minimum_objective = Some(7);
    config.duration_seconds = Some(90);
    config.cooldown_seconds = Some(0);
    let own = event.settings(Some(&config));
    assert_eq!(own.coefficient.hundredths(), 50);
    assert_eq!((own.minimum_objective, own.duration_seconds), (7, 90));
    assert_eq!(own.cooldown_seconds, Some(0));
}

#[test]
fn only_a_cooldown_by_time_has_a_duration() {
    let campaign = campaign(1);
    let mut event = invert_event();
    let mut config = campaign_config(&campaign, event.id);
    config.cooldown_seconds = Some(60);
    assert_eq!(event.settings(Some(&config)).cooldown_seconds, Some(60));
    event.cooldown = CooldownRule::Time { duration_seconds: None };
    assert_eq!(event.settings(None).cooldown_seconds, Some(300));
    event.cooldown = CooldownRule::GmValidation {};
    assert_eq!(event.settings(Some(&config)).cooldown_seconds, None);
    event.cooldown = CooldownRule::EventComplete { wait_for_event_id: event.id };
    assert_eq!(event.settings(Some(&config)).cooldown_seconds, None);
}
