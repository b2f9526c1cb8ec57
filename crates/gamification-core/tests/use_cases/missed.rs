//! What Twitch never told is found by asking.

use crate::support::{THREE, executing, gm, play_out, redeemed, row, settlements};
use gamification_core::ids::RedemptionId;
use gamification_core::ports::{Queries, RewardError, StoreError};
use gamification_core::redemption::{
    Direction, Disposition, IncomingRedemption, RedemptionSource, RefusalReason, SettledBy,
    Settlement,
};
use gamification_core::service::{Contribution, Missed, ServiceError};
use gamification_testkit::{TwitchCall, World};

const NOTHING: Missed = Missed { found: 0, settled_elsewhere: 0 };

const fn found(found: u64) -> Missed {
    Missed { found, ..NOTHING }
}

const fn settled(settled_elsewhere: u64) -> Missed {
    Missed { settled_elsewhere, ..NOTHING }
}

fn calls(world: &World, wanted: TwitchCall) -> usize {
    world.twitch.calls().iter().filter(|call| **call == wanted).count()
}

fn moderated(world: &World, redemption: &RedemptionId, direction: Direction) {
    assert!(world.twitch.moderate(&world.streamers[0].twitch_id, redemption, direction));
}

async fn is_known(world: &World, redemption: &IncomingRedemption) -> bool {
    world.store.redemption(&redemption.id).await.unwrap().is_some()
}

#[tokio::test]
async fn clicks_that_were_never_delivered_are_found_once_and_fill_their_goal() {
    let world = World::new().await;
    let clicks = redeemed(&world, 0, THREE).await;
    world.deliver(&clicks[0]).await.unwrap();
    assert_eq!(world.game.find_missed_redemptions().await, Ok(found(2)));
    let sources: Vec<_> = world.redemptions().await.iter().map(|row| row.source).collect();
    assert_eq!(sources.iter().filter(|s| **s == RedemptionSource::Poll).count(), 2);
    let goal = world.goal(0).await.unwrap();
    assert_eq!(goal.progress, 3);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(NOTHING));
    assert_eq!(world.deliver(&clicks[2]).await, Ok(Contribution::Duplicate), "delivered after all");
    assert_eq!(calls(&world, TwitchCall::LookUp), 0, "nothing was missing from Twitch's lists");
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_that_is_found_too_late_goes_back() {
    let world = World::new().await;
    let [old] = redeemed(&world, 0, ["ann"]).await;
    world.advance(601).await;
    assert_eq!(world.game.find_missed_redemptions().await, Ok(found(1)));
    let refused = row(&world, &old).await;
    assert_eq!(refused.disposition, Disposition::Refused(RefusalReason::TooOld));
    world.work_until_idle().await;
    assert_eq!(row(&world, &old).await.settlement, Settlement::Refunded);
    world.assert_balanced().await;
}

#[tokio::test]
async fn what_a_moderator_settled_unheard_is_recorded_and_keeps_counting() {
    let world = World::new().await;
    let clicks = redeemed(&world, 0, ["ann", "ben"]).await;
    for click in &clicks {
        world.deliver(click).await.unwrap();
    }
    moderated(&world, &clicks[0].id, Direction::Refund);
    moderated(&world, &clicks[1].id, Direction::Fulfil);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(settled(2)));
    assert_eq!(settlements(&world).await, [Settlement::Refunded, Settlement::Fulfilled]);
    for row in world.redemptions().await {
        assert_eq!((row.settled_by, row.direction), (Some(SettledBy::External), None));
    }
    assert_eq!(world.goal(0).await.unwrap().progress, 2);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(NOTHING));
    world.assert_balanced().await;
}

#[tokio::test]
async fn what_twitch_does_not_know_any_more_stays_as_it_is() {
    let world = World::new().await;
    let reward = world.reward(&world.invert, 0).await.unwrap();
    let [known] = redeemed(&world, 0, ["ann"]).await;
    let forgotten = IncomingRedemption { id: "forgotten".into(), ..known.clone() };
    world.deliver(&known).await.unwrap();
    world.deliver(&forgotten).await.unwrap();
    assert_eq!(world.game.find_missed_redemptions().await, Ok(NOTHING));
    assert_eq!(calls(&world, TwitchCall::LookUp), 1);
    assert_eq!(row(&world, &forgotten).await.settlement, Settlement::Pending);
    assert_eq!(forgotten.reward_id, reward.twitch_id.unwrap());
}

#[tokio::test]
async fn what_is_due_already_is_left_to_the_settlement() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    let due = row(&world, &click).await;
    moderated(&world, &click.id, Direction::Fulfil);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(NOTHING));
    assert_eq!(calls(&world, TwitchCall::LookUp), 0);
    assert_eq!(row(&world, &click).await, due);
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Fulfilled);
    world.assert_balanced().await;
}

#[tokio::test]
async fn what_was_stuck_and_settled_by_hand_unheard_has_ended() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    world.twitch.fail_next(TwitchCall::Settle, RewardError::NotOurs);
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Stuck);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(NOTHING), "it is still there");
    moderated(&world, &click.id, Direction::Refund);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(settled(1)));
    let ended = row(&world, &click).await;
    assert_eq!(ended.settlement, Settlement::Refunded);
    assert_eq!((ended.settled_by, ended.stuck_reason), (Some(SettledBy::External), None));
    world.assert_balanced().await;
}

