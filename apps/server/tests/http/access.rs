use crate::support::World;
use gamification_core::access::Role;
use gamification_core::campaign::{Membership, MembershipStatus};
use gamification_core::ports::{Clock, Store};
use gamification_server::auth::new_api_key;
use gamification_testkit::fixtures;
use poem::Request;
use serde_json::json;

#[tokio::test]
async fn without_a_key_that_works_nobody_gets_in() {
    let world = World::new();
    world.gm_key().await;
    for header in [None, Some(""), Some("Bearer"), Some("Bearer gk_wrong"), Some("Basic YTpi")] {
        let mut request = Request::builder().uri("/api/v1/me".parse().unwrap());
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let reply = world.send(request.finish()).await;
        assert_eq!(reply.problem(401), "unauthenticated", "{header:?}");
        assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"), "{header:?}");
    }
}

#[tokio::test]
async fn a_key_stops_working_when_it_expires_or_is_revoked() {
    let world = World::new();
    let secret = new_api_key();
    let mut key = fixtures::api_key(1);
    key.hash = secret.hash.clone();
    key.expires_at = Some(fixtures::at(60));
    world.save_key(&fixtures::gm(), &key).await;
    assert_eq!(world.get("/api/v1/me", &secret.text).await.status.as_u16(), 200);
    world.clock.advance(60);
    let reply = world.get("/api/v1/me", &secret.text).await;
    assert_eq!(reply.problem(401), "unauthenticated");
    assert_eq!(reply.body["detail"], "the key has expired");

    world.clock.set(fixtures::NOW);
    let mut unit = world.store.begin().await.unwrap();
    unit.access().revoke_key(key.id, world.clock.now()).await.unwrap();
    unit.commit().await.unwrap();
    let reply = world.get("/api/v1/me", &secret.text).await;
    assert_eq!(reply.body["detail"], "the key was revoked");
    assert_eq!(reply.problem(401), "unauthenticated");
}

#[tokio::test]
async fn everybody_is_told_who_they_are_and_what_they_are_where() {
    let world = World::new();
    let (campaign, other) = (fixtures::campaign(1), fixtures::campaign(2));
    let streamer = fixtures::streamer(1);
    world.save_user(&fixtures::gm()).await;
    world.save_user(&streamer).await;
    let invited = Membership {
        status: MembershipStatus::Invited,
        ..fixtures::membership(&other, streamer.id.into())
    };
    let joined = fixtures::membership(&campaign, streamer.id.into());
    world.save_campaign(&campaign, &[joined]).await;
    world.save_campaign(&other, &[invited]).await;

    let key = world.key(Role::Streamer, &streamer).await;
    let me = world.get("/api/v1/me", &key).await.body;
    assert_eq!(me["user"]["login"], "streamer1");
    assert_eq!((&me["role"], &me["isAdmin"]), (&json!("streamer"), &json!(false)));
    assert_eq!(me["campaigns"][0]["roles"], json!(["invited"]));
    assert_eq!(me["campaigns"][1]["roles"], json!(["streamer"]));

    let scoped = world.key_for(Role::Gm, &fixtures::gm(), Some(campaign.id)).await;
    let me = world.get("/api/v1/me", &scoped).await.body;
    assert_eq!(me["campaignId"], json!(campaign.id));
    assert_eq!(me["campaigns"].as_array().unwrap().len(), 1);
    assert_eq!(me["campaigns"][0]["roles"], json!(["gm"]));
}
