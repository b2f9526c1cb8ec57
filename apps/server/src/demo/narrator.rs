//! Facts of the event stream as sentences.

use super::feed::Fact;
use serde_json::Value;
use std::collections::HashMap;

/// Knows everybody's name.
pub(super) struct Narrator {
    /// Streamers by their id.
    pub(super) streamers: HashMap<String, String>,
}

impl Narrator {
    /// Who, and what happened; `None` for what the story leaves out.
    pub(super) fn sentence(&self, fact: &Fact) -> Option<(String, String)> {
        let data = &fact.data;
        if let Some(goal) = fact.kind.strip_prefix("gamification:") {
            return self.of_gamification(goal, data);
        }
        match fact.kind.as_str() {
            "vtt:status" => {
                let what = match text(data, "status") {
                    "present" => "is connected",
                    _ => "is away",
                };
                Some((text(data, "worldName").to_owned(), what.to_owned()))
            }
            "dice:roll" => Some((text(data, "characterName").to_owned(), rolled(data))),
            "session:started" => Some(("session".to_owned(), "begins".to_owned())),
            "session:ended" => Some(("session".to_owned(), "ends; rewards pause".to_owned())),
            _ => None,
        }
    }

    fn of_gamification(&self, kind: &str, data: &Value) -> Option<(String, String)> {
        let goal = format!("“{}”", text(data, "eventName"));
        let what = match kind {
            "instance_created" => {
                let opened_by = match text(data, "openedBy") {
                    "manual" => "by hand",
                    "critical" => "by a critical",
                    _ => "with a first click",
                };
                let target = &data["objectiveTarget"];
                format!("{goal} opens {opened_by}: it needs {target} clicks")
            }
            "progress" => {
                let (progress, target) = (&data["currentProgress"], &data["objectiveTarget"]);
                format!("{goal} stands at {progress} of {target}")
            }
            "instance_armed" => format!("{goal} is full, and armed: it waits for a critical"),
            "instance_consumed" => {
                let roll = &data["diceRoll"];
                let (who, result) = (text(roll, "characterName"), &roll["result"]);
                format!("{goal} snaps shut on {who}'s critical {}", result)
            }
            "instance_completed" => format!("{goal} is complete; the table has to act"),
            "action_executed" => executed(&goal, data),
            "instance_expired" => {
                let (progress, target) = (&data["currentProgress"], &data["objectiveTarget"]);
                format!("{goal} expires at {progress} of {target}")
            }
            "instance_cancelled" => format!("{goal} is cancelled ({})", text(data, "reason")),
            "contributions_refunded" if data["remaining"] == 0 => {
                let count = data["count"].as_u64().unwrap_or_default();
                format!("{goal}: {} refunded, {} points", clicks_are(count), data["points"])
            }
            "reward_status" => return self.of_reward(data),
            _ => return None,
        };
        Some((self.whose(data), what))
    }

    fn of_reward(&self, data: &Value) -> Option<(String, String)> {
        let title = format!("the reward “{}”", text(data, "title"));
        let what = match (text(data, "status"), text(data, "pausedBecause")) {
            ("active", _) => format!("{title} can be redeemed for {}", data["cost"]),
            ("paused", because) => format!("{title} is paused ({})", because.replace('_', " ")),
            _ => return None,
        };
        Some((self.whose(data), what))
    }

    fn whose(&self, data: &Value) -> String {
        let streamer = data["streamerId"].as_str().and_then(|id| self.streamers.get(id));
        streamer.map_or_else(|| "all channels".to_owned(), Clone::clone)
    }
}

/// `1 click is` or `3 clicks are`.
pub(super) fn clicks_are(count: u64) -> String {
    if count == 1 { "1 click is".to_owned() } else { format!("{count} clicks are") }
}

fn executed(goal: &str, data: &Value) -> String {
    if data["success"] != true {
        return format!("{goal} has failed: {}", text(data, "message"));
    }
    match (data["originalValue"].as_i64(), data["invertedValue"].as_i64()) {
        (Some(original), Some(inverted)) => {
            format!("{goal} is confirmed by the table: {original} became {inverted}")
        }
        _ => format!("{goal} is confirmed by the table: {}", text(data, "message")),
    }
}

fn rolled(data: &Value) -> String {
    let what = format!("rolls {}: {}", text(data, "formula"), data["result"]);
    match data["criticalLabel"].as_str() {
        Some(label) => format!("{what} — {label}!"),
        None => what,
    }
}

fn text<'a>(data: &'a Value, field: &str) -> &'a str {
    data[field].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sentence(kind: &str, data: Value) -> Option<String> {
        let streamers = HashMap::from([("s1".to_owned(), "alice".to_owned())]);
        let fact = Fact { kind: kind.to_owned(), data };
        let (who, what) = Narrator { streamers }.sentence(&fact)?;
        Some(format!("{who}: {what}"))
    }

    #[test]
    fn an_inversion_is_told_with_both_values() {
        let data = json!({
            "eventName": "Invert the die", "streamerId": "s1", "success": true,
            "originalValue": 20, "invertedValue": 1,
        });
        let told = sentence("gamification:action_executed", data);
        let expected = "alice: “Invert the die” is confirmed by the table: 20 became 1";
        assert_eq!(told.as_deref(), Some(expected));
    }

    #[test]
    fn refunds_are_told_when_the_last_one_is_through() {
        let refunds = |remaining| {
            let data = json!({
                "eventName": "Hourglass", "streamerId": null, "count": 2, "points": 200,
                "remaining": remaining,
            });
            sentence("gamification:contributions_refunded", data)
        };
        assert_eq!(refunds(1), None);
        let expected = "all channels: “Hourglass”: 2 clicks are refunded, 200 points";
        assert_eq!(refunds(0).as_deref(), Some(expected));
    }

    #[test]
    fn what_nobody_knows_is_left_out() {
        assert_eq!(sentence("gamification:something_new", json!({})), None);
        assert_eq!(sentence("snapshot", json!({})), None);
    }
}
