//! Rewards: redeemable exactly when a redemption would count (P8).

use crate::support::{ON, armed, change_campaign, change_config, gm, play_out, write};
use gamification_core::cost::Cost;
use gamification_core::event::Event;
use gamification_core::ports::{Queries, RewardError, StoreError, TwitchRewards};
use gamification_core::reward::{PauseReason, Reward, RewardSpec, RewardStatus};
use gamification_core::service::{ConfigChanges, OfferState, OptIn, ServiceError};
use gamification_testkit::{RedeemRefused, TwitchCall, World, fixtures};

/// The first channel's reward of the individual event.
async fn mine(world: &World) -> Reward {
    world.reward(&world.invert, 0).await.unwrap()
}

/// Lets the reward rest, then the workers work.
async fn settled(world: &World) {
    world.advance(2).await;
    world.work_until_idle().await;
}

async fn assert_paused(world: &World, reason: PauseReason) {
    settled(world).await;
    let reward = mine(world).await;
    assert_eq!((reward.status, reward.paused_because), (RewardStatus::Paused, Some(reason)));
    let refused = world.redeem(&world.invert, 0, "zoe").await;
    assert_eq!(refused, Err(RedeemRefused::Paused), "{reason:?}");
}

async fn assert_redeemable(world: &World) {
    settled(world).await;
    let reward = mine(world).await;
    assert_eq!((reward.status, reward.paused_because), (RewardStatus::Active, None));
    assert!(world.redeem(&world.invert, 0, "zoe").await.is_ok());
}

fn updates(world: &World) -> usize {
    world.twitch.calls().iter().filter(|call| **call == TwitchCall::Update).count()
}

#[tokio::test]
async fn a_reward_has_the_events_words_price_and_colour() {
    let world = World::new().await;
    let channel = &world.streamers[0].twitch_id;
    let there = world.twitch.list(channel).await.unwrap();
    assert_eq!(there.len(), 2);
    let reward = mine(&world).await;
    let made = there.iter().find(|made| Some(&made.id) == reward.twitch_id.as_ref()).unwrap();
    assert_eq!(made.spec.title, "Invert the dice");
    assert_eq!(made.spec.prompt, world.invert.description.en);
    assert_eq!((made.spec.cost.get(), &made.spec.colour), (1_000, &world.invert.reward_colour));
    assert_eq!((&made.spec, made.is_paused), (&reward.spec, false));
}

#[tokio::test]
async fn a_reward_speaks_the_channels_language() {
    let world = World::new().await;
    let mut streamer = world.streamers[0].clone();
    streamer.language = "fr-CA".to_owned();
    write(&world, async |uow| uow.users().save(&streamer).await.unwrap()).await;
    settled(&world).await;
    assert_eq!(mine(&world).await.spec.title, "Inverser les dés");
}

#[tokio::test]
async fn a_reward_is_paused_by_the_gms_and_the_streamers_choices_and_comes_back() {
    let world = World::new().await;
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    assert_paused(&world, PauseReason::Panic).await;
    change_campaign(&world, |campaign| campaign.is_panicked = false).await;
    assert_redeemable(&world).await;
    let (game, campaign) = (&world.game, world.campaign.id);
    game.start_session(&gm(), campaign).await.unwrap();
    game.end_session(&gm(), campaign).await.unwrap();
    assert_paused(&world, PauseReason::SessionEnded).await;
    game.start_session(&gm(), campaign).await.unwrap();
    assert_redeemable(&world).await;
    for (is_enabled, is_redeemable) in [(false, false), (true, true)] {
        let change = ConfigChanges { is_enabled: Some(is_enabled), ..ConfigChanges::default() };
        game.configure_event(&gm(), campaign, world.invert.id, change).await.unwrap();
        if is_redeemable {
            assert_redeemable(&world).await;
        } else {
            assert_paused(&world, PauseReason::EventDisabled).await;
        }
    }
    world.advance(13 * 3_600).await;
    assert_paused(&world, PauseReason::AuthorisationNeeded).await;
    game.authorise(&gm(), campaign, world.streamer(0), None).await.unwrap();
    assert_redeemable(&world).await;
    let off = OptIn { is_enabled: false, cost_override: None };
    game.opt_in(&gm(), campaign, world.streamer(0), world.invert.id, off).await.unwrap();
    assert_paused(&world, PauseReason::StreamerDisabled).await;
}

