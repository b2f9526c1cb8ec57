//! Killed with -9 at the worst moment, and started again on the same files.

use crate::evening::{Evening, three_clicks};
use crate::eventsub::{deliver, redemption};
use crate::program::{Api, Place, until};
use scripted_table::{Script, roll_message};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::task::JoinSet;

const CLICKS: usize = 1_000;
const CLIENTS: usize = 16;
/// The server is killed when that many clicks are acknowledged; others are on their way.
const KILLED_AFTER: usize = 300;

/// Posts every click, 16 at a time; the ids of those that were acknowledged.
async fn post_all(
    server: &Api,
    clicks: &[(String, Vec<u8>)],
    acknowledged: &Arc<AtomicUsize>,
) -> BTreeSet<String> {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let mine: Vec<_> = clicks.iter().skip(client).step_by(CLIENTS).cloned().collect();
        let (server, acknowledged) = (server.clone(), Arc::clone(acknowledged));
        clients.spawn(async move {
            let mut taken = Vec::new();
            for (id, body) in mine {
                // A refused connection is what the kill looks like from here.
                if deliver(&server, &id, body).await.is_ok_and(|status| status.is_success()) {
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                    taken.push(id);
                }
            }
            taken
        });
    }
    clients.join_all().await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_among_a_thousand_clicks_every_acknowledged_one_is_in_the_ledger_once() {
    let place = Place::new();
    let server = place.serve().await;
    let setting = json!({
        "isEnabled": true, "objectiveCoefficient": 0.01, "minimumObjective": CLICKS,
        "duration": 3600,
    });
    let evening = Evening::begin(&place, setting).await;
    let clicks: Vec<(String, Vec<u8>)> = (0..CLICKS)
        .map(|number| {
            let (id, viewer) = (format!("click-{number}"), format!("viewer{}", number % 97));
            let body = redemption(&id, &evening.reward, &viewer).to_string().into_bytes();
            (id, body)
        })
        .collect();
    let count = Arc::new(AtomicUsize::new(0));
    let killer = async {
        until("enough clicks to be acknowledged", async || {
            (count.load(Ordering::SeqCst) >= KILLED_AFTER).then_some(())
        })
        .await;
        server.kill();
    };
    let (acknowledged, ()) = tokio::join!(post_all(&evening.server, &clicks, &count), killer);
    assert!((KILLED_AFTER..CLICKS).contains(&acknowledged.len()), "{}", acknowledged.len());

    let server = place.serve().await;
    let kept: Vec<String> = ids(&evening).await;
    let known: BTreeSet<String> = kept.iter().cloned().collect();
    assert_eq!(kept.len(), known.len(), "a click is in the ledger twice");
    let lost: Vec<_> = acknowledged.difference(&known).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!(evening.ledger().await["balanced"], true);

    let again = post_all(&evening.server, &clicks, &count).await;
    assert_eq!(again.len(), CLICKS, "every repetition is acknowledged");
    assert_eq!(ids(&evening).await.len(), CLICKS);
    let ledger = evening.ledger().await;
    let (received, pending) = (&ledger["received"], &ledger["pending"]);
    assert_eq!((received, pending), (&CLICKS.into(), &CLICKS.into()), "{ledger}");
    assert_eq!(ledger["balanced"], true, "{ledger}");
    let goal = evening.goal_that_is("armed").await;
    assert_eq!(goal["currentProgress"], CLICKS);
    server.stop().await;
}

async fn ids(evening: &Evening) -> Vec<String> {
    let rows = evening.redemptions().await;
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_goal_that_was_armed_when_the_server_was_killed_is_executed_afterwards() {
    let place = Place::new();
    let server = place.serve().await;
    let evening = Evening::begin(&place, three_clicks()).await;
    let token = evening.pair().await;
    let mut table = evening.table(&place, &token, Script::our_module()).await;
    evening.assign(&mut table, "actorElda", "Elda").await;
    let people = Api::at(&place.file("data/sandbox-url"), None);
    let reward = until("the reward to be redeemable", async || {
        let offers = format!("{}/streamers/{}/events", evening.campaign, evening.streamer);
        let offers = evening.alice.get(&offers).await;
        let offer = offers["items"].as_array()?.iter().find(|o| o["eventId"] == *evening.event)?;
        (offer["status"] == "active").then(|| offer["rewardId"].as_str().unwrap().to_owned())
    })
    .await;
    for viewer in ["pippa", "juno", "anselm"] {
        people.post("/sandbox/redeem", json!({ "viewer": viewer, "rewardId": reward })).await;
    }
    let armed = evening.goal_that_is("armed").await;
    server.kill();

    let server = place.serve().await;
    assert_eq!(evening.goal_that_is("armed").await["id"], armed["id"]);
    let mut table = evening.table(&place, &token, Script::our_module()).await;
    let roll = roll_message("message-1", ("actorElda", "Elda"), "dnd5e", (20, 20), 5);
    assert_eq!(table.roll(roll).await.unwrap()["success"], true);
    let goal = until("the goal to be executed", async || {
        let goal = evening.goals().await.remove(0);
        (goal["executionStatus"] == "executed").then_some(goal)
    })
    .await;
    let result = &goal["result"];
    assert_eq!((&result["originalValue"], &result["invertedValue"]), (&20.into(), &1.into()));
    until("Twitch to be told", async || {
        let ledger = evening.ledger().await;
        (ledger["fulfilled"] == 3).then_some(())
    })
    .await;
    let people = Api::at(&place.file("data/sandbox-url"), None);
    let record = people.get("/sandbox/redemptions").await;
    let record = record["redemptions"].as_array().unwrap();
    assert_eq!(record.len(), 3);
    assert!(record.iter().all(|one| one["status"] == "FULFILLED"), "{record:?}");
    assert_eq!(evening.ledger().await["balanced"], true);
    server.stop().await;
}
