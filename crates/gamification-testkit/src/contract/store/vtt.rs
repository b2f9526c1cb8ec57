use super::StoreUnderTest;
use super::support::{Game, begun, committed, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, at};
use gamification_core::ids::ConnectionId;
use gamification_core::ports::{Lock, StoreError};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{ActingSocket, Pairing, VttConnection, VttCredential};
use std::collections::BTreeSet;

async fn save(game: &Game, connection: &VttConnection) {
    committed!(game.store, |uow| uow.vtt().save_connection(connection).await.unwrap());
}

async fn locked(game: &Game, id: ConnectionId) -> Option<VttConnection> {
    committed!(game.store, |uow| uow.vtt().connection(id, Lock::Exclusive).await.unwrap())
}

fn acting(socket: &str, epoch: i64) -> ActingSocket {
    ActingSocket {
        features: vec!["treasure_drop".to_owned(), "undo".to_owned()],
        node: "node-1".to_owned(),
        socket: socket.into(),
        epoch,
        remembers_commands: true,
        until: at(90),
    }
}

pub async fn a_connection_comes_back_as_it_was_stored(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let plain = game.connection.clone();
    assert_eq!(locked(&game, plain.id).await.as_ref(), Some(&plain));
    let changed = VttConnection {
        world_name: "La table d'Élise".to_owned(),
        module_version: "0.2.0".to_owned(),
        present_until: None,
        acting: Some(acting("socket-1", 3)),
        is_in_combat: true,
        ..plain.clone()
    };
    save(&game, &changed).await;
    assert_eq!(locked(&game, plain.id).await.as_ref(), Some(&changed));
    assert_eq!(game.queries.connection(plain.id).await.unwrap().as_ref(), Some(&changed));
    let revoked = VttConnection { revoked_at: Some(at(50)), acting: None, ..changed };
    save(&game, &revoked).await;
    assert_eq!(locked(&game, plain.id).await, Some(revoked));
    assert_eq!(locked(&game, fixtures::id(1)).await, None);
}

pub async fn the_connection_that_holds_wins_over_revoked_ones(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let of_campaign = async || {
        let read = game.queries.connection_of(game.campaign.id).await.unwrap();
        let in_transaction = committed!(game.store, |uow| {
            uow.vtt().connection_of(game.campaign.id).await.unwrap()
        });
        assert_eq!(read, in_transaction);
        read.map(|connection| connection.id)
    };
    let first = game.connection.clone();
    assert_eq!(of_campaign().await, Some(first.id));
    let revoked =
        |connection: VttConnection| VttConnection { revoked_at: Some(at(100)), ..connection };
    save(&game, &revoked(first.clone())).await;
    assert_eq!(of_campaign().await, Some(first.id));
    let second = fixtures::connection(2, &game.campaign);
    save(&game, &revoked(second.clone())).await;
    assert_eq!(of_campaign().await, Some(second.id), "the newest revoked one");
    save(&game, &first).await;
    assert_eq!(of_campaign().await, Some(first.id), "the one that holds");
    let elsewhere = game.queries.connection_of(fixtures::campaign(2).id).await.unwrap();
    assert_eq!(elsewhere, None);
}

pub async fn connections_are_found_by_world_and_key(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let first = game.connection.clone();
    // Somebody else owns a world with the same id.
    let other_owner = fixtures::campaign(2);
    let other_owner =
        gamification_core::campaign::Campaign { owner_id: game.streamers[0].id, ..other_owner };
    committed!(game.store, |uow| uow.campaigns().insert(&other_owner).await.unwrap());
    let second = VttConnection {
        world_id: first.world_id.clone(),
        revoked_at: Some(at(3)),
        ..fixtures::connection(2, &other_owner)
    };
    save(&game, &second).await;
    for connection in [&first, &second] {
        let (world, hash) = (&connection.world_id, &connection.api_key_hash);
        let found = committed!(game.store, |uow| {
            let of_world = uow.vtt().connection_of_world(connection.owner_id, world).await;
            [of_world.unwrap(), uow.vtt().connection_by_api_key(hash).await.unwrap()]
        });
        assert_eq!(found, [Some(connection.clone()), Some(connection.clone())]);
        let owned = game.queries.connections_of(connection.owner_id).await.unwrap();
        assert_eq!(owned, std::slice::from_ref(connection));
    }
    let unknown = committed!(game.store, |uow| {
        let of_world = uow.vtt().connection_of_world(first.owner_id, &"elsewhere".into()).await;
        [of_world.unwrap(), uow.vtt().connection_by_api_key("unknown").await.unwrap()]
    });
    assert_eq!(unknown, [None, None]);
}

async fn save_pairing(game: &Game, pairing: &Pairing, now: Timestamp) -> Result<(), StoreError> {
    let mut uow = begun(&game.store).await;
    uow.vtt().save_pairing(pairing, now).await?;
    uow.commit().await
}

