//! What runs at tables: combats and live clients, and characters that come and go.

use super::StoreUnderTest;
use super::support::{Game, committed, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, at};
use gamification_core::campaign::{Campaign, CharacterKind};
use gamification_core::ids::{CharacterId, ConnectionId, SocketId};
use gamification_core::ports::Lock;
use gamification_core::vtt::{ClientKind, Combat, VttClient, VttConnection};

async fn save(game: &Game, connection: ConnectionId, combat: &Combat) {
    committed!(game.store, |uow| uow.vtt().save_combat(connection, combat).await.unwrap());
}

/// A second world of the campaign, not the one that counts.
async fn second_world(game: &Game) -> VttConnection {
    let second =
        VttConnection { revoked_at: Some(at(1)), ..fixtures::connection(2, &game.campaign) };
    committed!(game.store, |uow| uow.vtt().save_connection(&second).await.unwrap());
    second
}

pub async fn a_combat_comes_back_as_it_was_told_last(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.connection.id;
    let stored = async || {
        let read = game.queries.combat(id).await.unwrap();
        let in_transaction = committed!(game.store, |uow| uow.vtt().combat(id).await.unwrap());
        assert_eq!(read, in_transaction);
        read
    };
    assert_eq!(stored().await, None);
    let mut combat = fixtures::combat(1);
    save(&game, id, &combat).await;
    assert_eq!(stored().await.as_ref(), Some(&combat));
    combat.combatants.push(fixtures::combatant(3, CharacterKind::Npc));
    combat.combatants[0].hit_points = None;
    combat.combatants[1].name = "L'ogre « Gñôm » 🗡".to_owned();
    let changed = Combat { round: 7, turn: None, ends_at: Some(at(9)), ..combat };
    save(&game, id, &changed).await;
    assert_eq!(stored().await, Some(changed));
    let other = Combat { combatants: Vec::new(), ..fixtures::combat(2) };
    save(&game, id, &other).await;
    assert_eq!(stored().await, Some(other), "a world has one combat");
    for _ in 0..2 {
        committed!(game.store, |uow| uow.vtt().remove_combat(id).await.unwrap());
        assert_eq!(stored().await, None);
    }
}

pub async fn combats_whose_time_has_come_are_found(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (first, second) = (game.connection.id, second_world(&game).await.id);
    let ending = async |now| game.queries.ending_combats(at(now)).await.unwrap();
    save(&game, first, &fixtures::combat(1)).await;
    assert_eq!(ending(1_000).await, [], "it has no end yet");
    save(&game, first, &Combat { ends_at: Some(at(20)), ..fixtures::combat(1) }).await;
    save(&game, second, &Combat { ends_at: Some(at(10)), ..fixtures::combat(2) }).await;
    assert_eq!(ending(9).await, []);
    assert_eq!(ending(10).await, [second]);
    let mut both = ending(20).await;
    both.sort_unstable();
    let mut expected = [first, second];
    expected.sort_unstable();
    assert_eq!(both, expected);
    save(&game, second, &fixtures::combat(2)).await;
    assert_eq!(ending(20).await, [first], "a sign of life came");
    committed!(game.store, |uow| uow.vtt().remove_combat(first).await.unwrap());
    assert_eq!(ending(20).await, []);
}

pub async fn simultaneous_reports_of_a_combat_all_count(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.connection.id;
    save(&game, id, &Combat { round: 0, ..fixtures::combat(1) }).await;
    concurrently(20, |_| {
        let game = game.clone();
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                uow.vtt().connection(id, Lock::Exclusive).await?;
                let mut combat = uow.vtt().combat(id).await?.expect("the combat is there");
                combat.round += 1;
                uow.vtt().save_combat(id, &combat).await?;
                uow.commit().await
            })
            .await;
        }
    })
    .await;
    assert_eq!(game.queries.combat(id).await.unwrap().unwrap().round, 20);
}

fn client(socket: &str, connection: ConnectionId, node: &str, connected: u32) -> VttClient {
    VttClient {
        socket: socket.into(),
        connection_id: connection,
        node: node.to_owned(),
        kind: ClientKind::Published,
        version: None,
        is_active_gm: false,
        connected_at: at(connected),
        seen_until: at(30),
    }
}

async fn seat(game: &Game, client: &VttClient) {
    committed!(game.store, |uow| uow.vtt().save_client(client).await.unwrap());
}

