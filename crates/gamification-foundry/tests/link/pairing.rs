use crate::world::{HERE, World, json_of, request};
use gamification_core::ids::VttWorldId;
use gamification_core::ports::{Queries, Store};
use gamification_core::service::{Conflict, ServiceError};
use gamification_foundry::pairing::{
    ClaimError, HandshakeRefused, PairingError, PairingStatus, Requester, SESSION_SECONDS,
};
use gamification_testkit::fixtures;
use serde_json::json;

const WORLD: &str = "the-sunken-keep";

fn world_id() -> VttWorldId {
    WORLD.into()
}

async fn code(world: &World) -> String {
    world.pairing.request(&request(WORLD), HERE.address).await.unwrap().code
}

async fn status(world: &World, code: &str) -> PairingStatus {
    world.pairing.status(&world_id(), code, HERE).await.unwrap()
}

#[tokio::test]
async fn a_code_has_the_shape_that_the_published_module_expects() {
    let world = World::new().await;
    let answer = json_of(&world.pairing.request(&request(WORLD), HERE.address).await.unwrap());
    assert_eq!((&answer["success"], &answer["expiresIn"]), (&json!(true), &json!(300)));
    assert_eq!(answer["expiresAt"], fixtures::at(300).as_millis());
    assert_eq!(answer["serverUrl"], "http://127.0.0.1");
    let code = answer["code"].as_str().unwrap();
    assert!(code.len() == 7 && code.as_bytes()[3] == b'-', "{code}");
}