#[tokio::test]
async fn one_channels_trouble_does_not_hold_up_the_other() {
    let world = World::new().await;
    let [one] = redeemed(&world, 0, ["ann"]).await;
    let [two] = redeemed(&world, 1, ["ben"]).await;
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, true);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(found(1)));
    assert!(is_known(&world, &two).await);
    assert!(!is_known(&world, &one).await);
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, false);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(found(1)));
    assert!(is_known(&world, &one).await);
    world.assert_balanced().await;
}

#[tokio::test]
async fn each_failure_of_twitch_is_made_up_for_the_next_time() {
    let errors = [
        RewardError::Missing,
        RewardError::NotOurs,
        RewardError::NotEligible,
        RewardError::LoginNeeded,
        RewardError::Unavailable { after_seconds: None, reason: "500".to_owned() },
    ];
    for call in [TwitchCall::Unfulfilled, TwitchCall::LookUp] {
        for error in &errors {
            let world = World::new().await;
            let clicks = redeemed(&world, 0, ["ann", "ben"]).await;
            world.deliver(&clicks[0]).await.unwrap();
            moderated(&world, &clicks[0].id, Direction::Refund);
            for _ in 0..4 {
                world.twitch.fail_next(call, error.clone());
            }
            let missed = world.game.find_missed_redemptions().await.unwrap();
            assert_eq!(missed.settled_elsewhere, 0, "{call:?}: {error}");
            for _ in 0..4 {
                world.game.find_missed_redemptions().await.unwrap();
            }
            assert_eq!(world.goal(0).await.unwrap().progress, 2, "{call:?}: {error}");
            assert_eq!(row(&world, &clicks[0]).await.settlement, Settlement::Refunded);
            world.assert_balanced().await;
        }
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_nothing_is_lost() {
    let world = World::new().await;
    let [one] = redeemed(&world, 0, ["ann"]).await;
    let [two] = redeemed(&world, 1, ["ben"]).await;
    world.store.faults().fail_at_write(1, StoreError::Unavailable("gone".to_owned()));
    let failed = world.game.find_missed_redemptions().await;
    assert!(matches!(failed, Err(ServiceError::Store(StoreError::Unavailable(_)))), "{failed:?}");
    assert_eq!([is_known(&world, &one).await, is_known(&world, &two).await], [false, true]);
    assert_eq!(world.game.find_missed_redemptions().await, Ok(found(1)));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_redemption_that_cannot_be_stored_holds_up_no_other_of_its_channel() {
    let world = World::new().await;
    let first = world.redeem(&world.invert, 0, "ann").await.unwrap();
    let other = world.redeem(&world.chat, 0, "ben").await.unwrap();
    world.store.faults().fail_at_write(1, StoreError::Unavailable("gone".to_owned()));
    assert!(world.game.find_missed_redemptions().await.is_err());
    let known = [is_known(&world, &first).await, is_known(&world, &other).await];
    assert_eq!(known.iter().filter(|known| **known).count(), 1, "{known:?}");
    assert_eq!(world.game.find_missed_redemptions().await, Ok(found(1)));
    world.assert_balanced().await;
}

#[tokio::test]
async fn one_channel_is_looked_at_alone_when_its_connection_is_back() {
    let world = World::new().await;
    let [one] = redeemed(&world, 0, ["ann"]).await;
    let [two] = redeemed(&world, 1, ["ben"]).await;
    let channel = &world.streamers[1].twitch_id;
    assert_eq!(world.game.find_missed_redemptions_of(channel).await, Ok(found(1)));
    assert_eq!([is_known(&world, &one).await, is_known(&world, &two).await], [false, true]);
    let nobody = "nobody".into();
    assert_eq!(world.game.find_missed_redemptions_of(&nobody).await, Ok(NOTHING));
}

#[tokio::test]
async fn several_hundred_missed_clicks_are_found_at_once() {
    let world = World::new().await;
    world.twitch.set_viewers(&world.streamers[0].twitch_id, Some(2_000));
    let mut clicks = Vec::new();
    for n in 0..450 {
        clicks.push(world.redeem(&world.invert, 0, &format!("viewer-{n}")).await.unwrap());
    }
    for outcome in world.game.contribute(&clicks[..120]).await {
        outcome.unwrap();
    }
    for click in &clicks[..110] {
        moderated(&world, &click.id, Direction::Refund);
    }
    let expected = Missed { found: 330, settled_elsewhere: 110 };
    assert_eq!(world.game.find_missed_redemptions().await, Ok(expected));
    assert_eq!(calls(&world, TwitchCall::LookUp), 3, "fifty at a time");
    assert_eq!(world.goal(0).await.unwrap().progress, 450);
    world.assert_balanced().await;
}

#[tokio::test]
async fn an_evening_without_any_delivery_plays_all_the_same() {
    let world = World::new().await;
    redeemed(&world, 0, THREE).await;
    executing_by_poll(&world).await;
    play_out(&world).await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    world.assert_balanced().await;
    world.advance(1_000).await;
    world.work_until_idle().await;
    executing(&world, 0).await;
    world.assert_balanced().await;
}

async fn executing_by_poll(world: &World) {
    assert_eq!(world.game.find_missed_redemptions().await, Ok(found(3)));
    world.crit(0, 20).await;
}
