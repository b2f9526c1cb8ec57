use crate::evening::{Evening, TABLE_KEY};
use crate::support::World;
use gamification_core::redemption::{Direction, RefusalReason};
use gamification_core::service::Contribution;
use poem::http::Method;
use serde_json::{Value, json};

fn sums(view: &Value) -> Vec<u64> {
    ["received", "fulfilled", "refunded", "pending", "stuck"]
        .iter()
        .map(|name| view[name].as_u64().unwrap_or_else(|| panic!("no {name} in {view}")))
        .collect()
}

/// Six clicks that reached the group goal, one too late for it, one on the way to another goal.
async fn play(evening: &Evening) {
    let goal = evening.reach_group_goal().await;
    let late = evening.click(&evening.chat_rewards[0], "late").await;
    assert_eq!(late, Contribution::Refused(RefusalReason::GoalFull));
    evening.click(&evening.invert_reward, "anna").await;
    let path = format!("/api/v1/instances/{}/execution", goal.id);
    let reply = evening.world.post(&path, TABLE_KEY, json!({ "success": true })).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
}

async fn the_ledger_follows(evening: Evening) {
    let path = evening.path("ledger");
    let empty = evening.world.get(&path, &evening.gm).await.body;
    assert_eq!((sums(&empty), &empty["balanced"]), (vec![0; 5], &json!(true)));

    play(&evening).await;
    let ledger = evening.world.get(&path, &evening.gm).await.body;
    assert_eq!(sums(&ledger), [8, 0, 0, 8, 0]);
    evening.settle().await;
    let ledger = evening.world.get(&path, &evening.gm).await.body;
    assert_eq!(sums(&ledger), [8, 6, 1, 1, 0]);
    assert_eq!(sums(&ledger["points"]), [3_100, 1_800, 300, 1_000, 0]);
    assert_eq!((&ledger["balanced"], &ledger["imbalances"]), (&json!(true), &json!([])));
    let mut streamers: Vec<_> = ledger["streamers"].as_array().unwrap().iter().map(sums).collect();
    streamers.sort();
    assert_eq!(streamers, [[3, 3, 0, 0, 0], [5, 3, 1, 1, 0]]);

    let own = evening.world.get(&path, &evening.players[1]).await.body;
    assert_eq!(sums(&own), [3, 3, 0, 0, 0]);
    assert_eq!(sums(&own["points"]), [900, 900, 0, 0, 0]);
    assert_eq!(own["streamers"].as_array().unwrap().len(), 1);
    assert_eq!(own["streamers"][0]["streamerId"], json!(evening.streamers[1].id));
    assert_eq!(own["balanced"], true);
}

#[tokio::test]
async fn the_ledger_follows_every_click_in_memory() {
    the_ledger_follows(Evening::new().await).await;
}

#[tokio::test]
async fn the_ledger_follows_every_click_in_a_database() {
    the_ledger_follows(Evening::in_world(World::on_sqlite().await).await).await;
}

#[tokio::test]
async fn clicks_are_listed_with_what_became_of_them() {
    let evening = Evening::new().await;
    play(&evening).await;
    let list = async |key: &str, rest: &str| {
        let reply = evening.world.get(&evening.path(&format!("redemptions{rest}")), key).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
        reply.body["items"].as_array().unwrap().clone()
    };
    assert_eq!(list(&evening.gm, "").await.len(), 8);
    let due = list(&evening.gm, "?settlement=refund_due").await;
    assert_eq!(due.len(), 1);
    assert_eq!(
        (&due[0]["disposition"], &due[0]["direction"]),
        (&json!("refused"), &json!("refund"))
    );
    assert_eq!((&due[0]["refusalReason"], &due[0]["cost"]), (&json!("goal_full"), &json!(300)));
    assert!(due[0].get("instanceId").is_none() && due[0].get("settledAt").is_none());
    let pending = list(&evening.gm, "?settlement=pending").await;
    let goal = pending[0]["instanceId"].as_str().unwrap();
    assert_eq!(list(&evening.gm, &format!("?instance={goal}")).await, pending);
    assert_eq!(pending[0]["viewerName"], "anna");
    let own = list(&evening.players[1], "").await;
    assert_eq!(own.len(), 3);
    let second = json!(evening.streamers[1].id);
    assert!(own.iter().all(|row| row["streamerId"] == second));
    assert!(list(&evening.players[1], "?settlement=pending").await.is_empty());
}

