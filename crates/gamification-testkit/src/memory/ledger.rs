//! The balance: the journal against the rows, the rows against the goals.

use super::journal::JournalEntry;
use super::state::State;
use gamification_core::ids::{CampaignId, InstanceId, RedemptionId, StreamerId};
use gamification_core::instance::{Instance, InstanceState};
use gamification_core::ledger::{Imbalance, Ledger, Sum, Tally};
use gamification_core::redemption::{Direction, Disposition, JournalFact, Redemption, Settlement};
use std::collections::{BTreeMap, BTreeSet};

const IMBALANCES_MAX: usize = 100;

/// What the journal says of one redemption.
#[derive(Default)]
struct Told {
    points: u32,
    was_counted: bool,
    direction: Option<Direction>,
    settlement: Option<Settlement>,
}

impl Told {
    fn hear(&mut self, entry: &JournalEntry) {
        let due = |direction: Option<Direction>| direction.map(Settlement::due);
        match entry.fact {
            JournalFact::Received => {
                self.points = entry.points;
                self.settlement = Some(Settlement::Pending);
            }
            JournalFact::Counted => self.was_counted = true,
            JournalFact::Refused => {}
            JournalFact::FulfilDecided => self.direction = Some(Direction::Fulfil),
            JournalFact::RefundDecided => self.direction = Some(Direction::Refund),
            JournalFact::Fulfilled => self.settlement = Some(Settlement::Fulfilled),
            JournalFact::Refunded => self.settlement = Some(Settlement::Refunded),
            JournalFact::Stuck => self.settlement = Some(Settlement::Stuck),
            JournalFact::Retried => self.settlement = due(self.direction),
        }
        if matches!(entry.fact, JournalFact::FulfilDecided | JournalFact::RefundDecided) {
            self.settlement = due(self.direction);
        }
    }
}

impl State {
    /// The campaign's ledger, of one channel when it is named.
    pub(super) fn ledger(&self, campaign: CampaignId, streamer: Option<StreamerId>) -> Ledger {
        let is_asked = |c: CampaignId, s: StreamerId| {
            c == campaign && streamer.is_none_or(|streamer| s == streamer)
        };
        let rows: Vec<&Redemption> = self
            .redemptions
            .values()
            .map(|row| &row.redemption)
            .filter(|row| is_asked(row.campaign_id, row.streamer_id))
            .collect();
        let entries: Vec<&JournalEntry> = self
            .journal
            .entries()
            .iter()
            .filter(|entry| is_asked(entry.campaign_id, entry.streamer_id))
            .collect();
        let by_streamer = tallies(&entries, &rows);
        let total = by_streamer.values().fold(Tally::default(), add);
        let mut imbalances = journal_against_rows(&entries, &rows);
        imbalances.extend(self.rows_against_goals(campaign, streamer, &rows));
        imbalances.truncate(IMBALANCES_MAX);
        Ledger { total, by_streamer: by_streamer.into_iter().collect(), imbalances }
    }

    /// Where the counted redemptions of a goal are.
    pub(super) fn tally_of_instance(&self, instance: InstanceId) -> Tally {
        let rows: Vec<&Redemption> = self
            .redemptions
            .values()
            .map(|row| &row.redemption)
            .filter(|row| row.disposition == Disposition::Counted(instance))
            .collect();
        let ids: BTreeSet<_> = rows.iter().map(|row| &row.id).collect();
        let of_goal = |entry: &&JournalEntry| ids.contains(&entry.redemption_id);
        let entries: Vec<_> = self.journal.entries().iter().filter(of_goal).collect();
        tallies(&entries, &rows).values().fold(Tally::default(), add)
    }

