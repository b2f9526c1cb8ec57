use gamification_core::ids::StreamerId;
use gamification_core::ledger::{Imbalance, Ledger, Tally};
use poem_openapi::Object;
use uuid::Uuid;

/// Where all clicks are: `received = fulfilled + refunded + pending + stuck`.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Ledger", rename_all = "camelCase")]
pub(super) struct LedgerView {
    /// Clicks that arrived.
    received: u64,
    /// Clicks that ended spent.
    fulfilled: u64,
    /// Clicks that ended given back.
    refunded: u64,
    /// Clicks that have not ended: they wait for their goal or for Twitch.
    pending: u64,
    /// Clicks that wait for a person.
    stuck: u64,
    /// The same in Channel Points.
    points: PointSums,
    /// Whether all records agree and the parts make up the whole.
    balanced: bool,
    /// Every difference that was found, at most 100.
    imbalances: Vec<ImbalanceView>,
    /// The same for each channel.
    streamers: Vec<StreamerLedger>,
}

/// Sums of Channel Points.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct PointSums {
    /// Of all clicks that arrived.
    received: u64,
    /// Spent.
    fulfilled: u64,
    /// Given back.
    refunded: u64,
    /// Of clicks that have not ended.
    pending: u64,
    /// Of clicks that wait for a person.
    stuck: u64,
}

/// A channel's part of the ledger.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct StreamerLedger {
    /// Whose channel.
    streamer_id: Uuid,
    /// Clicks that arrived.
    received: u64,
    /// Clicks that ended spent.
    fulfilled: u64,
    /// Clicks that ended given back.
    refunded: u64,
    /// Clicks that have not ended.
    pending: u64,
    /// Clicks that wait for a person.
    stuck: u64,
    /// The same in Channel Points.
    points: PointSums,
    /// Whether the parts make up the whole.
    balanced: bool,
}

/// A difference between two records of the same thing.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Imbalance", rename_all = "camelCase")]
struct ImbalanceView {
    /// What was compared, for example `journal.received = redemptions`.
    comparison: String,
    /// About what: a redemption's, goal's or channel's id.
    subject: String,
    /// What the first record says.
    left: i64,
    /// What the second says.
    right: i64,
}

impl From<Ledger> for LedgerView {
    fn from(ledger: Ledger) -> Self {
        let balanced = ledger.is_balanced();
        let Tally { received, fulfilled, refunded, pending, stuck } = ledger.total;
        Self {
            received: received.count,
            fulfilled: fulfilled.count,
            refunded: refunded.count,
            pending: pending.count,
            stuck: stuck.count,
            points: ledger.total.into(),
            balanced,
            imbalances: ledger.imbalances.into_iter().map(Into::into).collect(),
            streamers: ledger.by_streamer.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<(StreamerId, Tally)> for StreamerLedger {
    fn from((streamer, tally): (StreamerId, Tally)) -> Self {
        let Tally { received, fulfilled, refunded, pending, stuck } = tally;
        Self {
            streamer_id: streamer.0,
            received: received.count,
            fulfilled: fulfilled.count,
            refunded: refunded.count,
            pending: pending.count,
            stuck: stuck.count,
            points: tally.into(),
            balanced: tally.adds_up(),
        }
    }
}

impl From<Tally> for PointSums {
    fn from(tally: Tally) -> Self {
        Self {
            received: tally.received.points,
            fulfilled: tally.fulfilled.points,
            refunded: tally.refunded.points,
            pending: tally.pending.points,
            stuck: tally.stuck.points,
        }
    }
}

impl From<Imbalance> for ImbalanceView {
    fn from(found: Imbalance) -> Self {
        let Imbalance { comparison, subject, left, right } = found;
        Self { comparison, subject, left, right }
    }
}
