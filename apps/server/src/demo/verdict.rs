//! What came of all the points: the ledger against itself, and against Twitch's own record.

use super::StoryError;
use super::door::until;
use super::stage::Stage;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long everything may take to be settled when the story is over.
const SETTLED_TIME_MAX: Duration = Duration::from_secs(5);

/// What came of it.
pub(super) struct Verdict {
    /// `ledger: received …`
    pub(super) line: String,
    /// Everything that is wrong; empty when the demo did what it promises.
    pub(super) complaints: Vec<String>,
}

/// Waits until nothing is pending, for a while, and compares. `broke_off`: why the story ended
/// before its time, if it did.
///
/// # Errors
/// When the server or the sandbox does not answer.
pub(super) async fn pronounce(
    stage: &Stage,
    broke_off: Option<String>,
) -> Result<Verdict, StoryError> {
    let path = format!("{}/ledger", stage.campaign);
    let nothing_pending = until("everything to be settled", SETTLED_TIME_MAX, async || {
        let ledger = stage.gm.get(&path).await?;
        Ok((ledger["pending"] == 0).then_some(()))
    });
    match nothing_pending.await {
        // What is pending then is complained of below.
        Ok(()) | Err(StoryError::Waited(_)) => {}
        Err(error) => return Err(error),
    }
    stage.twitch.until_delivered().await?;
    let ledger = stage.gm.get(&path).await?;
    let rows = stage.gm.all(&format!("{}/redemptions", stage.campaign)).await?;
    let record = stage.twitch.redemptions().await?;
    let mut complaints: Vec<String> = broke_off.into_iter().collect();
    complaints.extend(differences(&rows, &record));
    complaints.extend(shortcomings(&ledger, rows.len()));
    Ok(Verdict { line: line(&ledger), complaints })
}

fn line(ledger: &Value) -> String {
    let [received, fulfilled, refunded, pending, stuck] =
        ["received", "fulfilled", "refunded", "pending", "stuck"].map(|part| &ledger[part]);
    format!(
        "ledger: received {received} = fulfilled {fulfilled} + refunded {refunded} \
         + pending {pending} + stuck {stuck}"
    )
}

/// What the ledger itself lacks.
fn shortcomings(ledger: &Value, rows: usize) -> Vec<String> {
    let count = |part: &str| ledger[part].as_u64();
    let checks = [
        (ledger["balanced"] == true, format!("the ledger does not balance: {ledger}")),
        (count("received") == Some(rows as u64), format!("the ledger has {rows} rows")),
        (count("fulfilled") > Some(0), "nothing was fulfilled".to_owned()),
        (count("refunded") > Some(0), "nothing was refunded".to_owned()),
        (count("pending") == Some(0), "something is pending".to_owned()),
        (count("stuck") == Some(0), "something is stuck".to_owned()),
    ];
    checks.into_iter().filter(|(holds, _)| !holds).map(|(_, complaint)| complaint).collect()
}

/// Where the ledger's rows and Twitch's record do not say the same.
fn differences(rows: &[Value], record: &[Value]) -> Vec<String> {
    let ours: BTreeMap<&str, &str> =
        rows.iter().map(|row| (text(row, "id"), text(row, "settlement"))).collect();
    let theirs: BTreeMap<&str, &str> =
        record.iter().map(|one| (text(one, "id"), text(one, "status"))).collect();
    let mut complaints = Vec::new();
    for (id, settlement) in &ours {
        match theirs.get(id) {
            None => complaints.push(format!("Twitch does not know the redemption {id}")),
            Some(status) if !agree(settlement, status) => complaints
                .push(format!("redemption {id} is {settlement} here and {status} at Twitch")),
            Some(_) => {}
        }
    }
    let missing = theirs.keys().filter(|id| !ours.contains_key(*id));
    complaints.extend(missing.map(|id| format!("redemption {id} is not in the ledger")));
    complaints
}

fn agree(settlement: &str, status: &str) -> bool {
    matches!((settlement, status), ("fulfilled", "FULFILLED") | ("refunded", "CANCELED"))
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(id: &str, settlement: &str) -> Value {
        json!({ "id": id, "settlement": settlement })
    }

    fn recorded(id: &str, status: &str) -> Value {
        json!({ "id": id, "status": status })
    }

    #[test]
    fn the_same_on_both_sides_is_no_difference() {
        let rows = [row("a", "fulfilled"), row("b", "refunded")];
        let record = [recorded("b", "CANCELED"), recorded("a", "FULFILLED")];
        assert_eq!(differences(&rows, &record), Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_difference_is_named() {
        let rows = [row("a", "fulfilled"), row("b", "refunded"), row("c", "pending")];
        let record = [recorded("a", "CANCELED"), recorded("c", "UNFULFILLED"), recorded("d", "x")];
        assert_eq!(
            differences(&rows, &record),
            [
                "redemption a is fulfilled here and CANCELED at Twitch",
                "Twitch does not know the redemption b",
                "redemption c is pending here and UNFULFILLED at Twitch",
                "redemption d is not in the ledger",
            ]
        );
    }

    #[test]
    fn a_ledger_that_is_even_has_no_shortcomings_and_each_other_has() {
        let even = json!({
            "received": 3, "fulfilled": 2, "refunded": 1, "pending": 0, "stuck": 0,
            "balanced": true,
        });
        assert_eq!(shortcomings(&even, 3), Vec::<String>::new());
        assert_eq!(
            line(&even),
            "ledger: received 3 = fulfilled 2 + refunded 1 + pending 0 + stuck 0"
        );
        let spoilt = [
            ("balanced", json!(false)),
            ("received", json!(4)),
            ("fulfilled", json!(0)),
            ("refunded", json!(0)),
            ("pending", json!(1)),
            ("stuck", json!(1)),
        ];
        for (field, value) in spoilt {
            let mut ledger = even.clone();
            ledger[field] = value;
            assert_eq!(shortcomings(&ledger, 3).len(), 1, "{field}");
        }
    }
}
