use super::StoreUnderTest;
use super::support::{Game, begun, committed, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, at};
use gamification_core::access::{
    ApiKey, IDEMPOTENCY_SECONDS, IdempotentAnswer, OverlaySighting, OverlayToken, Role, Sighting,
};
use gamification_core::ports::StoreError;
use gamification_core::time::Timestamp;

pub async fn a_key_is_found_by_its_hash_until_it_is_revoked(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let key = ApiKey {
        role: Role::Streamer,
        user_id: game.streamers[0].id,
        campaign_id: Some(game.campaign.id),
        expires_at: Some(at(1_000)),
        ..fixtures::api_key(1)
    };
    committed!(game.store, |uow| uow.access().insert_key(&key).await.unwrap());
    assert_eq!(game.queries.key_by_hash(&key.hash).await.unwrap().as_ref(), Some(&key));
    assert_eq!(game.queries.key_by_hash("unknown").await.unwrap(), None);
    let revoke =
        async |id| committed!(game.store, |uow| uow.access().revoke_key(id, at(5)).await.unwrap());
    assert!(revoke(key.id).await);
    assert!(!revoke(key.id).await);
    assert!(!revoke(fixtures::id(1)).await);
    let revoked = ApiKey { revoked_at: Some(at(5)), ..key };
    assert_eq!(game.queries.key_by_hash(&revoked.hash).await.unwrap(), Some(revoked));
}

pub async fn keys_are_listed_newest_first(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let keys = [fixtures::api_key(2), fixtures::api_key(1), fixtures::api_key(3)];
    for key in &keys {
        committed!(game.store, |uow| uow.access().insert_key(key).await.unwrap());
    }
    let [second, first, third] = keys;
    assert_eq!(game.queries.keys().await.unwrap(), [third, second, first]);
}

pub async fn an_overlay_is_found_by_its_newest_token(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let overlay = fixtures::overlay(1, &game.campaign, game.streamer(0));
    committed!(game.store, |uow| uow.access().save_overlay(&overlay).await.unwrap());
    let by_hash = game.queries.overlay_by_hash(&overlay.hash).await.unwrap();
    assert_eq!(by_hash.as_ref(), Some(&overlay));
    let replaced = OverlayToken {
        hash: "f".repeat(64),
        sealed_token: None,
        created_at: at(50),
        revoked_at: Some(at(60)),
        sighting: Some(told(55, true, Some(false))),
        ..overlay.clone()
    };
    committed!(game.store, |uow| uow.access().save_overlay(&replaced).await.unwrap());
    assert_eq!(game.queries.overlay_by_hash(&overlay.hash).await.unwrap(), None);
    let found = game.queries.overlay_by_hash(&replaced.hash).await.unwrap();
    assert_eq!(found.as_ref(), Some(&replaced));
    assert_eq!(game.queries.overlay(replaced.id).await.unwrap().as_ref(), Some(&replaced));
    let in_transaction =
        committed!(game.store, |uow| uow.access().overlay(replaced.id).await.unwrap());
    assert_eq!(in_transaction, Some(replaced));
}

/// What an overlay tells that many seconds after the evening began.
fn told(seconds: u32, is_visible: bool, is_on_air: Option<bool>) -> Sighting {
    Sighting { seen_at: at(seconds), is_visible, is_on_air }
}

async fn noted(game: &Game, told: &[(&OverlayToken, Sighting)]) -> u64 {
    let told = told
        .iter()
        .map(|(overlay, sighting)| OverlaySighting { overlay_id: overlay.id, sighting: *sighting });
    let told: Vec<_> = told.collect();
    committed!(game.store, |uow| uow.access().note_sightings(&told).await.unwrap())
}

async fn sighting(game: &Game, overlay: &OverlayToken) -> Option<Sighting> {
    game.queries.overlay(overlay.id).await.unwrap().unwrap().sighting
}

pub async fn the_overlays_of_a_streamer_that_work_are_listed_newest_first(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let made = |n: u32, streamer: usize, seconds: u32| OverlayToken {
        created_at: at(seconds),
        ..fixtures::overlay(n, &game.campaign, game.streamer(streamer))
    };
    let (oldest, newest, twin) = (made(1, 0, 10), made(2, 0, 30), made(3, 0, 30));
    let gone = OverlayToken { revoked_at: Some(at(40)), ..made(4, 0, 20) };
    let elsewhere = made(5, 1, 20);
    for overlay in [&oldest, &newest, &twin, &gone, &elsewhere] {
        committed!(game.store, |uow| uow.access().save_overlay(overlay).await.unwrap());
    }
    let (campaign, streamer) = (game.campaign.id, game.streamer(0));
    let listed = game.queries.overlays_of(campaign, streamer).await.unwrap();
    assert_eq!(listed, [twin, newest, oldest]);
    let elsewhere = game.queries.overlays_of(fixtures::campaign(2).id, streamer).await.unwrap();
    assert_eq!(elsewhere, []);
}

