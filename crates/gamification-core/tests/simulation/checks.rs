//! The promises, checked after each step.

use crate::evening::Evening;
use gamification_core::instance::{Instance, InstanceState};
use gamification_core::ports::{InstanceFilter, PageRequest, Queries};
use gamification_core::redemption::{
    Direction, Disposition, JournalFact, Redemption, TwitchRedemptionStatus,
};
use gamification_core::service::Missed;
use std::collections::{BTreeMap, BTreeSet, HashSet};

impl Evening {
    /// Checks everything that has to be true at every moment.
    pub(crate) async fn check(&mut self) {
        // P1, and that what has ended is what Twitch holds.
        self.world.assert_balanced().await;
        let rows = self.world.redemptions().await;
        let goals = self.goals().await;
        self.has_waited_for_login |=
            rows.iter().any(|row| row.last_error.as_deref() == Some("login_needed"));
        self.check_ends_are_final(&rows, &goals);
        self.check_twitch(&rows);
        self.check_journal();
        check_scopes(&goals);
        self.check_effects(&goals).await;
        self.check_log().await;
        self.check_combat().await;
    }

    /// Every goal of the evening.
    pub(crate) async fn goals(&self) -> Vec<Instance> {
        let (mut goals, mut cursor) = (Vec::new(), None);
        loop {
            let page = PageRequest { limit: 200, cursor };
            let (campaign, filter) = (self.world.campaign.id, InstanceFilter::default());
            let page = self.world.store.instances(campaign, filter, page).await.unwrap();
            goals.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return goals;
            }
        }
    }

    fn check_ends_are_final(&mut self, rows: &[Redemption], goals: &[Instance]) {
        for row in rows.iter().filter(|row| row.settlement.is_final()) {
            let known = self.ended_rows.entry(row.id.clone()).or_insert_with(|| row.clone());
            assert_eq!(known, row, "it had ended");
        }
        for goal in goals.iter().filter(|goal| !goal.is_open()) {
            let known = self.ended_goals.entry(goal.id).or_insert_with(|| goal.clone());
            // Its cooldown may be ended by people and by other goals.
            known.cooldown = goal.cooldown;
            assert_eq!(known, goal, "it had ended");
        }
    }

    /// What was settled on Twitch was settled the way that was decided, unless a moderator did it;
    /// no reward took undecided points along when it was deleted.
    fn check_twitch(&self, rows: &[Redemption]) {
        let rows: BTreeMap<_, _> = rows.iter().map(|row| (&row.id, row)).collect();
        for made in self.made.iter().filter(|made| !self.moderated.contains(&made.id)) {
            let decided = rows.get(&made.id).and_then(|row| row.direction);
            let allowed = match self.held(&made.id) {
                TwitchRedemptionStatus::Unfulfilled => continue,
                TwitchRedemptionStatus::Fulfilled => Direction::Fulfil,
                TwitchRedemptionStatus::Canceled => Direction::Refund,
            };
            assert_eq!(decided, Some(allowed), "{} on Twitch", made.id);
        }
    }

    /// P3: each redemption arrives once, is decided at most once and ends at most once.
    fn check_journal(&self) {
        let (mut seen, journal) = (HashSet::new(), self.world.store.journal());
        for line in &journal {
            let stage = match line.fact {
                JournalFact::Received => 0,
                JournalFact::Counted | JournalFact::Refused => 1,
                JournalFact::FulfilDecided | JournalFact::RefundDecided => 2,
                JournalFact::Fulfilled | JournalFact::Refunded => 3,
                JournalFact::Stuck | JournalFact::Retried => continue,
            };
            assert!(seen.insert((&line.redemption_id, stage)), "{line:?} is told twice");
        }
    }

    /// P5: no effect happened twice; what counts as executed has happened, as far as anybody can
    /// tell.
    async fn check_effects(&self, goals: &[Instance]) {
        let mut performed = BTreeSet::new();
        for sent in self.world.table.sent() {
            let command = &sent.command;
            assert!(!sent.was_performed || performed.insert(command.id), "{command:?} again");
        }
        for goal in goals {
            if !matches!(goal.state, InstanceState::Executed { .. }) {
                continue;
            }
            let steps = self.world.store.commands(goal.id).await.unwrap();
            for step in steps.iter().filter(|step| step.command.is_required) {
                assert!(step.status.has_happened(), "{step:?}");
                assert!(performed.contains(&step.id), "{step:?} was never sent");
            }
        }
    }

    /// P6: sequence numbers increase, and nothing that was told changes.
    async fn check_log(&mut self) {
        let (campaign, after) = (self.world.campaign.id, self.last_sequence);
        let facts = self.world.store.events_after(campaign, after, 10_000).await.unwrap();
        for (expected, fact) in (after + 1..).zip(&facts) {
            assert_eq!(fact.sequence, expected);
        }
        self.last_sequence += i64::try_from(facts.len()).unwrap();
        let range = self.world.store.log_range(campaign).await.unwrap();
        assert_eq!(range.1, self.last_sequence);
    }
}

