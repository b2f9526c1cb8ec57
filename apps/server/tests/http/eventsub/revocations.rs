//! What Twitch tells of logins that were taken back.

use super::Message;
use crate::support::World;
use gamification_core::campaign::BroadcasterType;
use gamification_core::login::{LoginStatus, SealedTokens};
use gamification_core::ports::Clock;
use gamification_core::service::{NewLogin, TwitchProfile};
use gamification_testkit::fixtures;
use serde_json::json;

#[tokio::test]
async fn a_revocation_ends_the_login_that_it_is_about_and_no_later_one_and_nobody_else_s() {
    let world = World::new();
    let (core, id) = (&world.services.core, fixtures::streamer(1).twitch_id);
    let log_in = async || {
        let (expires_at, language) = (world.clock.now().plus_seconds(3_600), None);
        let tokens = SealedTokens { key_id: String::new(), sealed: String::new() };
        let (login, display_name) = ("alice".to_owned(), "Alice".to_owned());
        let (twitch_id, broadcaster_type) = (id.clone(), BroadcasterType::Affiliate);
        let profile = TwitchProfile { twitch_id, login, display_name, broadcaster_type, language };
        core.record_login(profile, NewLogin { scopes: vec![], tokens, expires_at }).await.unwrap();
    };
    let status = async || core.login_of(&id).await.unwrap().unwrap().status();
    let messages = |channel: &str| {
        let condition = json!({ "broadcaster_user_id": channel });
        let revocation = json!({ "subscription": {
            "id": "s", "type": "t", "status": "authorization_revoked", "condition": condition,
        }});
        let subscription = json!({ "type": "user.authorization.revoke" });
        let event = json!({ "subscription": subscription, "event": { "user_id": channel } });
        [("revocation", revocation.to_string()), ("notification", event.to_string())]
    };
    log_in().await;
    for (kind, body) in messages(id.as_str()) {
        let mut forged = Message::notification(&world, body).of_kind(kind);
        forged.signature = Some(format!("sha256={}", "0".repeat(64)));
        forged.send(&world).await.problem(403);
        assert_eq!(status().await, LoginStatus::Connected, "{kind}");
    }
    for (kind, body) in messages("somebody-else") {
        let reply = Message::notification(&world, body).of_kind(kind).send(&world).await;
        assert_eq!((reply.status.as_u16(), status().await), (204, LoginStatus::Connected));
    }
    for place in 0..2 {
        let sent_at = world.clock.now().to_string();
        world.clock.advance(5);
        log_in().await;
        let (kind, body) = messages(id.as_str())[place].clone();
        let late = Message::notification(&world, body.clone()).of_kind(kind).at(&sent_at);
        assert_eq!(late.send(&world).await.status.as_u16(), 204);
        assert_eq!(status().await, LoginStatus::Connected, "{kind} of the login before");
        let reply = Message::notification(&world, body).of_kind(kind).send(&world).await;
        assert_eq!(reply.status.as_u16(), 204);
        assert_eq!(status().await, LoginStatus::NeedsLogin, "{kind}");
    }
}
