use crate::game::{Game, gm, refused_fields, streamer_id};
use gamification_core::access::{
    IDEMPOTENCY_SECONDS, OverlaySecret, OverlaySighting, Role, Sighting,
};
use gamification_core::campaign::{BroadcasterType, User};
use gamification_core::ports::Queries;
use gamification_core::service::{Claim, NewKey, ServiceError, TwitchProfile};
use gamification_testkit::fixtures::{self, NOW, at};
use serde_json::json;

fn key(user: &User) -> NewKey {
    NewKey {
        user_id: user.id,
        role: Role::Streamer,
        campaign_id: None,
        hash: "a".repeat(64),
        expires_at: None,
    }
}

fn secret(hash: &str) -> OverlaySecret {
    OverlaySecret { hash: hash.to_owned(), sealed_token: format!("sealed {hash}") }
}

#[tokio::test]
async fn a_key_is_made_for_somebody_who_exists_and_revoked_once() {
    let game = Game::new().await;
    let new = NewKey { campaign_id: Some(game.campaign.id), ..key(&game.one) };
    let made = game.service.create_key(&gm(), new).await.unwrap();
    assert_eq!(game.store.key_by_hash(&made.hash).await.unwrap(), Some(made.clone()));
    game.service.revoke_key(&gm(), made.id).await.unwrap();
    let revoked = game.store.keys().await.unwrap();
    assert_eq!(revoked[0].revoked_at, Some(NOW));
    let again = game.service.revoke_key(&gm(), made.id).await;
    assert_eq!(again, Err(ServiceError::NotFound("key")));
    let stranger = fixtures::streamer(9);
    let refused = game.service.create_key(&gm(), key(&stranger)).await;
    assert_eq!(refused, Err(ServiceError::NotFound("user")));
    let over = NewKey { expires_at: Some(NOW), ..key(&game.one) };
    assert_eq!(refused_fields(game.service.create_key(&gm(), over).await), ["expiresAt"]);
    assert_eq!(game.audited().await, ["key.created"]);
}

#[tokio::test]
async fn an_overlay_has_one_address_at_a_time_until_it_is_deleted() {
    let game = Game::new().await;
    let (campaign, one) = (game.campaign.id, streamer_id(&game.one));
    let made = game.service.create_overlay(&gm(), campaign, one, secret("old")).await.unwrap();
    game.clock.advance(10);
    let turned = game.service.rotate_overlay(&gm(), made.id, secret("new")).await.unwrap();
    assert_eq!((turned.id, turned.created_at), (made.id, at(10)));
    assert_eq!(made.sealed_token.as_deref(), Some("sealed old"));
    assert_eq!(turned.sealed_token.as_deref(), Some("sealed new"));
    assert_eq!(game.store.overlay_by_hash("old").await.unwrap(), None);
    assert_eq!(game.store.overlay_by_hash("new").await.unwrap(), Some(turned));
    game.service.delete_overlay(&gm(), made.id).await.unwrap();
    let gone = ServiceError::NotFound("overlay");
    let again = game.service.rotate_overlay(&gm(), made.id, secret("third")).await;
    assert_eq!(again, Err(gone.clone()));
    assert_eq!(game.service.delete_overlay(&gm(), made.id).await, Err(gone));
    let stranger = streamer_id(&fixtures::gm());
    let refused = game.service.create_overlay(&gm(), campaign, stranger, secret("x")).await;
    assert_eq!(refused, Err(ServiceError::NotFound("member")));
    assert_eq!(game.audited().await, ["overlay.deleted", "overlay.rotated", "overlay.created"]);
}

#[tokio::test]
async fn what_an_overlay_told_is_kept_until_its_address_is_replaced() {
    let game = Game::new().await;
    let (campaign, one) = (game.campaign.id, streamer_id(&game.one));
    let made = game.service.create_overlay(&gm(), campaign, one, secret("old")).await.unwrap();
    let sighting = Sighting { seen_at: at(5), is_visible: true, is_on_air: Some(false) };
    let told = OverlaySighting { overlay_id: made.id, sighting };
    assert_eq!(game.service.record_sightings(&[]).await, Ok(0));
    assert_eq!(game.service.record_sightings(&[told]).await, Ok(1));
    let listed = game.store.overlays_of(campaign, one).await.unwrap();
    assert_eq!(listed[0].sighting, Some(sighting));
    game.clock.advance(10);
    let turned = game.service.rotate_overlay(&gm(), made.id, secret("new")).await.unwrap();
    assert_eq!(turned.sighting, None);
    assert_eq!(game.service.record_sightings(&[told]).await, Ok(0), "of the address before");
    assert_eq!(game.store.overlays_of(campaign, one).await.unwrap(), [turned]);
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_for_a_day() {
    let game = Game::new().await;
    let user = game.one.id;
    let claim =
        |hash: &str| game.service.claim_idempotency(user, "key-1".to_owned(), hash.to_owned());
    let Claim::Ours(ours) = claim("first").await.unwrap() else { panic!("the key is new") };
    let Claim::Known(known) = claim("second").await.unwrap() else { panic!("it is claimed") };
    assert_eq!((known.status, known.request_hash.as_str()), (None, "first"));
    game.service.answer_idempotency(ours, 201, "made".to_owned()).await.unwrap();
    game.clock.advance(IDEMPOTENCY_SECONDS - 1);
    let Claim::Known(known) = claim("first").await.unwrap() else { panic!("it is answered") };
    assert_eq!((known.status, known.body.as_str()), (Some(201), "made"));
    game.clock.advance(2);
    assert!(matches!(claim("third").await.unwrap(), Claim::Ours(_)));
    game.service.forget_idempotency(user, "key-1").await.unwrap();
    assert!(matches!(claim("fourth").await.unwrap(), Claim::Ours(_)));
}

#[tokio::test]
async fn a_twitch_account_is_one_person_and_keeps_what_they_may_do() {
    let game = Game::new().await;
    let profile = TwitchProfile {
        twitch_id: "4711".into(),
        login: "Newcomer".to_owned(),
        display_name: "Newcomer".to_owned(),
        broadcaster_type: BroadcasterType::Normal,
        language: None,
    };
    let new = game.service.ensure_user(profile.clone()).await.unwrap();
    assert_eq!((new.login.as_str(), new.language.as_str()), ("newcomer", "en"));
    assert!(!new.is_admin && !new.may_create_campaigns);
    let admin = User { is_admin: true, language: "fr".to_owned(), ..new };
    game.service.save_user(&gm(), admin.clone()).await.unwrap();
    let renamed = TwitchProfile {
        login: "renamed".to_owned(),
        broadcaster_type: BroadcasterType::Affiliate,
        ..profile
    };
    let known = game.service.ensure_user(renamed).await.unwrap();
    let expected =
        User { login: "renamed".to_owned(), broadcaster_type: BroadcasterType::Affiliate, ..admin };
    assert_eq!(known, expected);
    assert_eq!(game.store.user(known.id).await.unwrap(), Some(expected));
}

#[tokio::test]
async fn what_others_do_is_audited_too() {
    let game = Game::new().await;
    let campaign = Some(game.campaign.id);
    let details = json!({ "instanceId": "x" });
    game.service.audit(campaign, &gm(), "goal.cancelled", details).await.unwrap();
    assert_eq!(game.audited().await, ["goal.cancelled"]);
}
