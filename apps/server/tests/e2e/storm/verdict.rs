//! What has to be true after a storm.

use super::stage::Stage;
use serde_json::Value;
use std::collections::BTreeMap;

/// Compares the ledger with Twitch's own record, redemption by redemption.
pub(super) async fn pronounce(stage: &Stage) {
    let ledger = stage.ledger().await;
    assert_eq!(ledger["balanced"], true, "{ledger}");
    assert_eq!((&ledger["pending"], &ledger["stuck"]), (&0.into(), &0.into()), "{ledger}");
    for way in ["fulfilled", "refunded"] {
        assert_ne!(ledger[way], 0, "a storm has goals that succeed and goals that do not");
    }
    let rows = stage.gm.all(&format!("{}/redemptions", stage.campaign)).await;
    let rows: BTreeMap<&str, &Value> =
        rows.iter().map(|row| (row["id"].as_str().unwrap(), row)).collect();
    let record = stage.record().await;
    assert_eq!(rows.len(), record.len());
    for redemption in &record {
        let row = rows[redemption["id"].as_str().unwrap()];
        let expected = match row["settlement"].as_str().unwrap() {
            "fulfilled" => "FULFILLED",
            "refunded" => "CANCELED",
            other => panic!("{other}: {row}"),
        };
        assert_eq!(redemption["status"], expected, "{row} {redemption}");
        let settlements = redemption["settlements"].as_array().unwrap();
        assert_eq!(settlements.len(), 1, "settled more than once: {redemption}");
        assert_eq!(row["settledBy"], "us", "nobody else was there: {row}");
    }
    foreign_is_untouched(stage).await;
}

async fn foreign_is_untouched(stage: &Stage) {
    let changes = stage.twitch.get("/sandbox/reward-changes").await;
    let changes = changes["rewardChanges"].as_array().unwrap();
    let of_it = changes.iter().filter(|change| change["rewardId"] == *stage.foreign_reward);
    assert_eq!(of_it.count(), 1, "somebody else's reward was made, and nothing else: {changes:?}");
    let record = stage.twitch.get("/sandbox/redemptions").await;
    let record = record["redemptions"].as_array().unwrap();
    let of_it = record.iter().find(|one| one["reward"]["id"] == *stage.foreign_reward).unwrap();
    assert_eq!(of_it["status"], "UNFULFILLED");
}
