//! Lines in the chats of channels: each at most once, and never in the way of anything.

use crate::support::{THREE, executing, gm, play_out, write};
use gamification_core::ports::{ChatOutcome, PageRequest, Queries, StoreError};
use gamification_core::service::{Conflict, ServiceError};
use gamification_testkit::{World, fixtures};

/// A world in which goals are told in the chat of these streamers.
async fn talking<const N: usize>(streamers: [usize; N]) -> World {
    let world = World::new().await;
    for streamer in streamers {
        let (campaign, streamer) = (world.campaign.id, world.streamer(streamer));
        let member = world.game.set_chat_notices(&gm(), campaign, streamer, true).await.unwrap();
        assert!(member.has_chat_notices);
    }
    world
}

fn shown(world: &World, streamer: usize) -> Vec<String> {
    world.notices.shown(&world.streamers[streamer].twitch_id)
}

/// Says whatever may be said within a minute.
async fn a_minute(world: &World) {
    for _ in 0..12 {
        world.game.say_notices().await.unwrap();
        world.advance(5).await;
    }
}

#[tokio::test]
async fn a_goal_is_told_from_its_opening_to_its_end_where_that_is_wanted() {
    let world = talking([0]).await;
    executing(&world, 0).await;
    play_out(&world).await;
    a_minute(&world).await;
    assert_eq!(
        shown(&world, 0),
        [
            "🎲 Invert the dice: 3 clicks within 1 minute!",
            "🎲 Invert the dice: 3 clicks are in. Now for the right roll!",
            "🎲 Invert the dice: it happened at the table.",
        ]
    );
    for line in shown(&world, 0) {
        assert!(THREE.iter().all(|viewer| !line.contains(viewer)));
    }
    world.click(1, "dan").await;
    a_minute(&world).await;
    assert_eq!(shown(&world, 1), [] as [&str; 0]);
}

#[tokio::test]
async fn who_loses_points_reads_that_they_come_back_in_the_channels_language() {
    let world = talking([0]).await;
    let mut streamer = world.streamers[0].clone();
    streamer.language = "fr".to_owned();
    write(&world, async |uow| uow.users().save(&streamer).await.unwrap()).await;
    world.click(0, "ann").await;
    world.advance(61).await;
    world.work_until_idle().await;
    a_minute(&world).await;
    assert_eq!(
        shown(&world, 0),
        [
            "🎲 Inverser les dés : 3 clics en 1 minute !",
            "🎲 Inverser les dés : temps écoulé à 1 sur 3 clics. Les points vous sont rendus.",
        ]
    );
}

#[tokio::test]
async fn a_group_goal_is_told_on_every_channel_that_wants_it() {
    let world = talking([0, 1]).await;
    world.click_on(&world.chat, 0, "ann").await;
    assert_eq!(world.game.say_notices().await, Ok(2));
    let line = "🎲 A word to the table: 6 clicks within 2 minutes!";
    assert_eq!((shown(&world, 0), shown(&world, 1)), (vec![line.into()], vec![line.into()]));
}

#[tokio::test]
async fn a_channel_reads_a_line_every_five_seconds_at_most() {
    let world = talking([0]).await;
    executing(&world, 0).await;
    for (seconds, lines) in [(0, 1), (4, 1), (1, 2), (4, 2), (1, 2)] {
        world.advance(seconds).await;
        world.game.say_notices().await.unwrap();
        assert_eq!(shown(&world, 0).len(), lines);
    }
}

#[tokio::test]
async fn a_line_that_may_have_been_said_before_a_crash_is_not_said_again() {
    let world = talking([0]).await;
    world.click(0, "ann").await;
    // Taken, committed, said; the answer is not written.
    world.store.faults().fail_at_write(3, StoreError::Unavailable("gone".to_owned()));
    assert!(world.game.say_notices().await.is_err());
    assert_eq!(shown(&world, 0).len(), 1);
    a_minute(&world).await;
    assert_eq!(shown(&world, 0).len(), 1);
    assert_eq!(world.notices.lines().len(), 1);
}

#[tokio::test]
async fn a_line_whose_answer_is_unknown_or_a_refusal_is_not_said_again() {
    let reason = || "whatever".to_owned();
    for outcome in
        [ChatOutcome::Dropped { reason: reason() }, ChatOutcome::Unknown { reason: reason() }]
    {
        let world = talking([0]).await;
        world.click(0, "ann").await;
        world.notices.fail_next(outcome);
        a_minute(&world).await;
        assert_eq!(world.notices.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_line_that_was_not_said_for_now_is_said_later_unless_it_is_too_late() {
    let not_now = |after_seconds| {
        let reason = "slow mode".to_owned();
        ChatOutcome::NotNow { after_seconds: Some(after_seconds), reason }
    };
    let world = talking([0]).await;
    world.click(0, "ann").await;
    world.notices.fail_next(not_now(30));
    world.game.say_notices().await.unwrap();
    world.advance(29).await;
    assert_eq!(world.game.say_notices().await, Ok(0));
    world.advance(1).await;
    assert_eq!(world.game.say_notices().await, Ok(1));
    assert_eq!(shown(&world, 0).len(), 1);
    let world = talking([0]).await;
    world.click(0, "ann").await;
    world.notices.fail_next(not_now(121));
    world.game.say_notices().await.unwrap();
    world.advance(121).await;
    assert_eq!(world.game.say_notices().await, Ok(1), "it is dealt with");
    a_minute(&world).await;
    assert_eq!(shown(&world, 0), [] as [&str; 0]);
}

#[tokio::test]
async fn lines_and_what_they_tell_are_written_together_or_not_at_all() {
    let world = talking([0]).await;
    let click = world.redeem(&world.invert, 0, "ann").await.unwrap();
    let writes = world.store.faults().writes_seen();
    world.deliver(&click).await.unwrap();
    let count = world.store.faults().writes_seen() - writes;
    assert_eq!(world.game.say_notices().await, Ok(1));
    for k in 1..=count {
        let world = talking([0]).await;
        let click = world.redeem(&world.invert, 0, "ann").await.unwrap();
        world.store.faults().fail_at_write(k, StoreError::Unavailable("gone".to_owned()));
        assert!(world.deliver(&click).await.is_err());
        assert_eq!(world.game.say_notices().await, Ok(0), "write {k} of {count}");
    }
}

#[tokio::test]
async fn who_switches_lines_off_reads_no_further_ones() {
    let world = talking([0]).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.set_chat_notices(&gm(), campaign, streamer, false).await.unwrap();
    world.click(0, "ann").await;
    a_minute(&world).await;
    assert_eq!(shown(&world, 0), [] as [&str; 0]);
    let page = PageRequest { limit: 10, cursor: None };
    let audit = world.store.audit(campaign, page).await.unwrap().items;
    assert_eq!(audit[0].action, "member.chat_notices");
    assert_eq!(audit[0].details["hasChatNotices"], false);
    let stranger = world.game.set_chat_notices(&gm(), campaign, fixtures::id(7), true).await;
    assert_eq!(stranger, Err(ServiceError::NotFound("member")));
    let invited = fixtures::streamer(3);
    write(&world, async |uow| uow.users().save(&invited).await.unwrap()).await;
    world.game.invite(&gm(), campaign, invited.id).await.unwrap();
    let early = world.game.set_chat_notices(&gm(), campaign, invited.id.into(), true).await;
    assert_eq!(early, Err(ServiceError::Conflict(Conflict::InvitationOpen)));
}
