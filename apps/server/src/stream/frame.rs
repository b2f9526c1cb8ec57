//! What goes over the wire, and what of it is told as one.

use bytes::Bytes;
use gamification_core::announcement::{AnnouncementKind, DomainEvent, Visibility};
use gamification_core::ids::InstanceId;
use serde_json::{Value, json};
use std::collections::HashMap;

/// How long a client waits before it comes back, and the first bytes of every stream.
pub(super) const RETRY: &[u8] = b"retry: 2000\n\n";
/// Keeps proxies from closing a stream in which nothing happens.
pub(super) const COMMENT: &[u8] = b": still here\n\n";

/// A fact as every reader who may see it gets it.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) sequence: i64,
    pub(super) visibility: Visibility,
    pub(super) bytes: Bytes,
}

impl Frame {
    pub(super) fn live(event: &DomainEvent) -> Self {
        Self {
            sequence: event.sequence,
            visibility: event.announcement.visibility.clone(),
            bytes: fact(event, false),
        }
    }
}

/// A fact; `is_replayed` for one that the reader missed.
pub(super) fn fact(event: &DomainEvent, is_replayed: bool) -> Bytes {
    let mut data = event.announcement.payload.clone();
    if !data.is_object() {
        data = json!({ "value": data });
    }
    data["campaignId"] = json!(event.campaign_id);
    data["sequence"] = json!(event.sequence);
    data["at"] = json!(event.at);
    if is_replayed {
        data["replayed"] = json!(true);
    }
    frame(event.announcement.kind.wire_name(), Some(event.sequence), &data)
}

/// One event. JSON has no bare line breaks, so the data is one line.
pub(super) fn frame(event: &str, id: Option<i64>, data: &Value) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("{id}event: {event}\ndata: {data}\n\n"))
}

/// The facts in order, but of several progresses of a goal the last one alone, which takes the others
/// in.
pub(super) fn coalesced(events: Vec<DomainEvent>) -> Vec<DomainEvent> {
    let mut kept: Vec<DomainEvent> = Vec::with_capacity(events.len());
    let mut last_progress: HashMap<InstanceId, usize> = HashMap::new();
    for event in events.into_iter().rev() {
        let goal = event.announcement.instance_id;
        let is_progress = event.announcement.kind == AnnouncementKind::Progress;
        let newer = goal.filter(|_| is_progress).and_then(|goal| last_progress.get(&goal));
        if let Some(newer) = newer.and_then(|index| kept.get_mut(*index))
            && newer.announcement.absorb(&event.announcement)
        {
            continue;
        }
        if let (true, Some(goal)) = (is_progress, goal) {
            last_progress.insert(goal, kept.len());
        }
        kept.push(event);
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use gamification_core::announcement::Announcement;
    use gamification_core::time::Timestamp;
    use uuid::Uuid;

    fn event(sequence: i64, kind: AnnouncementKind, goal: u128, payload: Value) -> DomainEvent {
        let mut announcement = Announcement::about_campaign(kind, Visibility::Everyone, payload);
        announcement.instance_id = Some(Uuid::from_u128(goal).into());
        let campaign_id = Uuid::from_u128(9).into();
        DomainEvent { campaign_id, sequence, at: Timestamp::from_micros(1), announcement }
    }

    #[test]
    fn of_several_progresses_of_a_goal_the_last_one_is_told_with_the_names_of_all() {
        use AnnouncementKind::{InstanceArmed, Progress};
        let names = |names: &[&str]| json!({ "contributors": names });
        let told = coalesced(vec![
            event(1, Progress, 1, names(&["a"])),
            event(2, Progress, 2, names(&["x"])),
            event(3, Progress, 1, names(&["b"])),
            event(4, InstanceArmed, 1, json!({})),
        ]);
        let sequences: Vec<i64> = told.iter().map(|event| event.sequence).collect();
        assert_eq!(sequences, [2, 3, 4]);
        assert_eq!(told[1].announcement.payload, names(&["b", "a"]));
    }

    #[test]
    fn a_fact_is_one_event_with_its_number() {
        let fact = fact(&event(7, AnnouncementKind::DiceRoll, 1, json!({ "a": "x\ny" })), true);
        let text = String::from_utf8(fact.to_vec()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["id: 7", "event: dice:roll"]);
        let data: Value = serde_json::from_str(lines[2].strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!((&data["sequence"], &data["replayed"]), (&json!(7), &json!(true)));
        assert_eq!(&lines[3..], [""]);
    }
}