#[tokio::test]
async fn a_pairing_is_pending_then_completed_for_who_asked_until_a_socket_uses_it() {
    let world = World::new().await;
    let code = code(&world).await;
    let pending = json_of(&status(&world, &code).await);
    assert_eq!(
        (&pending["status"], &pending["remainingSeconds"]),
        (&json!("pending"), &json!(300))
    );
    assert_eq!(pending["code"], code);
    let typed = code.to_lowercase().replace('-', "");
    world.pairing.claim(&typed, world.gm(), Some(world.campaign.id)).await.unwrap();
    let first = status(&world, &code).await;
    assert_eq!(status(&world, &code).await, first, "the answer repeats");
    let completed = json_of(&first);
    assert_eq!(completed["status"], "completed");
    for key in
        ["connectionId", "apiKey", "sessionToken", "refreshToken", "serverUrl", "fingerprint"]
    {
        assert!(completed[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
    assert_eq!(completed["expiresIn"], SESSION_SECONDS);
    world.pairing.admit(completed["sessionToken"].as_str().unwrap()).await.unwrap();
    assert_eq!(status(&world, &code).await, PairingStatus::Expired);
}

#[tokio::test]
async fn the_secrets_go_to_nobody_else() {
    let world = World::new().await;
    let code = code(&world).await;
    world.pairing.claim(&code, world.gm(), Some(world.campaign.id)).await.unwrap();
    let elsewhere = Requester { address: "198.51.100.1", poll_token: None };
    let asked = world.pairing.status(&world_id(), &code, elsewhere).await.unwrap();
    assert_eq!(asked, PairingStatus::NotFound);
    let other_world = VttWorldId::from("another-world");
    let asked = world.pairing.status(&other_world, &code, HERE).await.unwrap();
    assert_eq!(asked, PairingStatus::NotFound);
    for wrong in ["AAA-AAA", "", "nonsense"] {
        assert_eq!(status(&world, wrong).await, PairingStatus::NotFound);
    }
}

#[tokio::test]
async fn a_client_with_a_secret_of_its_own_must_show_it() {
    let world = World::new().await;
    let mut asked = request(WORLD);
    asked.poll_token = Some("only mine".to_owned());
    let code = world.pairing.request(&asked, HERE.address).await.unwrap().code;
    world.pairing.claim(&code, world.gm(), Some(world.campaign.id)).await.unwrap();
    assert_eq!(status(&world, &code).await, PairingStatus::NotFound);
    let with_it = Requester { poll_token: Some("only mine"), ..HERE };
    let status = world.pairing.status(&world_id(), &code, with_it).await.unwrap();
    assert!(matches!(status, PairingStatus::Completed(_)));
}

#[tokio::test]
async fn a_code_ends_after_five_minutes() {
    let world = World::new().await;
    let code = code(&world).await;
    world.clock.advance(300);
    assert_eq!(status(&world, &code).await, PairingStatus::Expired);
    let claim = world.pairing.claim(&code, world.gm(), Some(world.campaign.id)).await;
    assert_eq!(claim, Err(ClaimError::WrongCode));
}

#[tokio::test]
async fn five_wrong_codes_in_a_minute_are_enough() {
    let world = World::new().await;
    let right = code(&world).await;
    let claim =
        async |code: &str| world.pairing.claim(code, world.gm(), Some(world.campaign.id)).await;
    for _ in 0..5 {
        assert_eq!(claim("AAA-AAA").await, Err(ClaimError::WrongCode));
    }
    let refused = ClaimError::TooManyWrongCodes { retry_after_seconds: 60 };
    assert_eq!(claim(&right).await, Err(refused));
    world.clock.advance(60);
    assert!(claim(&right).await.is_ok());
}

#[tokio::test]
async fn a_code_is_claimed_once_and_typing_it_twice_changes_nothing() {
    let world = World::new().await;
    let code = code(&world).await;
    let claimed = world.pairing.claim(&code, world.gm(), Some(world.campaign.id)).await.unwrap();
    let again = world.pairing.claim(&code, world.gm(), Some(world.campaign.id)).await.unwrap();
    assert_eq!(claimed, again);
    let stranger = fixtures::streamer(1).id;
    let stolen = world.pairing.claim(&code, stranger, Some(world.campaign.id)).await;
    assert_eq!(stolen, Err(ClaimError::WrongCode));
}

#[tokio::test]
async fn only_the_campaigns_gm_may_pair_it() {
    let world = World::new().await;
    let code = code(&world).await;
    let stranger = fixtures::streamer(1).id;
    let claim = world.pairing.claim(&code, stranger, Some(world.campaign.id)).await;
    assert_eq!(claim, Err(ServiceError::NotFound("campaign").into()));
}

#[tokio::test]
async fn without_a_campaign_it_is_the_only_one_that_has_no_table() {
    let world = World::new().await;
    let first = code(&world).await;
    let connection = world.pairing.claim(&first, world.gm(), None).await.unwrap();
    assert_eq!(connection.campaign_id, Some(world.campaign.id));
    let other = world.pairing.request(&request("another-world"), HERE.address).await.unwrap();
    let claim = world.pairing.claim(&other.code, world.gm(), None).await;
    assert!(matches!(claim, Err(ClaimError::Service(ServiceError::Invalid(_)))), "{claim:?}");
}

#[tokio::test]
async fn pairing_the_same_world_again_rotates_its_connection() {
    let world = World::new().await;
    let old = world.pair(WORLD).await;
    let new = world.pair(WORLD).await;
    assert_eq!(new.connection_id, old.connection_id);
    assert!(new.api_key != old.api_key && new.session_token != old.session_token);
    assert_eq!(world.pairing.admit(&old.session_token).await, Err(HandshakeRefused::Revoked));
    assert_eq!(world.pairing.admit(&new.session_token).await, Ok(new.connection_id));
    let health = world.pairing.health(Some(&old.api_key)).await.unwrap();
    assert_eq!(health.http_status(), 404);
}

#[tokio::test]
async fn a_world_serves_one_campaign_and_a_campaign_has_one_world() {
    let world = World::new().await;
    let first = world.pair(WORLD).await;
    let second_campaign = fixtures::campaign(2);
    let mut uow = world.store.begin().await.unwrap();
    uow.campaigns().insert(&second_campaign).await.unwrap();
    uow.commit().await.unwrap();
    let again = code(&world).await;
    let claim = world.pairing.claim(&again, world.gm(), Some(second_campaign.id)).await;
    assert_eq!(claim, Err(ServiceError::from(Conflict::WorldTaken).into()));
    let second = world.pair("another-world").await;
    assert_ne!(second.connection_id, first.connection_id);
    assert!(world.connection(first.connection_id).await.is_revoked());
    let table = world.store.connection_of(world.campaign.id).await.unwrap().unwrap();
    assert_eq!(table.id, second.connection_id);
}

#[tokio::test]
async fn requests_without_a_world_or_without_end_are_refused() {
    let world = World::new().await;
    for (field, value) in [("worldId", ""), ("worldId", "  "), ("worldName", &"x".repeat(257))] {
        let mut body = json!({ "worldId": WORLD });
        body[field] = json!(value);
        let asked = serde_json::from_value(body).unwrap();
        let answer = world.pairing.request(&asked, HERE.address).await;
        assert!(matches!(answer, Err(PairingError::Field(f, _)) if f == field), "{field}");
    }
}
