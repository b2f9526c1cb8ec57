use crate::world::{SOON, World, until};
use gamification_core::ids::ConnectionId;
use gamification_core::ports::Queries;
use gamification_core::vtt::Combat;
use scripted_table::{Script, ScriptedTable};
use serde_json::{Value, json};

const WORLD: &str = "the-sunken-keep";

/// A paired world with one client.
struct Table {
    world: World,
    connection: ConnectionId,
    token: String,
    client: ScriptedTable,
}

impl Table {
    async fn new() -> Self {
        let world = World::new().await;
        let handed = world.pair(WORLD).await;
        let client = world.connect(&handed.session_token, Script::published()).await.unwrap();
        let (connection, token) = (handed.connection_id, handed.session_token);
        world.until_acting(connection, false).await;
        Self { world, connection, token, client }
    }

    async fn second_client(&self) -> ScriptedTable {
        let client = self.world.connect(&self.token, Script::published()).await.unwrap();
        until("both are there", async || self.world.link.socket_count() == 2).await;
        client
    }

    async fn say(&mut self, event: &str, more: Value) {
        say(&mut self.client, event, more).await;
    }

    async fn is_in_combat(&self) -> bool {
        self.world.connection(self.connection).await.is_in_combat
    }

    async fn combat(&self) -> Option<Combat> {
        self.world.store.combat(self.connection).await.unwrap()
    }

    async fn sweep(&self) -> u64 {
        self.world.game.sweep_ended_combats().await.unwrap()
    }
}

async fn say(client: &mut ScriptedTable, event: &str, more: Value) {
    let ack = answer(client, event, more).await;
    assert_eq!(ack, json!({ "success": true }), "{event}");
}

async fn answer(client: &mut ScriptedTable, event: &str, more: Value) -> Value {
    let mut body = json!({ "worldId": WORLD, "combatId": "c", "timestamp": 1 });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.emit(event, body).unwrap();
    client.next_named(&format!("{event}:ack"), SOON).await.unwrap()
}

fn combatant(id: &str, kind: &str, initiative: u32) -> Value {
    json!({ "id": id, "actorId": id, "name": id, "img": "", "initiative": initiative,
        "isDefeated": false, "isNPC": kind != "pc", "characterType": kind, "isVisible": true,
        "hp": { "current": 9, "max": 9, "temp": 0 } })
}

fn list() -> Value {
    json!({ "round": 1, "turn": 0,
        "combatants": [combatant("orc", "monster", 5), combatant("elda", "pc", 18)] })
}

