//! Rewards that the streamer deleted or changed on Twitch: noticed, and never fought over.

use crate::support::{OFF, ON, change_config, gm, row, stored};
use gamification_core::announcement::AnnouncementKind;
use gamification_core::cost::Cost;
use gamification_core::event::{Colour, StreamerConfig};
use gamification_core::ids::TwitchUserId;
use gamification_core::instance::{CancelReason, InstanceState};
use gamification_core::ports::{Queries, RewardError, TwitchReward, TwitchRewards};
use gamification_core::redemption::{Settlement, StuckReason};
use gamification_core::reward::{Reward, RewardStatus};
use gamification_core::service::ServiceError;
use gamification_testkit::{TwitchCall, World};

fn channel(world: &World) -> &TwitchUserId {
    &world.streamers[0].twitch_id
}

async fn mine(world: &World) -> Reward {
    world.reward(&world.invert, 0).await.unwrap()
}

async fn opt_in(world: &World) -> StreamerConfig {
    let opt_ins = world.store.streamer_configs(world.campaign.id, world.streamer(0)).await;
    opt_ins.unwrap().into_iter().find(|c| c.event_id == world.invert.id).unwrap()
}

async fn reason(world: &World) -> String {
    let opt_in = opt_in(world).await;
    assert!(!opt_in.is_enabled);
    opt_in.switched_off_reason.unwrap()
}

/// The reward as Twitch holds it.
async fn held(world: &World, reward: &Reward) -> Option<TwitchReward> {
    let there = world.twitch.list(channel(world)).await.unwrap();
    there.into_iter().find(|held| Some(&held.id) == reward.twitch_id.as_ref())
}

fn change(world: &World, reward: &Reward, by_hand: impl FnOnce(&mut TwitchReward)) {
    let id = reward.twitch_id.as_ref().unwrap();
    assert!(world.twitch.change_by_hand(channel(world), id, by_hand));
}

fn updates(world: &World) -> usize {
    world.twitch.calls().iter().filter(|call| **call == TwitchCall::Update).count()
}

/// Minutes of work, with an inspection in each.
async fn minutes(world: &World) {
    for _ in 0..4 {
        world.work_until_idle().await;
        world.advance(60).await;
        world.game.inspect_rewards().await.unwrap();
    }
    world.work_until_idle().await;
}

#[tokio::test]
async fn a_deleted_reward_switches_its_event_off_ends_its_goal_and_leaves_no_silent_row() {
    let world = World::new().await;
    world.click(0, "ann").await;
    let (goal, reward) = (world.goal(0).await.unwrap(), mine(&world).await);
    let click = world.redemptions().await.remove(0);
    assert!(world.twitch.delete_by_hand(channel(&world), reward.twitch_id.as_ref().unwrap()));
    world.advance(5).await;
    assert_eq!(world.game.inspect_rewards_of(channel(&world)).await, Ok(1));
    assert_eq!(reason(&world).await, "the reward was deleted on Twitch");
    let ended = stored(&world, goal.id).await;
    let why = CancelReason::StreamerWithdrew;
    assert!(matches!(ended.state, InstanceState::Cancelled { reason, .. } if reason == why));
    minutes(&world).await;
    let rows = world.store.rewards(world.campaign.id, world.streamer(0)).await.unwrap();
    assert!(rows.iter().all(|row| row.key != reward.key), "its deletion is proved");
    let click = world.store.redemption(&click.id).await.unwrap().unwrap();
    assert_eq!(click.settlement, Settlement::Stuck);
    assert_eq!(click.stuck_reason, Some(StuckReason::RewardDeleted));
    world.assert_balanced().await;
    let (campaign, event) = (world.campaign.id, world.invert.id);
    let offer = world.game.offer_event(&gm(), campaign, world.streamer(0), event, ON).await;
    let fresh = offer.unwrap().reward.unwrap();
    assert_ne!(fresh.twitch_id, reward.twitch_id);
    assert_eq!(opt_in(&world).await.switched_off_reason, None);
}

