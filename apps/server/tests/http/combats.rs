use crate::frames::Frames;
use crate::lobby::Lobby;
use gamification_core::campaign::{Campaign, CharacterKind};
use gamification_core::ids::ConnectionId;
use gamification_core::vtt::{ActingSocket, Combat, VttConnection};
use gamification_testkit::fixtures;
use poem::Request;
use serde_json::{Value, json};

/// The campaign's table, at which our module acts.
async fn pair(lobby: &Lobby) -> ConnectionId {
    let campaign = Campaign { id: lobby.campaign, ..fixtures::campaign(1) };
    let acting = ActingSocket {
        node: "node".to_owned(),
        socket: "socket-1".into(),
        epoch: 1,
        remembers_commands: true,
        features: Vec::new(),
        until: fixtures::at(30),
    };
    let connection = VttConnection { acting: Some(acting), ..fixtures::connection(1, &campaign) };
    let mut unit = lobby.world.begin().await;
    unit.vtt().save_connection(&connection).await.unwrap();
    unit.commit().await.unwrap();
    connection.id
}

/// A hero and an ogre fight, and an assassin whom nobody sees.
async fn fight(lobby: &Lobby, connection: ConnectionId, round: u32) {
    let mut combat = Combat { round, ..fixtures::combat(1) };
    let mut assassin = fixtures::combatant(3, CharacterKind::Monster);
    assassin.is_visible = false;
    assassin.is_shown = false;
    assassin.name = "The assassin".to_owned();
    combat.combatants.push(assassin);
    let mut unit = lobby.world.begin().await;
    unit.vtt().save_combat(connection, &combat).await.unwrap();
    unit.commit().await.unwrap();
}

async fn snapshot(lobby: &Lobby, key: &str) -> Value {
    let request = Request::builder().uri(lobby.at("/stream").parse().unwrap());
    let request = request.header("authorization", format!("Bearer {key}")).finish();
    let mut frames = Frames::of(lobby.world.open(request).await);
    let frame = frames.event().await.unwrap();
    assert_eq!(frame.kind, "snapshot");
    frame.data
}

#[tokio::test]
async fn the_game_master_sees_everybody_who_fights() {
    let lobby = Lobby::open().await;
    let path = lobby.at("/combat");
    assert_eq!(lobby.world.get(&path, &lobby.gm).await.problem(404), "not-found");
    let connection = pair(&lobby).await;
    assert_eq!(lobby.world.get(&path, &lobby.gm).await.problem(404), "not-found");
    fight(&lobby, connection, 1).await;
    let reply = lobby.world.get(&path, &lobby.gm).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let body = &reply.body;
    assert_eq!(
        (&body["combatId"], &body["round"], &body["turn"]),
        (&json!("combat-1"), &json!(1), &json!(0))
    );
    let combatants = body["combatants"].as_array().unwrap();
    assert_eq!(combatants.len(), 3);
    assert_eq!(
        combatants[2],
        json!({ "id": "combatant-3", "actorId": "actor-3", "name": "The assassin",
            "image": "tokens/3.webp", "kind": "monster", "isDefeated": false, "isVisible": false,
            "isAffected": false, "hitPoints": { "current": 12, "max": 20 } })
    );
    let member = lobby.world.get(&path, &lobby.streamers[0]).await;
    assert_eq!(member.problem(403), "forbidden");
}

#[tokio::test]
async fn a_stream_begins_with_what_everybody_sees_of_the_combat() {
    let lobby = Lobby::open().await;
    assert_eq!(snapshot(&lobby, &lobby.gm).await["combat"], Value::Null);
    let connection = pair(&lobby).await;
    fight(&lobby, connection, 0).await;
    assert_eq!(snapshot(&lobby, &lobby.gm).await["combat"], Value::Null, "only prepared");
    fight(&lobby, connection, 2).await;
    for key in [&lobby.gm, &lobby.streamers[0]] {
        let combat = &snapshot(&lobby, key).await["combat"];
        assert_eq!((&combat["round"], &combat["turn"]), (&json!(2), &json!(0)));
        let text = combat.to_string();
        assert!(!text.contains("assassin") && !text.contains("combatant-3"), "{text}");
        assert_eq!(combat["combatants"][0]["hitPoints"]["current"], 12);
        assert_eq!(combat["combatants"][1].get("hitPoints"), None);
    }
}
