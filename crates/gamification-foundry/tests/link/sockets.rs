use crate::world::{SOON, World, quick, until};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use gamification_core::ports::{PageRequest, Queries, RollFilter};
use gamification_foundry::pairing::SESSION_SECONDS;
use http::{Request, StatusCode};
use scripted_table::{Script, ScriptedTable, TableError, TableEvent, roll_message};
use serde_json::{Value, json};
use std::future::Ready;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

const HERO: (&str, &str) = ("actor-1", "Hero 1");

async fn rolls(world: &World) -> Vec<gamification_core::vtt::DiceRoll> {
    let page = PageRequest { limit: 100, cursor: None };
    let rolls = world.store.rolls(world.campaign.id, RollFilter::default(), page).await;
    rolls.unwrap().items
}

async fn table(world: &World, script: Script) -> ScriptedTable {
    let handed = world.pair("the-sunken-keep").await;
    world.connect(&handed.session_token, script).await.unwrap()
}

fn natural_20(message: &str) -> Value {
    roll_message(message, HERO, "dnd5e", (20, 20), 5)
}

#[tokio::test]
async fn a_table_is_welcomed() {
    let world = World::new().await;
    let handed = world.pair("the-sunken-keep").await;
    let mut table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    let welcome = table.next_named("connected", SOON).await.unwrap();
    assert_eq!(welcome["connectionId"], handed.connection_id.to_string());
    assert_eq!(welcome["itemCategories"], json!([]));
    assert!(welcome["timestamp"].is_i64());
}

#[tokio::test]
async fn tokens_that_do_not_hold_are_refused_with_the_words_that_clients_know() {
    let world = World::new().await;
    let handed = world.pair("the-sunken-keep").await;
    let refusal = async |token: &str| match world.connect(token, Script::published()).await {
        Err(TableError::Refused(text)) => text,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("admitted"),
    };
    assert!(refusal("nonsense").await.contains("invalid"));
    assert!(refusal("").await.contains("invalid"));
    world.clock.advance(SESSION_SECONDS);
    assert!(refusal(&handed.session_token).await.contains("expired"));
    world.pairing.revoke(handed.connection_id, "the GM said so").await.unwrap();
    let text = refusal(&handed.session_token).await;
    assert!(text.contains("revoked") && !text.contains("invalid"), "it keeps its API key: {text}");
    world.store.faults().set_down(true);
    let text = refusal(&handed.session_token).await;
    assert!(!text.contains("invalid") && !text.contains("expired"), "{text}");
}

#[tokio::test]
async fn a_roll_is_recorded_and_acknowledged() {
    let world = World::new().await;
    let mut table = table(&world, Script::published()).await;
    let ack = table.roll(natural_20("m1")).await.unwrap();
    assert_eq!((&ack["success"], &ack["pendingAttribution"]), (&json!(true), &json!(false)));
    let rolls = rolls(&world).await;
    assert_eq!(rolls.len(), 1);
    assert_eq!(ack["rollId"], rolls[0].id.to_string());
    assert_eq!((rolls[0].result, rolls[0].index), (25, 0));
    assert!(rolls[0].critical.is_some());
}

#[tokio::test]
async fn a_roll_that_two_browsers_report_counts_once() {
    let world = World::new().await;
    let handed = world.pair("the-sunken-keep").await;
    let mut one = world.connect(&handed.session_token, Script::published()).await.unwrap();
    let mut two = world.connect(&handed.session_token, Script::published()).await.unwrap();
    let (a, b) = tokio::join!(one.roll(natural_20("m1")), two.roll(natural_20("m1")));
    assert_eq!((&a.unwrap()["success"], &b.unwrap()["success"]), (&json!(true), &json!(true)));
    assert_eq!(rolls(&world).await.len(), 1);
}

#[tokio::test]
async fn every_roll_of_a_message_is_kept_in_its_order() {
    let world = World::new().await;
    let mut table = table(&world, Script::published()).await;
    for value in [20, 3, 7] {
        table.emit("dice:roll", roll_message("m1", HERO, "dnd5e", (20, value), 0)).unwrap();
    }
    for _ in 0..3 {
        table.next_named("dice:roll:ack", SOON).await.unwrap();
    }
    let mut seen: Vec<_> = rolls(&world).await.iter().map(|r| (r.index, r.result)).collect();
    seen.sort_unstable();
    assert_eq!(seen, [(0, 20), (1, 3), (2, 7)]);
}