#[tokio::test]
async fn a_reward_is_paused_while_the_table_is_away() {
    let world = World::new().await;
    world.disconnect_table().await;
    world.advance(29).await;
    world.work_until_idle().await;
    assert_eq!(mine(&world).await.status, RewardStatus::Active);
    assert_paused(&world, PauseReason::VttAway).await;
    world.connect_table("socket-2", true).await;
    assert_redeemable(&world).await;
}

#[tokio::test]
async fn a_reward_follows_its_goal_through_arming_execution_and_cooldown() {
    let world = World::new().await;
    armed(&world, 0).await;
    assert_paused(&world, PauseReason::Armed).await;
    world.crit(0, 20).await;
    assert_paused(&world, PauseReason::Executing).await;
    play_out(&world).await;
    assert_paused(&world, PauseReason::Cooldown).await;
    world.advance(300).await;
    assert_redeemable(&world).await;
    world.click(0, "dan").await;
    assert_redeemable(&world).await;
}

#[tokio::test]
async fn a_reason_that_changes_alone_is_no_call_to_twitch() {
    let world = World::new().await;
    armed(&world, 0).await;
    assert_paused(&world, PauseReason::Armed).await;
    let calls = updates(&world);
    world.crit(0, 20).await;
    assert_paused(&world, PauseReason::Executing).await;
    assert_eq!(updates(&world), calls);
}

#[tokio::test]
async fn twitch_is_told_at_most_once_in_two_seconds_and_then_what_holds() {
    let world = World::new().await;
    world.advance(2).await;
    let calls = updates(&world);
    for points in [2_000, 3_000, 4_000] {
        change_config(&world, &world.invert, |c| c.cost = Some(Cost::new(points).unwrap())).await;
        world.work_until_idle().await;
    }
    assert_eq!(updates(&world) - calls, 2, "once for each channel");
    assert_eq!(mine(&world).await.spec.cost.get(), 2_000);
    world.advance(1).await;
    world.work_until_idle().await;
    assert_eq!(updates(&world) - calls, 2);
    world.advance(1).await;
    world.work_until_idle().await;
    assert_eq!(updates(&world) - calls, 4);
    assert_eq!(mine(&world).await.spec.cost.get(), 4_000);
}

/// An event that nobody offers yet.
async fn another_event(world: &World, title: &str) -> Event {
    let mut event =
        Event { id: fixtures::id(2_004), slug: "test-another".to_owned(), ..world.invert.clone() };
    event.name.en = title.to_owned();
    write(world, async |uow| {
        uow.catalogue().insert(&event).await.unwrap();
        let config = fixtures::campaign_config(&world.campaign, event.id);
        uow.configs().save_campaign_config(&config).await.unwrap();
    })
    .await;
    event
}

fn foreign(title: String) -> RewardSpec {
    let spec =
        fixtures::reward(1, &fixtures::campaign(1), &fixtures::chat_event(), fixtures::id(1));
    RewardSpec { title, ..spec.spec }
}

#[tokio::test]
async fn a_title_that_is_taken_gets_a_number() {
    let world = World::new().await;
    let channel = &world.streamers[0].twitch_id;
    for title in ["Hydrate", "Hydrate 2"] {
        world.twitch.add_foreign_reward(channel, foreign(title.to_owned()));
    }
    let event = another_event(&world, "Hydrate").await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    let offer = world.game.offer_event(&gm(), campaign, streamer, event.id, ON).await.unwrap();
    assert_eq!(offer.state, OfferState::OnTwitch);
    assert_eq!(offer.reward.unwrap().spec.title, "Hydrate 3");
    settled(&world).await;
    assert_eq!(world.reward(&event, 0).await.unwrap().spec.title, "Hydrate 3", "and keeps it");
}