#[tokio::test]
async fn lists_are_handed_out_in_parts_without_gaps() {
    let evening = Evening::in_world(World::on_sqlite().await).await;
    play(&evening).await;
    let (mut seen, mut rest) = (Vec::new(), String::new());
    loop {
        let path = evening.path(&format!("redemptions?limit=3{rest}"));
        let reply = evening.world.get(&path, &evening.gm).await;
        let items = reply.body["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= 3, "{}", reply.text);
        seen.extend(items.iter().map(|i| i["id"].as_str().unwrap().to_owned()));
        match reply.body["nextCursor"].as_str() {
            Some(cursor) => rest = format!("&cursor={cursor}"),
            None => break,
        }
    }
    let whole = evening.world.get(&evening.path("redemptions"), &evening.gm).await.body;
    let whole: Vec<_> =
        whole["items"].as_array().unwrap().iter().map(|i| i["id"].clone()).collect();
    assert_eq!(json!(seen), json!(whole));
    assert_eq!(seen.len(), 8);
}

#[tokio::test]
async fn a_stuck_click_is_tried_again_by_its_streamer_or_the_gm_alone() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    evening.click(&evening.chat_rewards[0], "late").await;
    // Twitch forgets the reward, as when somebody deletes it by hand.
    let (channel, reward) = (&evening.streamers[0].twitch_id, &evening.chat_rewards[0]);
    let twitch: &dyn gamification_core::ports::TwitchRewards = &*evening.world.twitch;
    twitch.delete(channel, reward.twitch_id.as_ref().unwrap()).await.unwrap();
    evening.settle().await;
    let stuck = evening.path("redemptions?settlement=stuck");
    let rows = evening.world.get(&stuck, &evening.players[0]).await.body;
    assert_eq!(rows["items"].as_array().unwrap().len(), 1, "{rows}");
    assert_eq!(rows["items"][0]["stuckReason"], "reward_deleted");
    let id = rows["items"][0]["id"].as_str().unwrap().to_owned();
    let ledger = evening.world.get(&evening.path("ledger"), &evening.gm).await.body;
    assert_eq!((&ledger["stuck"], &ledger["points"]["stuck"]), (&json!(1), &json!(300)));

    let path = format!("/api/v1/redemptions/{id}/retry");
    evening.refuses_outsiders(Method::POST, &path, Some(json!({}))).await;
    let other = evening.world.post(&path, &evening.players[1], json!({})).await;
    assert_eq!(other.problem(404), "not-found");
    let reply = evening.world.post(&path, &evening.players[0], json!({})).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    assert_eq!((&reply.body["settlement"], &reply.body["id"]), (&json!("refund_due"), &json!(id)));
    let again = evening.world.post(&path, &evening.gm, json!({})).await;
    assert_eq!(again.problem(409), "not-stuck");
    assert!(goal.is_open());
}

#[tokio::test]
async fn what_a_moderator_settled_is_shown_as_settled_by_others() {
    let evening = Evening::new().await;
    evening.click(&evening.invert_reward, "anna").await;
    let list = evening.path("redemptions");
    let row = &evening.world.get(&list, &evening.gm).await.body["items"][0];
    let id = row["id"].as_str().unwrap().into();
    assert!(evening.world.twitch.moderate(&evening.streamers[0].twitch_id, &id, Direction::Fulfil));
    let goal = row["instanceId"].as_str().unwrap();
    let cancel = format!("/api/v1/instances/{goal}/cancel");
    evening.world.post(&cancel, &evening.gm, json!({})).await;
    evening.settle().await;
    let row = &evening.world.get(&list, &evening.gm).await.body["items"][0];
    assert_eq!((&row["settlement"], &row["settledBy"]), (&json!("fulfilled"), &json!("external")));
}

#[tokio::test]
async fn the_ledger_is_for_members() {
    let evening = Evening::new().await;
    for path in ["ledger", "redemptions"] {
        evening.refuses_outsiders(Method::GET, &evening.path(path), None).await;
    }
    for id in ["unknown", "%00", "a%2Fb"] {
        let path = format!("/api/v1/redemptions/{id}/retry");
        let reply = evening.world.post(&path, &evening.gm, json!({})).await;
        assert_eq!(reply.problem(404), "not-found", "{id}");
    }
}

#[tokio::test]
async fn bad_filters_are_named() {
    let evening = Evening::new().await;
    let list = evening.path("redemptions");
    for (rest, field) in [
        ("?settlement=lost", "settlement"),
        ("?instance=x", "instance"),
        ("?limit=many", "limit"),
        ("?cursor=mine", "cursor"),
    ] {
        evening.complains(Method::GET, &format!("{list}{rest}"), None, field).await;
    }
    evening.complains(Method::GET, "/api/v1/campaigns/x/ledger", None, "campaign").await;
}
