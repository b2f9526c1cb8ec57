use crate::evening::Evening;
use gamification_core::vtt::{Attribution, DiceRoll};
use gamification_testkit::fixtures;
use poem::http::Method;
use serde_json::{Value, json};

/// A plain roll, a critical that waits for its owner, and the same hidden; in that order of age.
async fn roll_three(evening: &Evening) -> [DiceRoll; 3] {
    let nobody = evening.streamers[0].id.into();
    let pending = |n| DiceRoll {
        attribution: Attribution::Pending,
        ..fixtures::dice_roll(n, &evening.table, nobody)
    };
    let rolls = [
        fixtures::plain_roll(1, &evening.table),
        pending(2),
        DiceRoll { is_hidden: true, ..pending(3) },
    ];
    let mut unit = evening.world.begin().await;
    for roll in &rolls {
        assert!(unit.rolls().insert(roll).await.unwrap());
    }
    unit.commit().await.unwrap();
    rolls
}

fn path_of(roll: &DiceRoll) -> String {
    format!("/api/v1/rolls/{}/attribution", roll.id)
}

#[tokio::test]
async fn rolls_are_listed_and_hidden_ones_for_the_gm_alone() {
    let evening = Evening::new().await;
    let [plain, pending, hidden] = roll_three(&evening).await;
    let list = async |key: &str, rest: &str| {
        let reply = evening.world.get(&evening.path(&format!("rolls{rest}")), key).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
        reply.body
    };
    let ids = |body: &Value| -> Vec<Value> {
        body["items"].as_array().unwrap().iter().map(|roll| roll["id"].clone()).collect()
    };
    let of = |roll: &DiceRoll| json!(roll.id);
    let all = list(&evening.gm, "").await;
    assert_eq!(ids(&all), [of(&hidden), of(&pending), of(&plain)]);
    assert_eq!(all["items"][1]["critical"]["category"], "nat20");
    assert_eq!(all["items"][1]["critical"]["kind"], "success");
    assert_eq!(
        (&all["items"][2]["result"], &all["items"][2]["formula"]),
        (&json!(12), &json!("1d20"))
    );
    let waiting = list(&evening.gm, "?pending=true").await;
    assert_eq!(ids(&waiting), [of(&hidden), of(&pending)]);
    assert_eq!(ids(&list(&evening.gm, "?pending=false").await), [of(&plain)]);
    let public = list(&evening.players[0], "").await;
    assert_eq!(ids(&public), [of(&pending), of(&plain)]);
    assert!(public["items"][1].get("critical").is_none());
    let part = list(&evening.players[0], "?limit=1").await;
    assert_eq!(ids(&part), [of(&pending)]);
    assert!(part["nextCursor"].is_string());
}

#[tokio::test]
async fn the_gm_says_whose_critical_it_was_and_it_acts() {
    let evening = Evening::new().await;
    let [plain, pending, _] = roll_three(&evening).await;
    let owner = json!({ "streamerId": evening.streamers[0].id });
    let reply = evening.world.post(&path_of(&pending), &evening.gm, owner.clone()).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    assert_eq!(reply.body["streamerId"], owner["streamerId"]);
    assert_eq!(reply.body["pendingAttribution"], false);
    let goals = evening.world.get(&evening.path("instances"), &evening.gm).await.body;
    assert_eq!(goals["items"][0]["openedBy"], "critical");
    assert_eq!(goals["items"][0]["diceRoll"]["rollId"], json!(pending.id));
    assert_eq!(goals["items"][0]["diceRoll"]["criticalType"], "success");
    for roll in [&pending, &plain] {
        let again = evening.world.post(&path_of(roll), &evening.gm, owner.clone()).await;
        assert_eq!(again.problem(409), "not-pending");
    }
}

#[tokio::test]
async fn rolls_are_attributed_to_members_by_the_gm() {
    let evening = Evening::new().await;
    let [_, pending, hidden] = roll_three(&evening).await;
    let owner = json!({ "streamerId": evening.streamers[0].id });
    evening.is_for_the_gm(Method::POST, &path_of(&pending), Some(owner.clone())).await;
    evening.refuses_outsiders(Method::GET, &evening.path("rolls"), None).await;
    let unseen = evening.world.post(&path_of(&hidden), &evening.players[0], owner).await;
    assert_eq!(unseen.problem(404), "not-found");
    let stranger = json!({ "streamerId": fixtures::streamer(3).id });
    let reply = evening.world.post(&path_of(&pending), &evening.gm, stranger).await;
    assert_eq!(reply.problem(404), "not-found");
    let list = evening.path("rolls");
    for (method, path, body, field) in [
        (Method::GET, format!("{list}?pending=maybe"), None, "pending"),
        (Method::GET, format!("{list}?cursor=mine"), None, "cursor"),
        (Method::POST, path_of(&pending), Some(json!({})), "streamerId"),
        (Method::POST, path_of(&pending), Some(json!({ "streamerId": 1 })), "streamerId"),
        (Method::POST, "/api/v1/rolls/x/attribution".to_owned(), Some(json!({})), "roll"),
    ] {
        evening.complains(method, &path, body, field).await;
    }
}
