//! The thinnest way through everything: from nothing to a counted click (6-interfaces §2).

use crate::evening::{Evening, three_clicks};
use crate::eventsub::{deliver, redemption};
use crate::program::{Api, Place};
use reqwest::StatusCode;

#[tokio::test]
async fn a_fresh_server_tells_its_first_key_and_answers_to_it() {
    let place = Place::new();
    let server = place.serve().await;
    let key = place.file("data/first-key");
    let said = place.file("log");
    assert!(said.contains(&format!("first key: {key}")), "{said}");
    let me = Api::at(&place.base(), Some(&key)).get("/api/v1/me").await;
    assert_eq!((&me["user"]["login"], &me["isAdmin"]), (&"gm".into(), &true.into()));
    server.stop().await;
}

#[tokio::test]
async fn a_signed_click_on_a_fresh_reward_opens_a_goal() {
    let place = Place::new();
    let server = place.serve().await;
    let evening = Evening::begin(&place, three_clicks()).await;
    let click = redemption("click-1", &evening.reward, "pippa");
    let taken = deliver(&evening.server, "message-1", click.to_string().into_bytes()).await;
    assert_eq!(taken.unwrap(), StatusCode::NO_CONTENT);
    let goals = evening.goals().await;
    assert_eq!(goals.len(), 1, "{goals:?}");
    let goal = &goals[0];
    assert_eq!((&goal["eventSlug"], &goal["status"]), (&"dice-invert".into(), &"active".into()));
    assert_eq!((&goal["currentProgress"], &goal["objectiveTarget"]), (&1.into(), &3.into()));
    let ledger = evening.ledger().await;
    assert_eq!((&ledger["received"], &ledger["pending"]), (&1.into(), &1.into()));
    assert_eq!(ledger["balanced"], true);
    server.stop().await;
}