#[tokio::test]
async fn a_reward_that_twitch_will_not_have_switches_the_event_off_with_the_reason() {
    let world = World::new().await;
    let channel = &world.streamers[0].twitch_id;
    for n in 0..48 {
        world.twitch.add_foreign_reward(channel, foreign(format!("Reward {n}")));
    }
    let event = another_event(&world, "One too many").await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    let refused = world.game.offer_event(&gm(), campaign, streamer, event.id, ON).await;
    assert_eq!(refused, Err(ServiceError::Twitch(RewardError::TooManyRewards)));
    let opt_ins = world.store.streamer_configs(campaign, streamer).await.unwrap();
    let opt_in = opt_ins.into_iter().find(|config| config.event_id == event.id).unwrap();
    assert!(!opt_in.is_enabled);
    assert!(opt_in.switched_off_reason.unwrap().contains("50"));
    assert_eq!(world.reward(&event, 0).await, None);
    let calls = world.twitch.calls();
    world.advance(3_600).await;
    world.work_until_idle().await;
    assert_eq!(world.twitch.calls(), calls, "nobody asks Twitch again");
}

#[tokio::test]
async fn a_twitch_that_is_away_leaves_the_offer_pending_until_it_is_back() {
    let world = World::new().await;
    let event = another_event(&world, "Later").await;
    let away = RewardError::Unavailable { after_seconds: None, reason: "away".to_owned() };
    world.twitch.fail_next(TwitchCall::Create, away);
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    let offer = world.game.offer_event(&gm(), campaign, streamer, event.id, ON).await.unwrap();
    assert_eq!((offer.state, offer.config.is_enabled), (OfferState::Pending, true));
    settled(&world).await;
    let reward = world.reward(&event, 0).await.unwrap();
    assert_eq!((reward.status, reward.spec.title.as_str()), (RewardStatus::Active, "Later"));
    assert_eq!((reward.failed_attempts, reward.last_error), (0, None));
}

#[tokio::test]
async fn an_offer_without_authorisation_is_stored_and_made_later() {
    let world = World::new().await;
    let event = another_event(&world, "Allowed later").await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
    let offer = world.game.offer_event(&gm(), campaign, streamer, event.id, ON).await.unwrap();
    assert_eq!((offer.state, offer.reward), (OfferState::AuthorisationNeeded, None));
    world.game.authorise(&gm(), campaign, streamer, None).await.unwrap();
    settled(&world).await;
    assert_eq!(world.reward(&event, 0).await.unwrap().status, RewardStatus::Active);
}

#[tokio::test]
async fn a_change_that_twitch_did_not_answer_is_taken_back_when_it_is_not_wanted_any_more() {
    let world = World::new().await;
    world.advance(2).await;
    let timeout = RewardError::Unavailable { after_seconds: Some(30), reason: "late".to_owned() };
    world.twitch.fail_after_effect(TwitchCall::Update, timeout);
    armed(&world, 0).await;
    world.work_until_idle().await;
    assert_eq!(mine(&world).await.status, RewardStatus::Active, "as far as anybody knows");
    assert_eq!(world.redeem(&world.invert, 0, "zoe").await, Err(RedeemRefused::Paused));
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    world.advance(30).await;
    assert_redeemable(&world).await;
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_in_a_crash_is_told_again() {
    let world = World::new().await;
    world.advance(2).await;
    armed(&world, 0).await;
    // The try is written and committed, Twitch is told, and then the answer is lost.
    let gone = StoreError::Unavailable("gone".to_owned());
    world.store.faults().fail_at_write(3, gone);
    assert!(world.game.reconcile_rewards().await.is_err());
    assert_eq!(world.redeem(&world.invert, 0, "zoe").await, Err(RedeemRefused::Paused));
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    assert_redeemable(&world).await;
}

#[tokio::test]
async fn one_channels_trouble_does_not_hold_up_the_others() {
    let world = World::new().await;
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, true);
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    settled(&world).await;
    let theirs = world.reward(&world.invert, 1).await.unwrap();
    assert_eq!(theirs.status, RewardStatus::Paused);
    let troubled = mine(&world).await;
    assert_eq!(troubled.status, RewardStatus::Active);
    assert!(troubled.last_error.unwrap().contains("log in"));
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, false);
    world.advance(300).await;
    assert_paused(&world, PauseReason::Panic).await;
}
