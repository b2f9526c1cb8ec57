use crate::game::{Game, gm, streamer_id};
use gamification_core::campaign::SessionState;
use gamification_core::instance::{CancelReason, Cooldown, InstanceState};
use gamification_core::redemption::Settlement;
use gamification_core::service::{Conflict, ServiceError};
use gamification_testkit::fixtures::{self, at};

#[tokio::test]
async fn starting_a_session_ends_every_cooldown_and_counts_from_now() {
    let game = Game::new().await;
    let timed = game.cooling(1, &game.invert, Cooldown::Until(at(300))).await;
    let held = game.cooling(2, &game.chat, Cooldown::UntilReleased).await;
    game.clock.advance(60);
    let campaign = game.service.start_session(&gm(), game.campaign.id).await.unwrap();
    assert!(
        matches!(campaign.session, SessionState::Running { started_at, .. } if started_at == at(60))
    );
    assert_eq!(campaign.in_session_since(), Some(at(60)));
    assert_eq!(game.goal(&timed).await.cooldown, None);
    assert_eq!(game.goal(&held).await.cooldown, None);
    assert_eq!(game.told().await, ["session:started"]);
    let again = game.service.start_session(&gm(), game.campaign.id).await;
    assert_eq!(again, Err(Conflict::SessionRunning.into()));
    assert_eq!(game.audited().await, ["session.started"]);
}

#[tokio::test]
async fn ending_a_session_refunds_what_is_open_and_lets_an_execution_finish() {
    let game = Game::new().await;
    let id = game.campaign.id;
    assert_eq!(game.service.end_session(&gm(), id).await, Err(Conflict::NoSession.into()));
    game.service.start_session(&gm(), id).await.unwrap();
    let (own, _) = game.clicked_goal().await;
    let executing = fixtures::goal(2, &game.campaign, &game.invert, &game.two);
    let executing = game.put(fixtures::executing_goal(executing)).await;
    let ended = game.service.end_session(&gm(), id).await.unwrap();
    assert_eq!(ended.in_session_since(), None);
    let state = game.goal(&own).await.state;
    let reason = CancelReason::SessionEnded;
    assert!(matches!(state, InstanceState::Cancelled { reason: r, .. } if r == reason));
    assert_eq!(game.click().await, Settlement::RefundDue);
    assert_eq!(game.goal(&executing).await, executing);
    let told = ["session:started", "gamification:instance_cancelled", "session:ended"];
    assert_eq!(game.told().await, told);
    assert_eq!(game.service.end_session(&gm(), id).await, Err(Conflict::NoSession.into()));
    assert!(game.service.start_session(&gm(), id).await.is_ok());
}

#[tokio::test]
async fn the_gm_releases_the_cooldown_of_one_event() {
    let game = Game::new().await;
    let held = game.cooling(1, &game.invert, Cooldown::UntilReleased).await;
    let other = game.cooling(2, &game.chat, Cooldown::UntilReleased).await;
    let (id, event) = (game.campaign.id, game.invert.id);
    assert_eq!(game.service.release_cooldown(&gm(), id, event).await, Ok(1));
    assert_eq!(game.goal(&held).await.cooldown, None);
    assert_eq!(game.goal(&other).await, other);
    assert_eq!(game.service.release_cooldown(&gm(), id, event).await, Ok(0));
    assert_eq!(game.told().await, ["gamification:cooldowns_released"]);
    let unknown = game.service.release_cooldown(&gm(), id, fixtures::id(77)).await;
    assert_eq!(unknown, Err(ServiceError::NotFound("event")));
}

#[tokio::test]
async fn the_gm_resets_the_cooldowns_of_one_streamer_or_of_all() {
    let game = Game::new().await;
    let own = game.cooling(1, &game.invert, Cooldown::UntilReleased).await;
    let group = game.cooling(2, &game.chat, Cooldown::UntilReleased).await;
    let id = game.campaign.id;
    let two = streamer_id(&game.two);
    assert_eq!(game.service.reset_cooldowns(&gm(), id, Some(two)).await, Ok(0));
    let one = streamer_id(&game.one);
    assert_eq!(game.service.reset_cooldowns(&gm(), id, Some(one)).await, Ok(1));
    assert_eq!(game.goal(&own).await.cooldown, None);
    assert_eq!(game.goal(&group).await, group);
    assert_eq!(game.service.reset_cooldowns(&gm(), id, None).await, Ok(1));
    assert_eq!(game.told().await, ["gamification:cooldowns_released"; 2]);
    let stranger = game.service.reset_cooldowns(&gm(), id, Some(fixtures::id(77))).await;
    assert_eq!(stranger, Err(ServiceError::NotFound("member")));
}