#[tokio::test]
async fn an_evening_of_the_published_module_is_followed() {
    let mut table = Table::new().await;
    table.say("combat:combatant-add", json!({ "combatant": combatant("orc", "monster", 5) })).await;
    assert_eq!(table.combat().await, None, "nothing is fought yet");
    let mut start = list();
    start["round"] = json!(0);
    table.say("combat:start", start).await;
    assert!(table.is_in_combat().await);
    let whose = async |table: &Table| {
        let combat = table.combat().await.unwrap();
        let turn = combat.turn.map(|turn| combat.combatants[turn as usize].name.clone());
        (combat.round, turn.unwrap())
    };
    assert_eq!(whose(&table).await, (1, "elda".to_owned()));
    let next = json!({ "round": 1, "turn": 0, "currentCombatant": combatant("elda", "pc", 18),
        "nextCombatant": combatant("orc", "monster", 5) });
    table.say("combat:turn", next).await;
    assert_eq!(whose(&table).await, (1, "orc".to_owned()));
    let mut round = list();
    round["previousRound"] = json!(2);
    round.as_object_mut().unwrap().remove("turn");
    table.say("combat:round", round).await;
    assert_eq!(whose(&table).await, (2, "elda".to_owned()));
    let fallen = json!({ "combatant": combatant("orc", "monster", 5), "defeated": true });
    table.say("combat:combatant-defeated", fallen).await;
    assert!(table.combat().await.unwrap().combatants[1].is_defeated);
    table.say("combat:combatant-remove", json!({ "combatantId": "orc", "name": "orc" })).await;
    assert_eq!(table.combat().await.unwrap().combatants.len(), 1);
    table.say("combat:end", json!({ "finalRound": 2 })).await;
    table.world.clock.advance(4);
    assert_eq!((table.sweep().await, table.is_in_combat().await), (0, true));
    table.world.clock.advance(1);
    assert_eq!((table.sweep().await, table.is_in_combat().await), (1, false));
    let told = table.world.told().await.into_iter().map(|(name, _)| name);
    let told: Vec<_> = told.filter(|name| name.starts_with("combat:")).collect();
    let expected =
        ["combat:start", "combat:turn", "combat:turn", "combat:sync", "combat:sync", "combat:end"];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn an_end_waits_for_a_change_of_scene_through_a_restart_of_the_server() {
    let mut table = Table::new().await;
    table.say("combat:start", list()).await;
    table.say("combat:end", json!({ "finalRound": 0 })).await;
    table.say("combat:sync", list()).await;
    table.say("combat:end", json!({ "finalRound": 0 })).await;
    table.world.server.shutdown().await;
    assert!(table.is_in_combat().await, "an end is believed only after a while");
    table.world.clock.advance(5);
    assert_eq!((table.sweep().await, table.is_in_combat().await), (1, false));
}

#[tokio::test]
async fn a_client_that_looks_elsewhere_does_not_end_what_another_one_shows() {
    let mut table = Table::new().await;
    let mut other = table.second_client().await;
    table.say("combat:start", list()).await;
    say(&mut other, "combat:sync", list()).await;
    say(&mut other, "combat:end", json!({ "finalRound": 0 })).await;
    assert_eq!(table.combat().await.unwrap().ends_at, None);
    table.say("combat:end", json!({ "finalRound": 0 })).await;
    assert!(table.combat().await.unwrap().ends_at.is_some(), "nobody shows it any more");
    table.say("combat:sync", list()).await;
    say(&mut other, "combat:end", json!({ "finalRound": 3 })).await;
    assert!(table.combat().await.unwrap().ends_at.is_some(), "it was deleted");
}

#[tokio::test]
async fn a_client_that_looks_at_what_is_prepared_does_not_end_what_another_one_fights() {
    let mut table = Table::new().await;
    let mut other = table.second_client().await;
    table.say("combat:start", list()).await;
    let prepared = json!({ "combatId": "later", "round": 0, "turn": null, "combatants": [] });
    say(&mut other, "combat:sync", prepared.clone()).await;
    assert_eq!(table.combat().await.unwrap().ends_at, None);
    table.say("combat:sync", prepared).await;
    let combat = table.combat().await.unwrap();
    assert_eq!((combat.id.as_str(), combat.ends_at.is_some()), ("c", true));
}

#[tokio::test]
async fn a_world_that_comes_back_without_its_combat_has_none() {
    let mut table = Table::new().await;
    table.say("combat:start", list()).await;
    let former = table.client;
    former.close().await;
    let (world, connection, token) = (table.world, table.connection, table.token);
    until("nobody is there", async || world.link.socket_count() == 0).await;
    let client = world.connect(&token, Script::published()).await.unwrap();
    let mut table = Table { world, connection, token, client };
    until("the combat is in doubt", async || table.combat().await.unwrap().ends_at.is_some()).await;
    table.say("combat:sync", list()).await;
    assert_eq!(table.combat().await.unwrap().ends_at, None, "it says that it goes on");
    let _second = table.second_client().await;
    assert_eq!(table.combat().await.unwrap().ends_at, None, "only the first one is asked");
}

#[tokio::test]
async fn combats_that_make_no_sense_are_refused_and_the_table_goes_on() {
    let mut table = Table::new().await;
    for (more, reason) in [
        (json!({ "combatId": null }), "combatId is missing"),
        (json!({ "combatId": "x".repeat(200) }), "combatId is not an id"),
    ] {
        let ack = answer(&mut table.client, "combat:start", more).await;
        assert_eq!(ack["success"], false);
        assert!(ack["error"].as_str().unwrap().starts_with(reason), "{ack}");
    }
    table.client.send_text(r#"["combat:start","no object"]"#.to_owned()).unwrap();
    let ack = table.client.next_named("combat:start:ack", SOON).await.unwrap();
    assert_eq!(ack["success"], false);
    table.client.send_text(r#"["combat:sync"]"#.to_owned()).unwrap();
    let ack = table.client.next_named("combat:sync:ack", SOON).await.unwrap();
    assert_eq!(ack["success"], false);
    assert!(!table.is_in_combat().await);
    let name = format!("<img src=x onerror=alert(1)>{}", "y".repeat(10_000));
    let mut start = list();
    start["combatants"][1]["name"] = json!(name);
    table.say("combat:start", start).await;
    let kept = table.combat().await.unwrap().combatants[0].name.clone();
    assert_eq!(kept, name[..256], "as text, cut; who shows it escapes it");
}

#[tokio::test]
async fn what_the_store_cannot_keep_is_not_acknowledged_as_kept() {
    let mut table = Table::new().await;
    table.world.store.faults().set_down(true);
    let ack = answer(&mut table.client, "combat:start", list()).await;
    assert_eq!(ack["success"], false);
    assert!(ack["error"].as_str().unwrap().contains("send it again"));
    table.world.store.faults().set_down(false);
    assert!(!table.is_in_combat().await);
}