pub async fn clients_are_listed_while_they_are_seen(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.connection.id;
    let elsewhere = second_world(&game).await.id;
    let newer = client("b", id, "node-1", 2);
    let older = client("c", id, "node-2", 1);
    for client in [&newer, &older, &client("a", elsewhere, "node-1", 0)] {
        seat(&game, client).await;
    }
    let listed = async |now| game.queries.clients(id, at(now)).await.unwrap();
    assert_eq!(listed(29).await, [older.clone(), newer.clone()]);
    assert_eq!(listed(30).await, []);
    let (kind, version) = (ClientKind::OurModule, Some("0.2.0".to_owned()));
    let known = VttClient { kind, version, is_active_gm: true, ..newer };
    seat(&game, &known).await;
    assert_eq!(listed(0).await, [older.clone(), known]);
    let gone = SocketId::from("b");
    for _ in 0..2 {
        committed!(game.store, |uow| uow.vtt().remove_client(&gone).await.unwrap());
        assert_eq!(listed(0).await, std::slice::from_ref(&older));
    }
}

pub async fn a_node_renews_its_own_clients_and_forgets_those_of_lost_nodes(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let id = game.connection.id;
    let elsewhere = second_world(&game).await.id;
    let ours = client("a", id, "node-1", 1);
    let lost = client("b", id, "node-2", 2);
    let foreign = client("c", elsewhere, "node-2", 3);
    for client in [&ours, &lost, &foreign] {
        seat(&game, client).await;
    }
    committed!(game.store, |u| u.vtt().renew_clients(id, "node-1", at(20), at(50)).await.unwrap());
    let renewed = VttClient { seen_until: at(50), ..ours };
    assert_eq!(game.queries.clients(id, at(0)).await.unwrap(), [renewed.clone(), lost]);
    committed!(game.store, |u| u.vtt().renew_clients(id, "node-1", at(40), at(70)).await.unwrap());
    let renewed = VttClient { seen_until: at(70), ..renewed };
    assert_eq!(game.queries.clients(id, at(0)).await.unwrap(), [renewed]);
    assert_eq!(game.queries.clients(elsewhere, at(0)).await.unwrap(), [foreign]);
}

pub async fn combats_and_clients_go_with_their_campaign(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.connection.id;
    save(&game, id, &Combat { ends_at: Some(at(1)), ..fixtures::combat(1) }).await;
    seat(&game, &client("a", id, "node-1", 1)).await;
    committed!(game.store, |uow| uow.campaigns().delete(game.campaign.id).await.unwrap());
    assert_eq!(game.queries.combat(id).await.unwrap(), None);
    assert_eq!(game.queries.ending_combats(at(9)).await.unwrap(), []);
    assert_eq!(game.queries.clients(id, at(0)).await.unwrap(), []);
}

pub async fn a_deleted_character_is_gone_and_its_actor_may_come_back(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let campaign = game.campaign.id;
    let hero = fixtures::character(1, &game.campaign, Some(game.streamer(0)));
    let other = fixtures::character(2, &game.campaign, None);
    for character in [&hero, &other] {
        committed!(game.store, |u| u.campaigns().save_character(character).await.unwrap());
    }
    let playing = Campaign { gm_character_id: Some(hero.id), ..game.campaign.clone() };
    committed!(game.store, |uow| uow.campaigns().update(&playing).await.unwrap());
    let unknown: CharacterId = fixtures::id(1);
    for id in [hero.id, hero.id, unknown] {
        committed!(game.store, |uow| {
            uow.campaigns().update(&game.campaign).await.unwrap();
            uow.campaigns().delete_character(id).await.unwrap();
        });
    }
    let left = committed!(game.store, |u| u.campaigns().characters(campaign).await.unwrap());
    assert_eq!(left, std::slice::from_ref(&other));
    let found = committed!(game.store, |uow| {
        let campaigns = uow.campaigns();
        let by_actor = campaigns.character_of_actor(campaign, &hero.vtt_actor_id).await.unwrap();
        [campaigns.character(hero.id).await.unwrap(), by_actor]
    });
    assert_eq!(found, [None, None]);
    let again = gamification_core::campaign::Character { id: fixtures::id(1_199), ..hero };
    committed!(game.store, |uow| uow.campaigns().save_character(&again).await.unwrap());
    assert_eq!(game.queries.characters(campaign).await.unwrap(), [again, other]);
}
