use crate::proxy::Fault;
use crate::world::{World, alice, bob, start};
use gamification_core::ids::TwitchUserId;
use gamification_core::login::LoginLoss;
use gamification_twitch::LoginHealth;
use hyper::Method;

const VALIDATE: &str = "/oauth2/validate";
const TOKEN: &str = "/oauth2/token";

async fn health(world: &World, person: &TwitchUserId) -> LoginHealth {
    world.adapter.logins.validate(person).await
}

#[tokio::test]
async fn a_good_login_stays_and_the_vault_learns_how_long_its_token_lives() {
    let world = World::new().await;
    world.log_in(&alice()).await;
    assert_eq!(world.adapter.logins.validate_all().await, 0);
    let validated = world.vault.validated();
    let [(person, expires_at)] = &validated[..] else { panic!("{validated:?}") };
    assert_eq!(*person, alice());
    // The sandbox counts whole seconds by the clock on the wall.
    let lifetime = start().seconds_until(*expires_at);
    assert!((4 * 3600 - 60..=4 * 3600).contains(&lifetime), "{lifetime}");
    assert_eq!(world.calls("POST", TOKEN).await, 0);
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_a_login_that_cannot_be_is_counted_as_dead() {
    let world = World::new().await;
    world.log_in(&alice()).await;
    world.log_in(&bob()).await;
    for person in [alice(), bob()] {
        world.revoke(&world.vault.held(&person).tokens.access).await;
    }
    assert_eq!(health(&world, &alice()).await, LoginHealth::Alive);
    assert_eq!(world.calls("POST", TOKEN).await, 1);
    world.proxy.fail(Method::POST, TOKEN, Fault::Answer(400, vec![]), 1);
    assert_eq!(world.adapter.logins.validate_all().await, 1);
    assert_eq!(world.vault.losses(), [(bob(), LoginLoss::Refused)]);
    let calls = world.calls("GET", VALIDATE).await;
    assert_eq!(health(&world, &bob()).await, LoginHealth::Dead);
    assert_eq!(world.calls("GET", VALIDATE).await, calls, "a dead login is not asked about");
    assert_eq!(world.adapter.logins.validate_all().await, 0);
}

#[tokio::test]
async fn a_twitch_that_does_not_tell_changes_nothing() {
    let world = World::new().await;
    world.log_in(&alice()).await;
    let held = world.vault.held(&alice());
    for fault in [
        Fault::Answer(500, vec![]),
        Fault::Answer(429, vec![]),
        Fault::Answer(403, vec![]),
        Fault::Body(200, "<html>"),
        Fault::HangUpAfterEffect,
    ] {
        world.proxy.fail(Method::GET, VALIDATE, fault.clone(), 1);
        assert_eq!(health(&world, &alice()).await, LoginHealth::Unknown, "{fault:?}");
    }
    assert_eq!(world.vault.held(&alice()), held);
    assert_eq!(world.vault.validated(), []);
}

#[tokio::test]
async fn a_token_of_another_client_is_renewed_as_if_it_were_refused() {
    let world = World::new().await;
    world.log_in(&alice()).await;
    let theirs = r#"{"client_id":"another","login":"alice","user_id":"1","expires_in":9000}"#;
    world.proxy.fail(Method::GET, VALIDATE, Fault::Body(200, theirs), 1);
    assert_eq!(health(&world, &alice()).await, LoginHealth::Alive);
    assert_eq!(world.calls("POST", TOKEN).await, 1);
}
