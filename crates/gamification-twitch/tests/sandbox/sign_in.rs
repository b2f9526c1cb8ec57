use crate::proxy::Fault;
use crate::world::{World, alice, start};
use gamification_twitch::scopes::{CHAT, REWARDS};
use gamification_twitch::{ChannelKind, DeviceAnswer, OAuthError};
use hyper::Method;
use std::collections::HashMap;

const TOKEN: &str = "/oauth2/token";
const BACK: &str = "http://127.0.0.1:9/auth/twitch/callback";

/// What a person's browser carries back after saying yes as alice.
async fn agreed(world: &World, scopes: &[&str]) -> HashMap<String, String> {
    let url = world.adapter.logins.authorize_url("st&te", BACK, scopes, true);
    assert_eq!(url.path(), "/oauth2/authorize");
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.extend([("login".into(), "alice".into()), ("decision".into(), "authorize".into())]);
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer = world.post_form("/oauth2/authorize", &form).await;
    let back = answer.headers()["location"].to_str().unwrap();
    assert!(back.starts_with(BACK), "{back}");
    reqwest::Url::parse(back).unwrap().query_pairs().into_owned().collect()
}

#[tokio::test]
async fn the_address_for_the_browser_asks_for_exactly_what_is_wanted() {
    let world = World::new().await;
    let asked = |scopes: &[&str], force| {
        let url = world.adapter.logins.authorize_url("s", BACK, scopes, force);
        url.query_pairs().into_owned().collect::<HashMap<_, _>>()
    };
    let full = asked(&[REWARDS, CHAT], true);
    assert_eq!(full["scope"], "channel:manage:redemptions user:write:chat");
    assert_eq!((&*full["response_type"], &*full["force_verify"]), ("code", "true"));
    assert_eq!((&*full["redirect_uri"], &*full["state"]), (BACK, "s"));
    assert!(!full.contains_key("client_secret"));
    let none = asked(&[], false);
    assert_eq!((&*none["scope"], &*none["force_verify"]), ("", "false"));
}

#[tokio::test]
async fn a_code_is_exchanged_once_for_the_person_s_account_and_tokens() {
    let world = World::new().await;
    let back = agreed(&world, &[REWARDS, CHAT]).await;
    assert_eq!(back["state"], "st&te");
    let logins = &world.adapter.logins;
    let (account, tokens) = logins.exchange(&back["code"], BACK).await.unwrap();
    assert_eq!((account.id, account.login.as_str()), (alice(), "alice"));
    assert_eq!((account.display_name.as_str(), account.kind), ("Alice", ChannelKind::Affiliate));
    assert_eq!(tokens.scopes, [REWARDS, CHAT]);
    assert!(tokens.expires_at > start() && !tokens.refresh.is_empty());
    let shown = format!("{tokens:?}");
    assert!(!shown.contains(&tokens.access) && !shown.contains(&tokens.refresh), "{shown}");
    world.vault.log_in(&alice(), tokens);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    let again = logins.exchange(&back["code"], BACK).await;
    assert_eq!(again, Err(OAuthError::Refused("Invalid authorization code".to_owned())));
}

#[tokio::test]
async fn a_code_that_is_wrong_or_went_another_way_is_refused() {
    let world = World::new().await;
    let logins = &world.adapter.logins;
    let refused = logins.exchange("no such code", BACK).await;
    assert!(matches!(refused, Err(OAuthError::Refused(_))), "{refused:?}");
    let back = agreed(&world, &[]).await;
    let refused = logins.exchange(&back["code"], "http://127.0.0.1:9/elsewhere").await;
    assert!(matches!(refused, Err(OAuthError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn a_twitch_that_fails_is_told_from_one_that_refuses() {
    let world = World::new().await;
    let logins = &world.adapter.logins;
    for fault in [
        Fault::Answer(500, vec![]),
        Fault::Answer(302, vec![("location", TOKEN.to_owned())]),
        Fault::Body(200, "{}"),
        Fault::HangUpAfterEffect,
    ] {
        world.proxy.fail(Method::POST, TOKEN, fault.clone(), 1);
        let away = logins.exchange("code", BACK).await;
        assert!(matches!(away, Err(OAuthError::Unavailable(_))), "{fault:?}: {away:?}");
    }
    let back = agreed(&world, &[]).await;
    world.proxy.fail(Method::GET, "/helix/users", Fault::Answer(503, vec![]), 1);
    let away = logins.exchange(&back["code"], BACK).await;
    assert!(matches!(away, Err(OAuthError::Unavailable(_))), "{away:?}");
}

#[tokio::test]
async fn a_device_waits_for_its_person_and_gets_tokens_once() {
    let world = World::new().await;
    let logins = &world.adapter.logins;
    let code = logins.begin_device(&[REWARDS]).await.unwrap();
    assert!(code.interval_seconds > 0 && code.expires_in_seconds > 0);
    assert!(!format!("{code:?}").contains(&code.device_code));
    assert_eq!(logins.poll_device(&code, &[REWARDS]).await, Ok(DeviceAnswer::Pending));
    let form = [("user_code", &*code.user_code), ("login", "alice"), ("decision", "authorize")];
    assert!(world.post_form("/activate", &form).await.status().is_success());
    match logins.poll_device(&code, &[REWARDS]).await {
        Ok(DeviceAnswer::Done(account, tokens)) => {
            assert_eq!(account.id, alice());
            assert_eq!(tokens.scopes, [REWARDS]);
            world.vault.log_in(&alice(), tokens);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(logins.poll_device(&code, &[REWARDS]).await, Ok(DeviceAnswer::Expired));
}

#[tokio::test]
async fn every_answer_to_a_waiting_device_has_its_meaning() {
    let world = World::new().await;
    let logins = &world.adapter.logins;
    let code = logins.begin_device(&[]).await.unwrap();
    for (body, expected) in [
        (r#"{"status":400,"message":"slow_down"}"#, DeviceAnswer::SlowDown),
        (r#"{"status":400,"message":"expired_token"}"#, DeviceAnswer::Expired),
        (r#"{"status":400,"message":"access_denied"}"#, DeviceAnswer::Expired),
    ] {
        world.proxy.fail(Method::POST, TOKEN, Fault::Body(400, body), 1);
        assert_eq!(logins.poll_device(&code, &[]).await, Ok(expected));
    }
    world.proxy.fail(Method::POST, TOKEN, Fault::Answer(500, vec![]), 1);
    let away = logins.poll_device(&code, &[]).await;
    assert!(matches!(away, Err(OAuthError::Unavailable(_))), "{away:?}");
    let strange = r#"{"status":400,"message":"invalid client"}"#;
    world.proxy.fail(Method::POST, TOKEN, Fault::Body(400, strange), 1);
    let refused = logins.poll_device(&code, &[]).await;
    assert_eq!(refused, Err(OAuthError::Refused("invalid client".to_owned())));
}
