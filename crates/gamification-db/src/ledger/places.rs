//! The journal against the redemption rows, added up per channel, event and goal.

use super::{Asked, Findings};
use crate::error::Stored;
use crate::{redemptions, rows};
use gamification_core::ids::StreamerId;
use gamification_core::ledger::Tally;
use sea_orm::{DatabaseTransaction, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where clicks are: a channel, an event, and a goal unless they were refused.
type Place = (Uuid, Uuid, Option<Uuid>);

/// What the journal tells of one fact in one place.
#[derive(FromQueryResult)]
pub(super) struct Told {
    streamer_id: Uuid,
    event_id: Uuid,
    instance_id: Option<Uuid>,
    fact: String,
    lines: i64,
    points: i64,
}

/// The redemption rows of one place that are in the same state.
#[derive(FromQueryResult)]
pub(super) struct Held {
    pub(super) streamer_id: Uuid,
    event_id: Uuid,
    pub(super) instance_id: Option<Uuid>,
    pub(super) settlement: String,
    pub(super) direction: Option<String>,
    pub(super) clicks: i64,
    points: i64,
    refused: i64,
    stuck: i64,
    stuck_points: i64,
    retried: i64,
    retried_points: i64,
}

const TOLD: &str = "SELECT streamer_id, event_id, instance_id, fact, COUNT(*) AS lines, \
    CAST(SUM(points) AS BIGINT) AS points \
    FROM journal WHERE campaign_id = $1 AND ($2 IS NULL OR streamer_id = $2) \
    GROUP BY streamer_id, event_id, instance_id, fact";

const HELD: &str = "SELECT streamer_id, event_id, instance_id, settlement, direction, \
    COUNT(*) AS clicks, CAST(SUM(cost) AS BIGINT) AS points, COUNT(refusal) AS refused, \
    CAST(SUM(stuck_count) AS BIGINT) AS stuck, \
    CAST(SUM(stuck_count * cost) AS BIGINT) AS stuck_points, \
    CAST(SUM(retried_count) AS BIGINT) AS retried, \
    CAST(SUM(retried_count * cost) AS BIGINT) AS retried_points \
    FROM redemptions WHERE campaign_id = $1 AND ($2 IS NULL OR streamer_id = $2) \
    GROUP BY streamer_id, event_id, instance_id, settlement, direction";

pub(super) async fn told(c: &DatabaseTransaction, asked: Asked) -> Stored<Vec<Told>> {
    rows::select(c, TOLD, asked.values()).await
}

pub(super) async fn held(c: &DatabaseTransaction, asked: Asked) -> Stored<Vec<Held>> {
    rows::select(c, HELD, asked.values()).await
}

/// Lines and points of one fact in one place, by the journal and by the rows.
#[derive(Default)]
struct Both {
    told: (i64, i64),
    held: (i64, i64),
}

impl Held {
    const fn place(&self) -> Place {
        (self.streamer_id, self.event_id, self.instance_id)
    }

    /// The facts that must have been told of rows in this state, with how many lines and points.
    fn facts(&self) -> Vec<(&str, (i64, i64))> {
        let all = (self.clicks, self.points);
        let mut facts = vec![
            ("received", all),
            ("stuck", (self.stuck, self.stuck_points)),
            ("retried", (self.retried, self.retried_points)),
        ];
        if self.instance_id.is_some() {
            facts.push(("counted", all));
        }
        if self.refused > 0 {
            facts.push(("refused", (self.refused, self.points)));
        }
        match self.direction.as_deref() {
            Some("fulfil") => facts.push(("fulfil_decided", all)),
            Some(_) => facts.push(("refund_decided", all)),
            None => {}
        }
        if matches!(self.settlement.as_str(), "fulfilled" | "refunded") {
            facts.push((&self.settlement, all));
        }
        facts
    }

    /// Whether rows in that state may have that direction, and have been stuck that often.
    fn is_possible(&self) -> bool {
        let stuck_now = match (self.settlement.as_str(), self.direction.as_deref()) {
            ("fulfilled" | "refunded", _) => return true,
            ("pending", None) | ("fulfil_due", Some("fulfil")) | ("refund_due", Some("refund")) => {
                0
            }
            ("stuck", Some(_)) => self.clicks,
            _ => return false,
        };
        self.stuck - self.retried == stuck_now
    }
}

pub(super) fn compare(told: &[Told], held: &[Held], findings: &mut Findings) {
    let mut sums: BTreeMap<(Place, &str), Both> = BTreeMap::new();
    for part in told {
        let place = (part.streamer_id, part.event_id, part.instance_id);
        sums.entry((place, &part.fact)).or_default().told = (part.lines, part.points);
    }
    for part in held {
        for (fact, (lines, points)) in part.facts() {
            let both = sums.entry((part.place(), fact)).or_default();
            both.held = (both.held.0 + lines, both.held.1 + points);
        }
    }
    for ((place, fact), both) in sums {
        let subject = subject(place);
        let comparison = format!("journal.{fact} = redemptions");
        findings.compare(&comparison, subject, both.told.0, both.held.0);
        let comparison = format!("journal.{fact} points = redemptions.cost");
        findings.compare(&comparison, subject, both.told.1, both.held.1);
    }
    for part in held.iter().filter(|part| !part.is_possible()) {
        let comparison = "redemptions.settlement = redemptions.direction";
        findings.compare(comparison, subject(part.place()), part.clicks, 0);
    }
}

/// The goal, or the channel when the clicks were refused.
fn subject((streamer, _, instance): Place) -> Uuid {
    instance.unwrap_or(streamer)
}

/// What arrived by the journal, where it is now by the rows.
pub(super) fn tallies(told: &[Told], held: &[Held]) -> Stored<BTreeMap<StreamerId, Tally>> {
    let mut tallies: BTreeMap<StreamerId, Tally> = BTreeMap::new();
    for part in told.iter().filter(|part| part.fact == "received") {
        let tally = tallies.entry(StreamerId(part.streamer_id)).or_default();
        redemptions::add(tally, &part.fact, part.lines, part.points)?;
    }
    for part in held {
        let tally = tallies.entry(StreamerId(part.streamer_id)).or_default();
        redemptions::add(tally, &part.settlement, part.clicks, part.points)?;
    }
    Ok(tallies)
}
