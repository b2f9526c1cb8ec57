use crate::game::{Game, gm, refused_fields, streamer_id};
use gamification_core::event::{CooldownRule, Event};
use gamification_core::instance::{CancelReason, Cooldown, InstanceState};
use gamification_core::ports::{Lock, StoreError};
use gamification_core::redemption::Settlement;
use gamification_core::service::{ConfigChanges, ServiceError};
use gamification_testkit::fixtures;

const DISABLE: ConfigChanges = ConfigChanges {
    is_enabled: Some(false),
    cost: None,
    objective_coefficient: None,
    minimum_objective: None,
    duration_seconds: None,
    cooldown_seconds: None,
    max_contributions_per_viewer: None,
};

#[tokio::test]
async fn null_clears_an_override_and_a_missing_field_leaves_it() {
    let game = Game::new().await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    let wish = ConfigChanges {
        cost: Some(Some(250)),
        objective_coefficient: Some(Some(0.25)),
        cooldown_seconds: Some(Some(0)),
        max_contributions_per_viewer: Some(Some(5)),
        ..ConfigChanges::default()
    };
    let set = game.service.configure_event(&gm(), campaign, event, wish).await.unwrap();
    assert_eq!(set.cost.map(|cost| cost.get()), Some(250));
    assert_eq!(set.coefficient.map(|share| share.hundredths()), Some(25));
    assert_eq!((set.cooldown_seconds, set.max_contributions_per_viewer), (Some(0), 5));
    assert!(set.is_enabled);
    let wish = ConfigChanges {
        cost: Some(None),
        max_contributions_per_viewer: Some(None),
        ..ConfigChanges::default()
    };
    let cleared = game.service.configure_event(&gm(), campaign, event, wish).await.unwrap();
    assert_eq!((cleared.cost, cleared.max_contributions_per_viewer), (None, 0));
    assert_eq!((cleared.coefficient, cleared.cooldown_seconds), (set.coefficient, Some(0)));
    assert_eq!(game.audited().await, ["event.configured", "event.configured"]);
}

#[tokio::test]
async fn every_field_that_is_out_of_range_is_named_and_nothing_changes() {
    let game = Game::new().await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    let wish = ConfigChanges {
        is_enabled: Some(false),
        cost: Some(Some(0)),
        objective_coefficient: Some(Some(0.125)),
        minimum_objective: Some(Some(1_001)),
        duration_seconds: Some(Some(9)),
        cooldown_seconds: Some(Some(-1)),
        max_contributions_per_viewer: Some(Some(101)),
    };
    let refused = game.service.configure_event(&gm(), campaign, event, wish).await;
    let names = [
        "cost",
        "objectiveCoefficient",
        "minimumObjective",
        "duration",
        "cooldown",
        "maxContributionsPerViewer",
    ];
    assert_eq!(refused_fields(refused), names);
    let mut uow = game.begin().await;
    let stored = uow.configs().campaign_config(campaign, event, Lock::None).await.unwrap();
    assert_eq!(stored, Some(fixtures::campaign_config(&game.campaign, event)));
    drop(uow);
    assert!(game.audited().await.is_empty());
}

#[tokio::test]
async fn disabling_an_event_refunds_its_open_goals_and_no_others() {
    let game = Game::new().await;
    let (own, _) = game.clicked_goal().await;
    let armed = fixtures::goal(2, &game.campaign, &game.invert, &game.two);
    let armed = game.put(fixtures::armed_goal(armed)).await;
    let group = fixtures::group_goal(3, &game.campaign, &game.chat, &[&game.one]);
    let group = game.put(group).await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    game.service.configure_event(&gm(), campaign, event, DISABLE).await.unwrap();
    for goal in [own, armed] {
        let state = game.goal(&goal).await.state;
        let reason = CancelReason::EventDisabled;
        assert!(matches!(state, InstanceState::Cancelled { reason: r, .. } if r == reason));
    }
    assert_eq!(game.click().await, Settlement::RefundDue);
    assert_eq!(game.goal(&group).await, group);
    assert_eq!(game.audited().await, ["event.disabled"]);
    let cancelled = "gamification:instance_cancelled";
    assert_eq!(game.told().await, [cancelled, cancelled]);
}

