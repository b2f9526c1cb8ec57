//! Messages that are larger than any that is taken, and packets that make no sense.

use crate::world::{SOON, World};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use gamification_core::ports::Queries;
use http::{Request, StatusCode};
use scripted_table::{Script, ScriptedTable, TableEvent};
use serde_json::{Value, json};
use std::future::Ready;
use tokio_tungstenite::tungstenite::Message;

const MIB: usize = 1024 * 1024;

/// A character of that many bytes, about.
fn character(bytes: usize) -> Value {
    json!({ "characterId": "actor-1", "name": "Elda", "characterType": "pc",
        "vttData": "x".repeat(bytes) })
}

async fn name(world: &World) -> String {
    world.store.characters(world.campaign.id).await.unwrap()[0].name.clone()
}

async fn until_closed(table: &mut ScriptedTable) -> Vec<TableEvent> {
    let mut heard = Vec::new();
    while heard.last() != Some(&TableEvent::TransportClosed) {
        heard.push(table.next_event(SOON).await.unwrap());
    }
    heard
}

#[tokio::test]
async fn over_a_websocket_almost_four_mebibytes_are_taken() {
    let world = World::new().await;
    let handed = world.pair("the-sunken-keep").await;
    let mut table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    table.emit("character:update", character(3_900 * MIB / 1_000)).unwrap();
    let ack = table.next_named("character:update:ack", SOON).await.unwrap();
    assert_eq!(ack, json!({ "success": true }));
    assert_eq!(name(&world).await, "Elda");
}

#[tokio::test]
async fn over_a_websocket_a_larger_message_breaks_its_transport_and_nothing_else() {
    let world = World::new().await;
    let handed = world.pair("the-sunken-keep").await;
    let mut one = world.connect(&handed.session_token, Script::published()).await.unwrap();
    let mut other = world.connect(&handed.session_token, Script::published()).await.unwrap();
    one.emit("character:update", character(5 * MIB)).unwrap();
    let heard = until_closed(&mut one).await;
    assert!(!heard.contains(&TableEvent::NamespaceDisconnected), "it may come back");
    other.emit("character:update", character(10)).unwrap();
    let ack = other.next_named("character:update:ack", SOON).await.unwrap();
    assert_eq!(ack, json!({ "success": true }));
    let again = world.connect(&handed.session_token, Script::published()).await;
    assert!(again.is_ok(), "it comes back");
}

/// One session over polling; how the server answers a body of that event.
async fn polled(world: &World, bytes: usize) -> (StatusCode, String) {
    type NoUpgrade = Ready<Result<tokio::io::DuplexStream, String>>;
    let token = world.pair("the-sunken-keep").await.session_token;
    let poll = async |method: &str, query: &str, body: String| {
        let uri = format!("/socket.io/?EIO=4&transport=polling{query}");
        let request = Request::builder().method(method).uri(uri).body(Bytes::from(body)).unwrap();
        let answer = world.server.serve(request, None::<NoUpgrade>).await;
        (answer.status(), String::from_utf8(answer.into_body().to_vec()).unwrap())
    };
    let (_, open) = poll("GET", "", String::new()).await;
    let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
    let sid = format!("&sid={}", open["sid"].as_str().unwrap());
    poll("POST", &sid, format!("40/vtt,{}", json!({ "token": token }))).await;
    poll("GET", &sid, String::new()).await;
    let event = json!(["character:update", character(bytes)]);
    poll("POST", &sid, format!("42/vtt,{event}")).await
}

#[tokio::test]
async fn over_polling_almost_four_mebibytes_are_taken_and_more_is_refused() {
    let world = World::new().await;
    assert_eq!(polled(&world, 3_900 * MIB / 1_000).await, (StatusCode::OK, "ok".to_owned()));
    crate::world::until("it is stored", async || name(&world).await == "Elda").await;
    let (status, _) = polled(&world, 5 * MIB).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(polled(&world, 10).await.0, StatusCode::OK, "the server goes on");
}

/// What a websocket hears after it opened the namespace and said that.
async fn answer_to(world: &World, frame: &str) -> Vec<String> {
    let token = world.pair("the-sunken-keep").await.session_token;
    let address = world.base_url.replace("http", "ws");
    let address = format!("{address}/socket.io/?EIO=4&transport=websocket");
    let (mut socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
    let connect = format!("40/vtt,{}", json!({ "token": token }));
    socket.send(Message::text(connect)).await.unwrap();
    // What is said before the namespace is open would be out of place for that alone.
    while !socket.next().await.unwrap().unwrap().to_string().starts_with("40/vtt,") {}
    socket.send(Message::text(frame)).await.unwrap();
    let sync = r#"42/vtt,["campaign:sync",{}]"#;
    // It may be closed by now; what it heard until then counts.
    let _sent = socket.send(Message::text(sync)).await;
    let mut heard = Vec::new();
    while let Some(Ok(message)) = tokio::time::timeout(SOON, socket.next()).await.unwrap() {
        heard.push(message.to_string());
        if message.to_string().contains("campaign:sync:ack") {
            break;
        }
    }
    heard
}

#[tokio::test]
async fn packets_that_make_no_sense_do_no_harm() {
    let world = World::new().await;
    for frame in [
        r#"42/elsewhere,["combat:start",{"combatId":"c"}]"#,
        r#"42["combat:start",{"combatId":"c"}]"#,
        r#"42/vtt,["no:such:event",{}]"#,
        r#"42/vtt,[]"#,
        r#"42/vtt,{}"#,
        r#"42/vtt,["combat:start""#,
        "9",
        "45/vtt,",
        "451-/vtt,[\"combat:start\",{\"_placeholder\":true,\"num\":0}]",
        "",
    ] {
        let _heard_or_closed = answer_to(&world, frame).await;
        let connection = world.store.connection_of(world.campaign.id).await.unwrap().unwrap();
        assert!(!connection.is_in_combat, "{frame}");
        let heard = answer_to(&world, r#"42/vtt,["pong",{}]"#).await;
        assert!(heard.iter().any(|heard| heard.contains("campaign:sync:ack")), "after {frame}");
    }
}