#[tokio::test]
async fn a_roll_that_makes_no_sense_is_refused_and_the_table_goes_on() {
    let world = World::new().await;
    let mut table = table(&world, Script::published()).await;
    let mut many = natural_20("m1");
    many["terms"][0]["results"] = Value::Array(vec![json!({ "value": 1 }); 1_001]);
    let mut nan = natural_20("m2");
    nan["terms"][0]["results"][0]["value"] = Value::Null;
    for (roll, reason) in [(many, "1001 dice"), (nan, "not a finite"), (json!("x"), "object")] {
        let ack = table.roll(roll).await.unwrap();
        assert_eq!(ack["success"], false);
        assert!(ack["error"].as_str().unwrap().contains(reason), "{ack}");
    }
    for unreadable in ["1e999".to_owned(), format!("{}{}", "[".repeat(500), "]".repeat(500))] {
        let event = format!(r#"["dice:roll",{{"rollId":"m3","result":{unreadable}}}]"#);
        table.send_text(event).unwrap();
        let ack = table.next_named("dice:roll:ack", SOON).await.unwrap();
        assert!(ack["error"].as_str().unwrap().contains("not JSON that can be read"), "{ack}");
    }
    assert_eq!(table.roll(natural_20("m4")).await.unwrap()["success"], true);
    assert_eq!(rolls(&world).await.len(), 1);
}

/// As every Socket.IO server does; clients made of JavaScript cannot send it.
#[tokio::test]
async fn text_that_is_no_json_ends_the_transport_and_nothing_else() {
    let world = World::new().await;
    let handed = world.pair("the-sunken-keep").await;
    let mut one = world.connect(&handed.session_token, Script::published()).await.unwrap();
    let mut other = world.connect(&handed.session_token, Script::published()).await.unwrap();
    one.send_text(r#"["dice:roll",{"rollId":"m1","result":NaN}]"#.to_owned()).unwrap();
    let mut heard = Vec::new();
    while heard.last() != Some(&TableEvent::TransportClosed) {
        heard.push(one.next_event(SOON).await.unwrap());
    }
    assert!(!heard.contains(&TableEvent::NamespaceDisconnected), "it may come back");
    assert_eq!(other.roll(natural_20("m2")).await.unwrap()["success"], true);
    assert_eq!(rolls(&world).await.len(), 1);
}

#[tokio::test]
async fn a_roll_that_the_store_cannot_keep_is_not_acknowledged_as_kept() {
    let world = World::new().await;
    let mut table = table(&world, Script::published()).await;
    table.next_named("connected", SOON).await.unwrap();
    world.store.faults().set_down(true);
    let ack = table.roll(natural_20("m1")).await.unwrap();
    assert_eq!(ack["success"], false);
    assert!(ack["error"].as_str().unwrap().contains("send it again"));
    world.store.faults().set_down(false);
    assert!(rolls(&world).await.is_empty());
}

#[tokio::test]
async fn a_large_character_is_taken_and_its_streamer_stays() {
    let world = World::new().await;
    let mut table = table(&world, Script::published()).await;
    let update = json!({ "characterId": "actor-1", "name": "Elda", "characterType": "pc",
        "stats": { "hp": { "current": 3, "max": 9 } }, "vttData": "x".repeat(2_000_000) });
    table.emit("character:update", update).unwrap();
    let ack = table.next_named("character:update:ack", SOON).await.unwrap();
    assert_eq!(ack, json!({ "success": true }));
    let characters = world.store.characters(world.campaign.id).await.unwrap();
    assert_eq!(characters.len(), 1);
    assert_eq!(characters[0].name, "Elda");
    assert!(characters[0].assigned_streamer_id.is_some());
    assert_eq!(characters[0].details.hit_points.unwrap().current, Some(3));
}

#[tokio::test]
async fn tables_are_pinged_by_an_event() {
    let world = World::with_timing(quick()).await;
    let mut table = table(&world, Script::published()).await;
    for _ in 0..2 {
        assert!(table.next_named("ping", SOON).await.unwrap()["timestamp"].is_i64());
    }
}

#[tokio::test]
async fn at_shutdown_clients_are_not_told_to_stay_away() {
    let world = World::new().await;
    let mut table = table(&world, Script::published()).await;
    table.next_named("connected", SOON).await.unwrap();
    tokio::time::timeout(SOON, world.server.shutdown()).await.unwrap();
    let mut heard = Vec::new();
    while heard.last() != Some(&TableEvent::TransportClosed) {
        heard.push(table.next_event(SOON).await.unwrap());
    }
    assert!(!heard.contains(&TableEvent::NamespaceDisconnected), "{heard:?}");
    assert_eq!(world.link.socket_count(), 0);
}

#[tokio::test]
async fn a_revoked_connection_is_told_and_closed_for_good() {
    let world = World::new().await;
    let handed = world.pair("the-sunken-keep").await;
    let mut table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    table.next_named("connected", SOON).await.unwrap();
    world.pairing.revoke(handed.connection_id, "the GM said so").await.unwrap();
    let told = table.next_named("connection:revoked", SOON).await.unwrap();
    assert_eq!(told["reason"], "the GM said so");
    assert_eq!(table.next_event(SOON).await.unwrap(), TableEvent::NamespaceDisconnected);
    until("its socket is gone", async || world.link.socket_count() == 0).await;
}

#[tokio::test]
async fn polling_works_through_the_same_call() {
    let world = World::new().await;
    let get = |uri: &str| Request::get(uri).body(Bytes::new()).unwrap();
    type NoUpgrade = Ready<Result<tokio::io::DuplexStream, String>>;
    let open = get("/socket.io/?EIO=4&transport=polling");
    let answer = world.server.serve(open, None::<NoUpgrade>).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.body().starts_with(b"0{\"sid\":"), "{:?}", answer.body());
    for (uri, status) in [
        ("/socket.io/?EIO=4&transport=polling&sid=unknown", StatusCode::BAD_REQUEST),
        ("/socket.io/", StatusCode::BAD_REQUEST),
        ("/elsewhere", StatusCode::NOT_FOUND),
    ] {
        let answer = world.server.serve(get(uri), None::<NoUpgrade>).await;
        assert_eq!(answer.status(), status, "{uri}");
    }
    let mut websocket = get("/socket.io/?EIO=4&transport=websocket");
    websocket
        .headers_mut()
        .insert("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==".parse().unwrap());
    let answer = world.server.serve(websocket, None::<NoUpgrade>).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "nothing can be upgraded");
}

