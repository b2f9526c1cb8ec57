//! Channels whose login died: their redemptions wait for it, visibly, and not for ever.

use crate::support::{counts, executing_group, gm, play_out, redeemed, row, settlements, told};
use gamification_core::campaign::BroadcasterType;
use gamification_core::login::{LOGIN_WAIT_SECONDS_MAX, LoginLoss, SealedTokens};
use gamification_core::redemption::{
    Direction, IncomingRedemption, Redemption, SettledBy, Settlement, StuckReason,
    TwitchRedemptionStatus,
};
use gamification_core::service::{NewLogin, TwitchProfile};
use gamification_testkit::{TwitchCall, World, fixtures};

const DAY: u32 = 24 * 3_600;

/// The streamer logs in: Twitch lets us act for them from now on.
async fn log_in(world: &World, streamer: usize) {
    let user = &world.streamers[streamer];
    let profile = TwitchProfile {
        twitch_id: user.twitch_id.clone(),
        login: user.login.clone(),
        display_name: user.display_name.clone(),
        broadcaster_type: BroadcasterType::Affiliate,
        language: None,
    };
    let login = NewLogin {
        scopes: Vec::new(),
        tokens: SealedTokens { key_id: "k".to_owned(), sealed: "s".to_owned() },
        expires_at: fixtures::at(DAY),
    };
    world.twitch.set_login_dead(&user.twitch_id, false);
    world.game.record_login(profile, login).await.unwrap();
}

/// Twitch does not let us act for the streamer any more, and we know.
async fn lose(world: &World, streamer: usize) {
    let channel = &world.streamers[streamer].twitch_id;
    world.twitch.set_login_dead(channel, true);
    assert!(world.game.lose_login(channel, None, LoginLoss::Revoked).await.unwrap());
}

fn settle_calls(world: &World) -> usize {
    world.twitch.calls().iter().filter(|call| **call == TwitchCall::Settle).count()
}

/// A click of the first channel that has to go back, while the channel's login is dead.
async fn waiting(world: &World) -> IncomingRedemption {
    log_in(world, 0).await;
    let [click] = redeemed(world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    lose(world, 0).await;
    click
}

fn assert_waits(row: &Redemption) {
    assert_eq!((row.settlement, row.attempts), (Settlement::RefundDue, 0));
    assert_eq!(row.last_error.as_deref(), Some("login_needed"));
}

#[tokio::test]
async fn rows_of_a_dead_login_are_tried_once_a_minute_and_spend_no_attempts() {
    let world = World::new().await;
    let click = waiting(&world).await;
    for _ in 0..3 {
        let calls = settle_calls(&world);
        world.work_until_idle().await;
        assert_eq!(settle_calls(&world), calls + 1);
        assert_waits(&row(&world, &click).await);
        world.advance(59).await;
        world.work_until_idle().await;
        assert_eq!(settle_calls(&world), calls + 1, "not before a minute is over");
        world.advance(1).await;
    }
    assert_eq!(world.ledger().await.total.pending.count, 1, "visible");
    world.assert_balanced().await;
}

#[tokio::test]
async fn when_the_login_returns_everything_goes_on_at_once() {
    let world = World::new().await;
    let click = waiting(&world).await;
    world.work_until_idle().await;
    assert_waits(&row(&world, &click).await);
    log_in(&world, 0).await;
    world.work_until_idle().await;
    let ended = row(&world, &click).await;
    assert_eq!((ended.settlement, ended.settled_by), (Settlement::Refunded, Some(SettledBy::Us)));
    assert_eq!((ended.attempts, ended.last_error), (1, None));
    let of_logins = told(&world).await.into_iter().filter(|kind| *kind == "twitch:login_status");
    assert_eq!(of_logins.count(), 3, "connected, needs login, connected");
    world.assert_balanced().await;
}

#[tokio::test]
async fn after_a_week_a_person_has_to_decide_and_the_login_still_resumes_them() {
    let world = World::new().await;
    let click = waiting(&world).await;
    world.work_until_idle().await;
    world.advance(LOGIN_WAIT_SECONDS_MAX - 1).await;
    world.work_until_idle().await;
    assert_waits(&row(&world, &click).await);
    world.advance(60).await;
    world.work_until_idle().await;
    let stuck = row(&world, &click).await;
    assert_eq!(stuck.settlement, Settlement::Stuck);
    assert_eq!(stuck.stuck_reason, Some(StuckReason::LoginNeeded));
    assert_eq!(told(&world).await.last(), Some(&"gamification:contributions_refunded"));
    world.assert_balanced().await;
    log_in(&world, 0).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
    world.assert_balanced().await;
}

#[tokio::test]
async fn who_is_removed_is_not_waited_for() {
    let world = World::new().await;
    let click = waiting(&world).await;
    world.work_until_idle().await;
    world.game.remove_member(&gm(), world.campaign.id, world.streamer(0)).await.unwrap();
    world.advance(60).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.stuck_reason, Some(StuckReason::LoginNeeded));
    world.assert_balanced().await;
    log_in(&world, 0).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
    world.assert_balanced().await;
}

#[tokio::test]
async fn who_never_logged_in_is_waited_for_a_week_after_the_click() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, true);
    world.deliver(&click).await.unwrap();
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    world.work_until_idle().await;
    assert_waits(&row(&world, &click).await);
    world.advance(LOGIN_WAIT_SECONDS_MAX).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.stuck_reason, Some(StuckReason::LoginNeeded));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_login_that_dies_in_the_middle_of_a_group_goal_holds_up_its_own_channel_alone() {
    let world = World::new().await;
    for streamer in [0, 1] {
        log_in(&world, streamer).await;
    }
    executing_group(&world).await;
    lose(&world, 0).await;
    play_out(&world).await;
    let rows = world.redemptions().await;
    for row in &rows {
        let expected = if row.streamer_id == world.streamer(0) {
            (Settlement::FulfilDue, 0)
        } else {
            (Settlement::Fulfilled, 1)
        };
        assert_eq!((row.settlement, row.attempts), expected);
    }
    world.assert_balanced().await;
    log_in(&world, 0).await;
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn what_a_moderator_settles_while_the_login_is_dead_is_the_moderators() {
    let world = World::new().await;
    let click = waiting(&world).await;
    world.work_until_idle().await;
    let channel = &world.streamers[0].twitch_id;
    assert!(world.twitch.moderate(channel, &click.id, Direction::Refund));
    world.game.redemption_updated(&click.id, TwitchRedemptionStatus::Canceled).await.unwrap();
    let ended = row(&world, &click).await;
    assert_eq!(ended.settlement, Settlement::Refunded);
    assert_eq!(ended.settled_by, Some(SettledBy::External), "we never tried");
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_dead_login_still_counts_clicks_that_are_delivered() {
    let world = World::new().await;
    log_in(&world, 0).await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    lose(&world, 0).await;
    assert!(counts(world.deliver(&click).await.unwrap()));
    world.assert_balanced().await;
}