/// P4: at most one goal is open per event and scope, and none counts more than it needs.
fn check_scopes(goals: &[Instance]) {
    let mut open = BTreeSet::new();
    for goal in goals {
        if goal.is_open() {
            assert!(open.insert((goal.event_id, goal.scope)), "{goal:?} is a second one");
        }
        if goal.scope.streamer().is_some() {
            assert!(goal.progress <= goal.target, "{goal:?}");
        }
    }
}

/// What usual evenings together meet.
pub(crate) const ALWAYS: [&str; 21] = [
    "Executed",
    "Failed",
    "Expired",
    "Cancelled",
    "Counted",
    "GoalArmed",
    "GoalFull",
    "StreamerDisabled",
    "VttAway",
    "TooOld",
    "Confirmed step",
    "Assumed step",
    "Unknown step",
    "Expired step",
    "Fulfilled by Some(Us)",
    "Refunded by Some(Us)",
    "Fulfilled by Some(External)",
    "Refunded by Some(External)",
    "Found by the poll",
    "Settled elsewhere",
    "Waited for a login",
];

/// What evenings with combats together meet.
pub(crate) const IN_FEUDS: [&str; 5] =
    ["Executed", "Cancelled", "CombatRequired", "Ended with its combat", "Refunded by Some(Us)"];

/// What happened in some evenings: a simulation in which nothing happens proves nothing.
#[derive(Debug, Default)]
pub(crate) struct Coverage(BTreeMap<String, u32>);

impl Coverage {
    pub(crate) async fn add(&mut self, evening: &Evening) {
        let Missed { found, settled_elsewhere } = evening.missed;
        let seen = [
            (found > 0, "Found by the poll"),
            (settled_elsewhere > 0, "Settled elsewhere"),
            (evening.has_waited_for_login, "Waited for a login"),
        ];
        for (_, what) in seen.into_iter().filter(|(has_happened, _)| *has_happened) {
            *self.0.entry(what.to_owned()).or_default() += 1;
        }
        for row in evening.world.redemptions().await {
            let settled = format!("{:?} by {:?}", row.settlement, row.settled_by);
            *self.0.entry(settled).or_default() += 1;
            let disposition = match row.disposition {
                Disposition::Counted(_) => "Counted".to_owned(),
                Disposition::Refused(reason) => format!("{reason:?}"),
            };
            *self.0.entry(disposition).or_default() += 1;
        }
        for goal in evening.goals().await {
            let state = format!("{:?}", goal.state);
            let name = state.split_whitespace().next().unwrap_or_default().to_owned();
            *self.0.entry(name).or_default() += 1;
            if state.contains("CombatEnded") {
                *self.0.entry("Ended with its combat".to_owned()).or_default() += 1;
            }
            for step in evening.world.store.commands(goal.id).await.unwrap() {
                *self.0.entry(format!("{:?} step", step.status)).or_default() += 1;
            }
        }
    }

    /// The evenings together met all of these.
    pub(crate) fn assert_has(&self, always: &[&str]) {
        for what in always {
            assert!(self.0.contains_key(*what), "{what} never happened: {self:#?}");
        }
    }
}
