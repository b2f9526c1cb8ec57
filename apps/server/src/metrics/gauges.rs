//! What the store holds, read when somebody looks.

use gamification_core::instance::Instance;
use gamification_core::ledger::{Ledger, Tally};
use gamification_core::ports::{Queries, StoreError};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// For how long a reading is good enough.
const FRESH_FOR: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SettlementLabels {
    settlement: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabels {
    status: &'static str,
}

/// Gauges over everything that the store holds.
#[derive(Default)]
pub(super) struct StoreGauges {
    imbalance: Gauge,
    redemptions: Family<SettlementLabels, Gauge>,
    points: Family<SettlementLabels, Gauge>,
    open_goals: Family<StatusLabels, Gauge>,
    is_up: Gauge,
    read_at: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Reading {
    imbalances: usize,
    total: Tally,
    active: i64,
    armed: i64,
    executing: i64,
}

impl StoreGauges {
    pub(super) fn register(&self, registry: &mut Registry) {
        let help = "Differences between records of the same points; 0 when the ledger balances";
        registry.register("ledger_imbalance", help, self.imbalance.clone());
        let help = "Redemptions by where they are";
        registry.register("redemptions", help, self.redemptions.clone());
        registry.register("points", "Channel Points by where they are", self.points.clone());
        registry.register("open_goals", "Goals that are not over", self.open_goals.clone());
        let help = "Whether the store could be read for the gauges about it";
        registry.register("store_up", help, self.is_up.clone());
    }

    /// Reads the store again, unless that was done a moment ago. When it cannot be read, the gauges
    /// keep what they last held, and `store_up` tells.
    pub(super) async fn refresh(&self, queries: &dyn Queries) {
        let mut read_at = self.read_at.lock().await;
        if read_at.is_some_and(|at| at.elapsed() < FRESH_FOR) {
            return;
        }
        match read(queries).await {
            Ok(reading) => {
                self.set(&reading);
                self.is_up.set(1);
                *read_at = Some(Instant::now());
            }
            Err(error) => {
                tracing::warn!(%error, "the store cannot be read for the metrics");
                self.is_up.set(0);
            }
        }
    }

    fn set(&self, reading: &Reading) {
        self.imbalance.set(clamped(reading.imbalances as u64));
        let total = reading.total;
        for (settlement, sum) in [
            ("received", total.received),
            ("fulfilled", total.fulfilled),
            ("refunded", total.refunded),
            ("pending", total.pending),
            ("stuck", total.stuck),
        ] {
            let labels = SettlementLabels { settlement };
            self.redemptions.get_or_create(&labels).set(clamped(sum.count));
            self.points.get_or_create(&labels).set(clamped(sum.points));
        }
        for (status, goals) in
            [("active", reading.active), ("armed", reading.armed), ("executing", reading.executing)]
        {
            self.open_goals.get_or_create(&StatusLabels { status }).set(goals);
        }
    }
}

async fn read(queries: &dyn Queries) -> Result<Reading, StoreError> {
    let mut reading = Reading::default();
    for campaign in queries.all_campaigns().await? {
        let ledger = queries.ledger(campaign, None).await?;
        reading.imbalances += imbalances(&ledger);
        reading.total = plus(reading.total, ledger.total);
        for goal in queries.open_instances(campaign).await? {
            *counter(&mut reading, &goal) += 1;
        }
    }
    Ok(reading)
}

fn imbalances(ledger: &Ledger) -> usize {
    let tallies = ledger.by_streamer.iter().map(|(_, tally)| tally).chain([&ledger.total]);
    ledger.imbalances.len() + tallies.filter(|tally| !tally.adds_up()).count()
}

fn counter<'a>(reading: &'a mut Reading, goal: &Instance) -> &'a mut i64 {
    use gamification_core::instance::InstanceStatus::{
        Active, Armed, Cancelled, Completed, Expired,
    };
    match goal.status() {
        Active => &mut reading.active,
        Armed => &mut reading.armed,
        Completed | Expired | Cancelled => &mut reading.executing,
    }
}

fn plus(left: Tally, right: Tally) -> Tally {
    Tally {
        received: left.received.plus(right.received),
        fulfilled: left.fulfilled.plus(right.fulfilled),
        refunded: left.refunded.plus(right.refunded),
        pending: left.pending.plus(right.pending),
        stuck: left.stuck.plus(right.stuck),
    }
}

fn clamped(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