#[tokio::test]
async fn disabling_an_event_lets_an_execution_finish() {
    let game = Game::new().await;
    let goal = fixtures::goal(1, &game.campaign, &game.invert, &game.one);
    let goal = game.put(fixtures::executing_goal(goal)).await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    game.service.configure_event(&gm(), campaign, event, DISABLE).await.unwrap();
    assert_eq!(game.goal(&goal).await, goal);
}

#[tokio::test]
async fn disabling_an_event_ends_the_cooldowns_that_wait_for_it() {
    let game = Game::new().await;
    let waiting = Event {
        id: fixtures::id(2_010),
        slug: "test-waits".to_owned(),
        cooldown: CooldownRule::EventComplete { wait_for_event_id: game.invert.id },
        ..fixtures::invert_event()
    };
    let mut uow = game.begin().await;
    uow.catalogue().insert(&waiting).await.unwrap();
    uow.commit().await.unwrap();
    let cooldown = Cooldown::UntilExecuted(game.invert.id);
    let goal = game.cooling(1, &waiting, cooldown).await;
    let campaign = game.campaign.id;
    let chat = game.chat.id;
    game.service.configure_event(&gm(), campaign, chat, DISABLE).await.unwrap();
    assert_eq!(game.goal(&goal).await.cooldown, Some(cooldown));
    game.service.configure_event(&gm(), campaign, game.invert.id, DISABLE).await.unwrap();
    assert_eq!(game.goal(&goal).await.cooldown, None);
}

#[tokio::test]
async fn a_campaign_uses_builtin_events_and_those_of_its_own_game_master() {
    let game = Game::new().await;
    let foreign = Event {
        id: fixtures::id(2_011),
        slug: "test-foreign".to_owned(),
        created_by: Some(game.one.id),
        ..fixtures::invert_event()
    };
    let builtin = Event {
        id: fixtures::id(2_012),
        slug: "test-builtin".to_owned(),
        created_by: None,
        is_system: true,
        ..fixtures::invert_event()
    };
    let mut uow = game.begin().await;
    uow.catalogue().insert(&foreign).await.unwrap();
    uow.catalogue().insert(&builtin).await.unwrap();
    uow.commit().await.unwrap();
    let enable = ConfigChanges { is_enabled: Some(true), ..ConfigChanges::default() };
    let campaign = game.campaign.id;
    let refused = game.service.configure_event(&gm(), campaign, foreign.id, enable.clone()).await;
    assert_eq!(refused, Err(ServiceError::NotFound("event")));
    let enabled = game.service.configure_event(&gm(), campaign, builtin.id, enable).await.unwrap();
    assert!(enabled.is_enabled);
    assert_eq!(game.audited().await, ["event.enabled"]);
}

#[tokio::test]
async fn a_failed_write_leaves_nothing_behind_and_contention_is_tried_again() {
    let game = Game::new().await;
    let (goal, _) = game.clicked_goal().await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    let faults = game.store.faults().clone();
    let mut failed = 0;
    loop {
        faults.fail_at_write(failed + 1, StoreError::Unavailable("test".to_owned()));
        if game.service.configure_event(&gm(), campaign, event, DISABLE).await.is_ok() {
            break;
        }
        failed += 1;
        assert!(game.goal(&goal).await.is_open(), "write {failed}");
        assert_eq!(game.click().await, Settlement::Pending);
        assert!(game.audited().await.is_empty());
    }
    assert!(failed >= 5, "config, goal, ledger, audit, log, commit; failed {failed} times");
    assert_eq!(game.click().await, Settlement::RefundDue);

    faults.fail_at_write(1, StoreError::Contention("test".to_owned()));
    let one = streamer_id(&game.one);
    game.service.withdraw_authorisation(&gm(), campaign, one).await.unwrap();
    assert!(!faults.is_armed());
}
