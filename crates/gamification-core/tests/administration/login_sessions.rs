use crate::game::{Game, gm};
use gamification_core::access::Actor;
use gamification_core::ports::Queries;
use gamification_core::service::ServiceError;
use gamification_testkit::fixtures::{self, NOW, at};

const HOUR: u32 = 3_600;

#[tokio::test]
async fn a_browser_is_signed_in_for_a_while_and_out_once() {
    let game = Game::new().await;
    let (user, hash) = (game.one.id, "b".repeat(64));
    let session = game.service.start_login_session(user, hash.clone(), HOUR).await.unwrap();
    assert_eq!((session.user_id, session.created_at), (user, NOW));
    assert_eq!((session.expires_at, session.ended_at), (at(HOUR), None));
    assert_eq!(game.store.session_by_hash(&hash).await.unwrap(), Some(session.clone()));
    game.clock.advance(5);
    let actor = Actor::User { user_id: user };
    game.service.end_login_session(&actor, session.id).await.unwrap();
    let ended = game.store.session_by_hash(&hash).await.unwrap().unwrap();
    assert_eq!(ended.ended_at, Some(at(5)));
    let again = game.service.end_login_session(&actor, session.id).await;
    assert_eq!(again, Err(ServiceError::NotFound("session")));
}

#[tokio::test]
async fn nobody_is_signed_in_who_does_not_exist_or_for_no_time_at_all() {
    let game = Game::new().await;
    let stranger = fixtures::streamer(9).id;
    let unknown = game.service.start_login_session(stranger, "c".repeat(64), HOUR).await;
    assert_eq!(unknown, Err(ServiceError::NotFound("user")));
    let at_once = game.service.start_login_session(game.one.id, "c".repeat(64), 0).await;
    assert!(matches!(at_once, Err(ServiceError::Invalid(_))), "{at_once:?}");
    let none = game.service.end_login_session(&gm(), fixtures::id(7)).await;
    assert_eq!(none, Err(ServiceError::NotFound("session")));
}

#[tokio::test]
async fn sessions_are_forgotten_a_day_after_they_are_over() {
    let game = Game::new().await;
    let user = game.one.id;
    let hashes = ["d", "e", "f"].map(|letter| letter.repeat(64));
    for (hash, hours) in hashes.iter().zip([1, 1, 100]) {
        game.service.start_login_session(user, hash.clone(), hours * HOUR).await.unwrap();
    }
    game.clock.advance(25 * HOUR);
    assert_eq!(game.service.prune_sessions().await, Ok(0), "an hour after they expired");
    game.clock.advance(1);
    assert_eq!(game.service.prune_sessions().await, Ok(2));
    assert_eq!(game.store.session_by_hash(&hashes[0]).await.unwrap(), None);
    assert!(game.store.session_by_hash(&hashes[2]).await.unwrap().is_some());
}