/// Engine.IO's close packet would stop some clients from ever coming back.
#[tokio::test]
async fn a_poll_that_waits_at_shutdown_breaks_off_without_a_packet() {
    type NoUpgrade = Ready<Result<tokio::io::DuplexStream, String>>;
    let world = World::new().await;
    let poll = async |query: &str| {
        let uri = format!("/socket.io/?EIO=4&transport=polling{query}");
        let request = Request::get(uri).body(Bytes::new()).unwrap();
        let answer = world.server.serve(request, None::<NoUpgrade>).await;
        (answer.status(), String::from_utf8(answer.into_body().to_vec()).unwrap())
    };
    let opened = poll("").await.1;
    let opened: serde_json::Value = serde_json::from_str(&opened[1..]).unwrap();
    let session = format!("&sid={}", opened["sid"].as_str().unwrap());
    assert_eq!(poll(&session).await, (StatusCode::OK, "2".to_owned()), "the first ping");
    let (waiting, ()) = tokio::join!(poll(&session), world.server.shutdown());
    assert_eq!(waiting, (StatusCode::SERVICE_UNAVAILABLE, String::new()));
}

/// How most Socket.IO clients begin: polling first, then the same session over a websocket.
#[tokio::test]
async fn a_session_that_began_with_polling_goes_on_over_a_websocket() {
    type NoUpgrade = Ready<Result<tokio::io::DuplexStream, String>>;
    let world = World::new().await;
    let token = world.pair("the-sunken-keep").await.session_token;
    let poll = async |method: &str, query: &str, body: String| {
        let uri = format!("/socket.io/?EIO=4&transport=polling{query}");
        let request = Request::builder().method(method).uri(uri).body(body.into()).unwrap();
        let answer = world.server.serve(request, None::<NoUpgrade>).await;
        assert_eq!(answer.status(), StatusCode::OK);
        String::from_utf8(answer.into_body().to_vec()).unwrap()
    };
    let open = poll("GET", "", String::new()).await;
    let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
    let sid = format!("&sid={}", open["sid"].as_str().unwrap());
    let connect = format!("40/vtt,{}", json!({ "token": token }));
    assert_eq!(poll("POST", &sid, connect).await, "ok");
    let heard = poll("GET", &sid, String::new()).await;
    assert!(heard.starts_with("40/vtt,"), "{heard}");
    let address = world.base_url.replace("http", "ws");
    let address = format!("{address}/socket.io/?EIO=4&transport=websocket{sid}");
    let (mut socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
    socket.send(Message::text("2probe")).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("3probe"));
    socket.send(Message::text("5")).await.unwrap();
    let roll = json!(["dice:roll", natural_20("m1")]);
    socket.send(Message::text(format!("42/vtt,{roll}"))).await.unwrap();
    let acknowledged = tokio::time::timeout(SOON, async {
        while let Some(Ok(message)) = socket.next().await {
            if message.to_string().contains("dice:roll:ack") {
                return message.to_string();
            }
        }
        panic!("closed without an answer")
    });
    assert!(acknowledged.await.unwrap().contains("\"success\":true"));
}

#[tokio::test]
async fn what_nothing_follows_from_yet_is_acknowledged() {
    let world = World::new().await;
    let mut table = table(&world, Script::published()).await;
    table.emit("campaign:sync", json!({})).unwrap();
    let ack = table.next_named("campaign:sync:ack", SOON).await.unwrap();
    assert_eq!(ack["success"], true);
    let nothing_else = table.next_named("hello:ack", Duration::from_millis(1)).await;
    assert_eq!(nothing_else, Err(TableError::TimedOut));
}