#[tokio::test]
async fn a_deletion_that_shows_when_the_reward_is_changed_is_noticed_there() {
    let world = World::new().await;
    world.advance(2).await;
    let reward = mine(&world).await;
    assert!(world.twitch.delete_by_hand(channel(&world), reward.twitch_id.as_ref().unwrap()));
    change_config(&world, &world.invert, |c| c.cost = Some(Cost::new(7).unwrap())).await;
    world.work_until_idle().await;
    assert!(reason(&world).await.contains("deleted"));
    assert_eq!(world.reward(&world.invert, 0).await, None);
}

type ByHand = fn(&mut TwitchReward);

const CHANGES: [(&str, ByHand); 8] = [
    ("title", |held| held.spec.title = "Mine now".to_owned()),
    ("price", |held| held.spec.cost = Cost::new(42).unwrap()),
    ("prompt", |held| held.spec.prompt = "Please".to_owned()),
    ("colour", |held| held.spec.colour = Colour("#123456".to_owned())),
    ("paused", |held| held.is_paused = true),
    ("hidden", |held| held.is_enabled = false),
    ("request queue switched off", |held| held.skips_queue = true),
    ("limits set", |held| held.has_limits = true),
];

#[tokio::test]
async fn whatever_was_changed_by_hand_switches_the_event_off_and_stays_as_it_is_but_for_a_pause() {
    for (name, by_hand) in CHANGES {
        let world = World::new().await;
        world.advance(60).await;
        let reward = mine(&world).await;
        change(&world, &reward, by_hand);
        let changed = held(&world, &reward).await.unwrap();
        let calls = updates(&world);
        assert_eq!(world.game.inspect_rewards().await, Ok(1), "{name}");
        assert_eq!(reason(&world).await, format!("changed on Twitch by hand: {name}"));
        minutes(&world).await;
        change_config(&world, &world.invert, |c| c.cost = Some(Cost::new(7).unwrap())).await;
        minutes(&world).await;
        let is_open = !changed.is_paused && changed.is_enabled;
        let expected = TwitchReward { is_paused: changed.is_paused || is_open, ..changed };
        assert_eq!(held(&world, &reward).await, Some(expected), "{name}");
        // The other channel's reward has a new price too.
        assert_eq!(updates(&world) - calls, usize::from(is_open) + 1, "{name}");
        assert_eq!(mine(&world).await.key, reward.key);
    }
}

#[tokio::test]
async fn several_changes_are_named_together_and_told_with_the_audit() {
    let world = World::new().await;
    world.advance(5).await;
    change(&world, &mine(&world).await, |held| {
        held.spec.title = "Mine now".to_owned();
        held.is_enabled = false;
    });
    assert_eq!(world.game.inspect_rewards().await, Ok(1));
    assert_eq!(reason(&world).await, "changed on Twitch by hand: title, hidden");
    let facts = world.store.events_after(world.campaign.id, 0, 1_000).await.unwrap();
    let fact = &facts.last().unwrap().announcement;
    assert_eq!(fact.kind, AnnouncementKind::RewardStatus);
    assert_eq!(fact.payload["switchedOffReason"], "changed on Twitch by hand: title, hidden");
    let page = gamification_core::ports::PageRequest { limit: 10, cursor: None };
    let audit = world.store.audit(world.campaign.id, page).await.unwrap().items;
    assert_eq!(audit[0].action, "opt_in.switched_off");
    assert_eq!(world.game.inspect_rewards().await, Ok(0), "it is noticed once");
}

#[tokio::test]
async fn letters_of_a_colour_and_blanks_around_a_text_are_no_change() {
    let world = World::new().await;
    world.advance(60).await;
    change(&world, &mine(&world).await, |held| {
        held.spec.colour = Colour(held.spec.colour.0.to_lowercase());
        held.spec.prompt = format!(" {} ", held.spec.prompt);
        held.spec.title += " ";
    });
    assert_eq!(world.game.inspect_rewards().await, Ok(0));
    assert!(opt_in(&world).await.is_enabled);
}

