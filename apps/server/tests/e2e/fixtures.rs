//! The committed fixtures, byte by byte, through the front doors.

use crate::evening::{Evening, three_clicks};
use crate::eventsub::{deliver, now};
use crate::program::{Place, SOON};
use reqwest::StatusCode;
use scripted_table::Script;
use serde_json::{Value, json};
use std::path::PathBuf;

fn fixture(of_crate: &str, name: &str) -> String {
    let crates = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../crates");
    let path = crates.join(of_crate).join("tests/fixtures").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn critical(roll: &Value) -> Option<(&str, &str, &str)> {
    let critical = roll.get("critical")?;
    let field = |name: &str| critical[name].as_str().unwrap();
    Some((field("kind"), field("severity"), field("category")))
}

#[tokio::test]
async fn rolls_mean_what_their_dice_say_on_their_way_through_the_socket() {
    let place = Place::new();
    let server = place.serve().await;
    let evening = Evening::begin(&place, three_clicks()).await;
    let token = evening.pair().await;
    let mut table = evening.table(&place, &token, Script::published()).await;
    for (name, expected) in [
        ("dnd5e_attack_advantage", Some(("success", "major", "nat20"))),
        ("dnd5e_attack_disadvantage", Some(("failure", "major", "nat1"))),
        ("damage_2d6", None),
        ("pf2e_check_degree", Some(("success", "major", "degree_3"))),
        ("coc7_d100_fumble", Some(("failure", "extreme", "coc_fumble"))),
    ] {
        let bytes = fixture("gamification-foundry", &format!("{name}.json"));
        table.send_text(format!("[\"dice:roll\",{bytes}]")).unwrap();
        let ack = table.next_named("dice:roll:ack", SOON).await.unwrap();
        // Nobody plays these characters here: a critical waits for the game master.
        assert_eq!(ack["success"], true, "{name}: {ack}");
        assert_eq!(ack["pendingAttribution"], expected.is_some(), "{name}: {ack}");
        let rolls = evening.gm.get(&format!("{}/rolls", evening.campaign)).await;
        let rolls = rolls["items"].as_array().unwrap();
        let roll = rolls.iter().find(|roll| roll["id"] == ack["rollId"]).unwrap();
        assert_eq!(critical(roll), expected, "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_documented_redemption_passes_the_webhook() {
    let place = Place::new();
    let server = place.serve().await;
    let evening = Evening::begin(&place, three_clicks()).await;
    let bytes = fixture("gamification-twitch", "redemption_add.json");
    // As it is: a reward that is not ours is acknowledged and never touched.
    let taken = deliver(&evening.server, "message-1", bytes.clone().into_bytes()).await.unwrap();
    assert_eq!(taken, StatusCode::NO_CONTENT);
    assert_eq!(evening.redemptions().await, Vec::<Value>::new());

    let reward = "92af127c-7326-4483-a52b-b0da0be61c01";
    assert!(bytes.contains(reward));
    let ours = bytes.replace(reward, &evening.reward);
    let taken = deliver(&evening.server, "message-2", ours.clone().into_bytes()).await.unwrap();
    assert_eq!(taken, StatusCode::NO_CONTENT);
    let rows = evening.redemptions().await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["id"], "17fa2df1-ad76-4804-bfa5-a40ef63efe63");
    // It was made in 2020.
    assert_eq!(rows[0]["refusalReason"], "too_old", "{rows:?}");

    let fresh = ours
        .replace("17fa2df1-ad76-4804-bfa5-a40ef63efe63", "a-fresh-one")
        .replace("2020-07-15T17:16:03.17106713Z", &now());
    let taken = deliver(&evening.server, "message-3", fresh.into_bytes()).await.unwrap();
    assert_eq!(taken, StatusCode::NO_CONTENT);
    let rows = evening.redemptions().await;
    let row = rows.iter().find(|row| row["id"] == "a-fresh-one").unwrap();
    let expected = json!({ "viewerName": "Cooler_User", "viewerId": "9001", "cost": 100 });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&row[field], value, "{row}");
    }
    assert_eq!((&row["disposition"], &row["source"]), (&"counted".into(), &"webhook".into()));
    server.stop().await;
}