async fn by_code(game: &Game, code: &str) -> Option<Pairing> {
    committed!(game.store, |uow| uow.vtt().pairing_by_code(code).await.unwrap())
}

pub async fn a_code_is_used_by_one_running_pairing(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (first, second) = (fixtures::pairing(1, "ABCD2345"), fixtures::pairing(2, "ABCD2345"));
    save_pairing(&game, &first, at(0)).await.unwrap();
    let taken = save_pairing(&game, &second, at(600)).await;
    assert!(matches!(taken, Err(StoreError::AlreadyExists(_))), "{taken:?}");
    assert_eq!(by_code(&game, "ABCD2345").await.as_ref(), Some(&first));
    save_pairing(&game, &fixtures::pairing(3, "WXYZ2345"), at(0)).await.unwrap();
    // It may be changed, and its code is free when it has run out.
    save_pairing(&game, &first, at(1)).await.unwrap();
    save_pairing(&game, &second, at(601)).await.unwrap();
}

pub async fn the_newest_pairing_of_a_code_is_found(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let older = fixtures::pairing(1, "ABCD2345");
    let newer = Pairing { expires_at: at(2_000), ..fixtures::pairing(2, "ABCD2345") };
    save_pairing(&game, &older, at(0)).await.unwrap();
    save_pairing(&game, &newer, at(1_000)).await.unwrap();
    assert_eq!(by_code(&game, "ABCD2345").await, Some(newer));
    assert_eq!(by_code(&game, "UNKNOWN2").await, None);
}

pub async fn claimed_pairings_stay_open_until_they_are_completed(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let open = async || {
        committed!(game.store, |uow| {
            uow.vtt().open_pairings_of(game.connection.id).await.unwrap()
        })
    };
    let asked = fixtures::pairing(1, "ABCD2345");
    save_pairing(&game, &asked, at(0)).await.unwrap();
    assert_eq!(open().await, []);
    let claimed = Pairing { connection_id: Some(game.connection.id), ..asked };
    save_pairing(&game, &claimed, at(1)).await.unwrap();
    assert_eq!(open().await, std::slice::from_ref(&claimed));
    let completed = Pairing { completed_at: Some(at(2)), ..claimed };
    save_pairing(&game, &completed, at(2)).await.unwrap();
    assert_eq!(open().await, []);
    assert_eq!(by_code(&game, "ABCD2345").await, Some(completed));
}

async fn tokens(game: &Game, credential: &VttCredential) -> [Option<VttCredential>; 2] {
    committed!(game.store, |uow| {
        let by_session = uow.vtt().credential_by_session(&credential.session_hash).await;
        let by_refresh = uow.vtt().credential_by_refresh(&credential.refresh_hash).await;
        [by_session.unwrap(), by_refresh.unwrap()]
    })
}

pub async fn tokens_are_found_by_their_hashes_and_revoked_together(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let other =
        VttConnection { revoked_at: Some(at(1)), ..fixtures::connection(2, &game.campaign) };
    save(&game, &other).await;
    let old =
        VttCredential { replaced_at: Some(at(9)), ..fixtures::credential(1, game.connection.id) };
    let new = fixtures::credential(2, game.connection.id);
    let foreign = fixtures::credential(3, other.id);
    for credential in [&fixtures::credential(1, game.connection.id), &old, &new, &foreign] {
        committed!(game.store, |u| u.vtt().save_credential(credential).await.unwrap());
    }
    for credential in [&old, &new, &foreign] {
        let expected = Some(credential.clone());
        assert_eq!(tokens(&game, credential).await, [expected.clone(), expected]);
    }
    committed!(game.store, |uow| {
        uow.vtt().revoke_credentials(game.connection.id, at(20)).await.unwrap()
    });
    for credential in [&old, &new] {
        let [by_session, _] = tokens(&game, credential).await;
        assert_eq!(by_session.unwrap().revoked_at, Some(at(20)));
    }
    assert_eq!(tokens(&game, &foreign).await[0].as_ref(), Some(&foreign));
    assert_eq!(tokens(&game, &fixtures::credential(4, other.id)).await, [None, None]);
}

pub async fn simultaneous_elections_get_epochs_of_their_own(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let epochs = concurrently(30, |n| {
        let game = game.clone();
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let found = uow.vtt().connection(game.connection.id, Lock::Exclusive).await?;
                let mut connection = found.expect("the connection is there");
                let epoch = connection.acting.map_or(0, |acting| acting.epoch) + 1;
                connection.acting = Some(acting(&format!("socket-{n}"), epoch));
                uow.vtt().save_connection(&connection).await?;
                uow.commit().await.map(|()| epoch)
            })
            .await
        }
    })
    .await;
    assert_eq!(epochs.into_iter().collect::<BTreeSet<_>>(), (1..=30).collect());
}