#[tokio::test]
async fn twitchs_list_is_not_believed_within_seconds_of_a_change_of_ours() {
    let world = World::new().await;
    world.advance(60).await;
    change_config(&world, &world.invert, |c| c.cost = Some(Cost::new(7).unwrap())).await;
    world.work_until_idle().await;
    change(&world, &mine(&world).await, |held| held.spec.cost = Cost::new(1_000).unwrap());
    world.advance(4).await;
    assert_eq!(world.game.inspect_rewards().await, Ok(0), "it may be an old answer");
    world.advance(1).await;
    assert_eq!(world.game.inspect_rewards().await, Ok(1));
}

#[tokio::test]
async fn a_reward_that_is_resumed_while_its_event_is_off_is_paused_again_and_nothing_else() {
    let world = World::new().await;
    world.advance(60).await;
    let (campaign, event) = (world.campaign.id, world.invert.id);
    world.game.opt_in(&gm(), campaign, world.streamer(0), event, OFF).await.unwrap();
    world.work_until_idle().await;
    world.advance(5).await;
    let reward = mine(&world).await;
    change(&world, &reward, |held| {
        held.is_paused = false;
        held.spec.title = "Mine now".to_owned();
    });
    assert_eq!(world.game.inspect_rewards().await, Ok(1));
    world.work_until_idle().await;
    let there = held(&world, &reward).await.unwrap();
    assert_eq!((there.is_paused, there.spec.title.as_str()), (true, "Mine now"));
    assert_eq!(mine(&world).await.status, RewardStatus::Paused);
    assert_eq!(opt_in(&world).await.switched_off_reason, None, "that was the streamer's choice");
}

#[tokio::test]
async fn a_group_goal_goes_on_without_the_channel_whose_reward_was_deleted() {
    let world = World::new().await;
    for (streamer, viewer) in [(0, "ann"), (1, "ben")] {
        world.click_on(&world.chat, streamer, viewer).await;
    }
    let reward = world.reward(&world.chat, 0).await.unwrap();
    assert!(world.twitch.delete_by_hand(channel(&world), reward.twitch_id.as_ref().unwrap()));
    world.advance(5).await;
    assert_eq!(world.game.inspect_rewards().await, Ok(1));
    let goal = world.group_goal().await.unwrap();
    assert!(goal.participant(world.streamer(0)).is_none());
    assert_eq!((goal.progress, goal.target), (2, 4));
}

#[tokio::test]
async fn a_reward_of_ours_without_a_row_is_never_touched() {
    let world = World::new().await;
    world.advance(60).await;
    let mut spec = mine(&world).await.spec;
    spec.title = "From another campaign".to_owned();
    let id = world.twitch.create(channel(&world), &spec, false).await.unwrap();
    minutes(&world).await;
    let there = world.twitch.list(channel(&world)).await.unwrap();
    let there = there.into_iter().find(|held| held.id == id).unwrap();
    assert_eq!((there.spec, there.is_paused), (spec, false));
}

#[tokio::test]
async fn one_channels_dead_login_does_not_hold_up_the_inspection_of_the_others() {
    let world = World::new().await;
    world.advance(60).await;
    world.twitch.set_login_dead(channel(&world), true);
    let reward = world.reward(&world.invert, 1).await.unwrap();
    let theirs = &world.streamers[1].twitch_id;
    assert!(world.twitch.delete_by_hand(theirs, reward.twitch_id.as_ref().unwrap()));
    assert_eq!(world.game.inspect_rewards().await, Ok(1));
    let failed = world.game.inspect_rewards_of(channel(&world)).await;
    assert_eq!(failed, Err(ServiceError::Twitch(RewardError::LoginNeeded)));
    assert!(opt_in(&world).await.is_enabled, "who cannot be asked changed nothing");
    assert_eq!(world.game.inspect_rewards_of(&"nobody".into()).await, Ok(0));
}

#[tokio::test]
async fn a_click_on_a_reward_that_was_changed_by_hand_goes_back() {
    let world = World::new().await;
    world.advance(60).await;
    change(&world, &mine(&world).await, |held| held.spec.cost = Cost::new(1).unwrap());
    let cheap = world.redeem(&world.invert, 0, "ann").await.unwrap();
    world.game.inspect_rewards().await.unwrap();
    world.deliver(&cheap).await.unwrap();
    minutes(&world).await;
    assert_eq!(row(&world, &cheap).await.settlement, Settlement::Refunded);
    world.assert_balanced().await;
}