pub async fn what_overlays_told_last_is_kept(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let overlays: Vec<_> =
        (1..=3).map(|n| fixtures::overlay(n, &game.campaign, game.streamer(0))).collect();
    for overlay in &overlays {
        committed!(game.store, |uow| uow.access().save_overlay(overlay).await.unwrap());
    }
    let [first, second, third] = [&overlays[0], &overlays[1], &overlays[2]];
    let (shown, hidden) = (told(10, true, Some(true)), told(10, false, None));
    assert_eq!(noted(&game, &[(first, shown), (second, hidden), (third, shown)]).await, 3);
    let later = told(15, false, Some(false));
    assert_eq!(noted(&game, &[(first, later), (third, told(9, true, None))]).await, 1);
    assert_eq!(sighting(&game, first).await, Some(later));
    assert_eq!(sighting(&game, second).await, Some(hidden));
    assert_eq!(sighting(&game, third).await, Some(shown), "what is older comes too late");
    assert_eq!(noted(&game, &[]).await, 0);
}

pub async fn what_a_replaced_overlay_told_is_forgotten(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let streamer = game.streamer(0);
    let replaced =
        OverlayToken { created_at: at(20), ..fixtures::overlay(1, &game.campaign, streamer) };
    let gone =
        OverlayToken { revoked_at: Some(at(20)), ..fixtures::overlay(2, &game.campaign, streamer) };
    for overlay in [&replaced, &gone] {
        committed!(game.store, |uow| uow.access().save_overlay(overlay).await.unwrap());
    }
    let stranger = fixtures::overlay(3, &game.campaign, streamer);
    let (before, after) = (told(19, true, None), told(20, true, None));
    assert_eq!(noted(&game, &[(&replaced, before), (&gone, before), (&stranger, before)]).await, 0);
    assert_eq!(noted(&game, &[(&replaced, after), (&gone, after), (&stranger, after)]).await, 1);
    assert_eq!(sighting(&game, &replaced).await, Some(after));
    assert_eq!(sighting(&game, &gone).await, None);
}

fn claim(key: &str, now: Timestamp) -> IdempotentAnswer {
    IdempotentAnswer {
        user_id: fixtures::gm().id,
        key: key.to_owned(),
        request_hash: "a".repeat(64),
        status: None,
        body: String::new(),
        created_at: now,
    }
}

async fn claimed(game: &Game, claim: &IdempotentAnswer) -> Option<IdempotentAnswer> {
    committed!(game.store, |uow| uow.access().claim_idempotency(claim).await.unwrap())
}

pub async fn a_repeated_request_gets_the_first_answer(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let first = claim("k1", at(0));
    assert_eq!(claimed(&game, &first).await, None);
    let again = IdempotentAnswer { request_hash: "b".repeat(64), ..claim("k1", at(1)) };
    assert_eq!(claimed(&game, &again).await.as_ref(), Some(&first), "still being worked on");
    let answer = IdempotentAnswer { status: Some(201), body: "{\"é\":1}".into(), ..first };
    committed!(game.store, |u| u.access().save_idempotent_answer(&answer).await.unwrap());
    assert_eq!(claimed(&game, &again).await, Some(answer));
    assert_eq!(claimed(&game, &claim("k2", at(1))).await, None);
    let somebody_else = IdempotentAnswer { user_id: game.streamers[0].id, ..claim("k1", at(1)) };
    assert_eq!(claimed(&game, &somebody_else).await, None);
    let mut uow = begun(&game.store).await;
    let unclaimed = uow.access().save_idempotent_answer(&claim("k3", at(1))).await;
    assert!(matches!(unclaimed, Err(StoreError::Contention(_))), "{unclaimed:?}");
}

pub async fn of_twenty_simultaneous_claims_of_a_key_one_is_new(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let answers = concurrently(20, |n| {
        let game = game.clone();
        async move {
            let claim = claim("k1", at(n));
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let known = uow.access().claim_idempotency(&claim).await?;
                uow.commit().await.map(|()| known)
            })
            .await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|known| known.is_none()).count(), 1);
    let others: Vec<_> = answers.into_iter().flatten().collect();
    assert!(others.iter().all(|known| *known == others[0]));
}

pub async fn a_claim_runs_out(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let first = claim("k1", at(0));
    assert_eq!(claimed(&game, &first).await, None);
    let in_time = claim("k1", at(IDEMPOTENCY_SECONDS - 1));
    assert_eq!(claimed(&game, &in_time).await, Some(first));
    let late = claim("k1", at(IDEMPOTENCY_SECONDS + 1));
    assert_eq!(claimed(&game, &late).await, None);
    let after_it = claim("k1", at(IDEMPOTENCY_SECONDS + 2));
    assert_eq!(claimed(&game, &after_it).await, Some(late));
}

pub async fn a_claim_that_was_given_back_is_new_again(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let first = claim("k1", at(0));
    assert_eq!(claimed(&game, &first).await, None);
    for _ in 0..2 {
        committed!(game.store, |uow| {
            uow.access().forget_idempotency(first.user_id, "k1").await.unwrap()
        });
    }
    assert_eq!(claimed(&game, &claim("k1", at(1))).await, None);
}