    fn rows_against_goals(
        &self,
        campaign: CampaignId,
        streamer: Option<StreamerId>,
        rows: &[&Redemption],
    ) -> Vec<Imbalance> {
        let mut found = Vec::new();
        for goal in self.instances.values().filter(|goal| goal.campaign_id == campaign) {
            let disposition = Disposition::Counted(goal.id);
            let of_goal: Vec<_> =
                rows.iter().copied().filter(|row| row.disposition == disposition).collect();
            if streamer.is_none() {
                let (left, right) = (of_goal.len() as i64, i64::from(goal.progress));
                compare(&mut found, "redemptions.counted = goals.progress", goal.id, left, right);
            }
            for participant in &goal.participants {
                let id = participant.streamer_id;
                if streamer.is_some_and(|streamer| streamer != id) {
                    continue;
                }
                let left = of_goal.iter().filter(|row| row.streamer_id == id).count() as i64;
                let right = i64::from(participant.contributions);
                let subject = format!("{}/{id}", goal.id);
                let comparison = "redemptions.counted = participants.contributions";
                compare(&mut found, comparison, subject, left, right);
            }
            // What a moderator settled while the goal was open has no direction, and needs none.
            let is_external =
                |row: &Redemption| row.direction.is_none() && row.settlement.is_final();
            let is_astray =
                |row: &&&Redemption| row.direction != direction_of(goal) && !is_external(row);
            let astray = of_goal.iter().filter(is_astray).count();
            compare(&mut found, "redemptions.direction = goals.end", goal.id, astray as i64, 0);
        }
        for row in rows {
            if let Disposition::Counted(goal) = row.disposition {
                let exists = i64::from(self.instances.contains_key(&goal));
                compare(&mut found, "redemptions.goal = goals", &row.id, 1, exists);
            }
        }
        found
    }
}

const fn direction_of(goal: &Instance) -> Option<Direction> {
    match goal.state {
        InstanceState::Executed { .. } => Some(Direction::Fulfil),
        _ if goal.is_open() => None,
        _ => Some(Direction::Refund),
    }
}

fn tallies(entries: &[&JournalEntry], rows: &[&Redemption]) -> BTreeMap<StreamerId, Tally> {
    let mut tallies: BTreeMap<StreamerId, Tally> = BTreeMap::new();
    let one = |points: u32| Sum { count: 1, points: points.into() };
    for entry in entries.iter().filter(|entry| entry.fact == JournalFact::Received) {
        let tally = tallies.entry(entry.streamer_id).or_default();
        tally.received = tally.received.plus(one(entry.points));
    }
    for row in rows {
        let tally = tallies.entry(row.streamer_id).or_default();
        let part = match row.settlement {
            Settlement::Fulfilled => &mut tally.fulfilled,
            Settlement::Refunded => &mut tally.refunded,
            Settlement::Stuck => &mut tally.stuck,
            Settlement::Pending | Settlement::FulfilDue | Settlement::RefundDue => {
                &mut tally.pending
            }
        };
        *part = part.plus(one(row.cost.get()));
    }
    tallies
}

fn add(a: Tally, b: &Tally) -> Tally {
    Tally {
        received: a.received.plus(b.received),
        fulfilled: a.fulfilled.plus(b.fulfilled),
        refunded: a.refunded.plus(b.refunded),
        pending: a.pending.plus(b.pending),
        stuck: a.stuck.plus(b.stuck),
    }
}

fn journal_against_rows(entries: &[&JournalEntry], rows: &[&Redemption]) -> Vec<Imbalance> {
    let mut told: BTreeMap<&RedemptionId, Told> = BTreeMap::new();
    for entry in entries {
        told.entry(&entry.redemption_id).or_default().hear(entry);
    }
    let mut found = Vec::new();
    for row in rows {
        let told = told.remove(&row.id).unwrap_or_default();
        let points = |claim: bool| if claim { i64::from(told.points) } else { 0 };
        let cost = i64::from(row.cost.get());
        let is_counted = matches!(row.disposition, Disposition::Counted(_));
        compare(&mut found, "journal.received = redemptions", &row.id, points(true), cost);
        let (left, right) = (i64::from(told.was_counted), i64::from(is_counted));
        compare(&mut found, "journal.counted = redemptions.counted", &row.id, left, right);
        let agrees = points(told.settlement == Some(row.settlement));
        compare(&mut found, "journal.settlement = redemptions.settlement", &row.id, agrees, cost);
    }
    for (id, told) in told {
        let points = i64::from(told.points);
        compare(&mut found, "journal.received = redemptions", id, points, 0);
    }
    found
}

fn compare(
    found: &mut Vec<Imbalance>,
    comparison: &str,
    subject: impl ToString,
    left: i64,
    right: i64,
) {
    if left != right {
        let (comparison, subject) = (comparison.to_owned(), subject.to_string());
        found.push(Imbalance { comparison, subject, left, right });
    }
}
