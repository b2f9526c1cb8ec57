use crate::world::{HERE, World, json_of, request};
use gamification_core::ids::VttWorldId;
use gamification_foundry::pairing::{
    ConnectionHealth, HandshakeRefused, PairingError, REFRESH_SECONDS, ReauthorizationStatus,
    RefreshRequest, RevokeRequest, SESSION_SECONDS,
};
use serde_json::{Value, json};

const WORLD: &str = "the-sunken-keep";

fn world_id() -> VttWorldId {
    WORLD.into()
}

fn refresh(token: &str, fingerprint: &str) -> RefreshRequest {
    let body = json!({ "refreshToken": token, "fingerprint": fingerprint });
    serde_json::from_value(body).unwrap()
}

#[tokio::test]
async fn refresh_tokens_rotate_and_browsers_that_share_one_get_the_same_new_one() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let ask = refresh(&handed.refresh_token, &handed.fingerprint);
    let fresh = world.pairing.refresh(&ask).await.unwrap();
    assert!(fresh.session_token != handed.session_token && fresh.expires_in == SESSION_SECONDS);
    world.clock.advance(120);
    let shared = world.pairing.refresh(&ask).await.unwrap();
    assert_eq!(shared.session_token, fresh.session_token);
    assert_eq!(
        (shared.refresh_token == fresh.refresh_token, shared.expires_in),
        (true, SESSION_SECONDS - 120)
    );
    world.pairing.admit(&fresh.session_token).await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_that_is_used_late_again_ends_the_whole_family() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let ask = refresh(&handed.refresh_token, &handed.fingerprint);
    let fresh = world.pairing.refresh(&ask).await.unwrap();
    world.clock.advance(121);
    assert!(matches!(world.pairing.refresh(&ask).await, Err(PairingError::Refused(_))));
    let next = refresh(&fresh.refresh_token, &handed.fingerprint);
    assert!(matches!(world.pairing.refresh(&next).await, Err(PairingError::Refused(_))));
    assert_eq!(world.pairing.admit(&fresh.session_token).await, Err(HandshakeRefused::Revoked));
}

#[tokio::test]
async fn refresh_needs_the_fingerprint_and_a_living_token() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let mut without: RefreshRequest = refresh(&handed.refresh_token, "");
    without.fingerprint = None;
    for ask in [
        refresh(&handed.refresh_token, "wrong"),
        refresh("vttr_nonsense", &handed.fingerprint),
        without,
    ] {
        assert!(matches!(world.pairing.refresh(&ask).await, Err(PairingError::Refused(_))));
    }
    world.clock.advance(REFRESH_SECONDS);
    let late = world.pairing.refresh(&refresh(&handed.refresh_token, &handed.fingerprint)).await;
    assert_eq!(late, Err(PairingError::Refused("the refresh token has expired")));
}

#[tokio::test]
async fn a_session_token_ends_after_a_day() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    world.clock.advance(SESSION_SECONDS - 1);
    assert_eq!(world.pairing.admit(&handed.session_token).await, Ok(handed.connection_id));
    world.clock.advance(1);
    assert_eq!(world.pairing.admit(&handed.session_token).await, Err(HandshakeRefused::Expired));
}

#[tokio::test]
async fn health_tells_what_became_of_a_connection() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let health = async |key: Option<&str>| {
        let health = world.pairing.health(key).await.unwrap();
        (health.http_status(), json_of(&health))
    };
    let (http_status, healthy) = health(Some(&handed.api_key)).await;
    assert_eq!((http_status, &healthy["status"]), (200, &json!("healthy")));
    assert_eq!(healthy["campaignName"], "Campaign 1");
    assert_eq!(healthy["tunnelStatus"], "disconnected");
    assert_eq!(healthy["lastHeartbeatAt"], Value::Null);
    assert_eq!(health(Some("vttk_nonsense")).await.0, 404);
    assert_eq!(health(None).await.0, 401);
    world.pairing.revoke(handed.connection_id, "the GM said so").await.unwrap();
    let (http_status, revoked) = health(Some(&handed.api_key)).await;
    assert_eq!((http_status, &revoked["status"]), (401, &json!("revoked")));
    world.delete_campaign().await;
    let health = world.pairing.health(Some(&handed.api_key)).await.unwrap();
    assert_eq!(health.http_status(), 410);
    assert!(matches!(health, ConnectionHealth::CampaignDeleted { .. }));
    let admitted = world.pairing.admit(&handed.session_token).await.unwrap_err();
    assert!(admitted.to_string().starts_with("CAMPAIGN_DELETED:"));
}

#[tokio::test]
async fn a_revoked_connection_is_allowed_again_with_new_tokens() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let ask =
        async || world.pairing.reauthorization_status(&handed.api_key, &world_id()).await.unwrap();
    world.pairing.admit(&handed.session_token).await.unwrap();
    assert_eq!(ask().await, ReauthorizationStatus::AlreadyActive);
    world.pairing.revoke(handed.connection_id, "the GM said so").await.unwrap();
    assert_eq!(json_of(&ask().await), json!({ "status": "still_revoked" }));
    world.pairing.reauthorize(handed.connection_id).await.unwrap();
    let ReauthorizationStatus::Reauthorized(again) = ask().await else { panic!("not allowed") };
    assert_eq!(again.api_key, handed.api_key);
    assert_ne!(again.session_token, handed.session_token);
    assert_eq!(world.pairing.admit(&handed.session_token).await, Err(HandshakeRefused::Revoked));
    world.pairing.admit(&again.session_token).await.unwrap();
    assert_eq!(ask().await, ReauthorizationStatus::AlreadyActive);
    let stranger = world.pairing.reauthorization_status("vttk_nonsense", &world_id()).await;
    assert_eq!(stranger, Ok(ReauthorizationStatus::NotFound));
}

#[tokio::test]
async fn a_world_takes_itself_off_with_its_own_key_as_often_as_it_likes() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let body = |key: &str| -> RevokeRequest {
        let body = json!({ "connectionId": handed.connection_id, "apiKey": key, "reason": "bye" });
        serde_json::from_value(body).unwrap()
    };
    let stolen = world.pairing.revoke_by_world(&body("vttk_nonsense")).await;
    assert!(matches!(stolen, Err(PairingError::Refused(_))));
    for _ in 0..2 {
        world.pairing.revoke_by_world(&body(&handed.api_key)).await.unwrap();
        assert!(world.connection(handed.connection_id).await.is_revoked());
    }
}

#[tokio::test]
async fn a_store_that_is_down_never_makes_a_client_forget_its_tokens() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    world.store.faults().set_down(true);
    let ask = refresh(&handed.refresh_token, &handed.fingerprint);
    let texts = [
        world.pairing.admit(&handed.session_token).await.unwrap_err().to_string(),
        world.pairing.refresh(&ask).await.unwrap_err().to_string(),
        world.pairing.health(Some(&handed.api_key)).await.unwrap_err().to_string(),
        world.pairing.request(&request(WORLD), HERE.address).await.unwrap_err().to_string(),
    ];
    for text in texts {
        assert!(!text.contains("expired") && !text.contains("invalid"), "{text}");
    }
}
