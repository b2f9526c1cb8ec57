//! The balance of the points: sums that were written independently of each other, compared.

use crate::ids::StreamerId;
use serde::Serialize;

/// Counts of redemptions and their points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Sum {
    /// How many redemptions.
    pub count: u64,
    /// How many Channel Points they cost together.
    pub points: u64,
}

impl Sum {
    /// Both sums together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { count: self.count + other.count, points: self.points + other.points }
    }
}

/// Where all received redemptions are. `received = fulfilled + refunded + pending + stuck`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// All that arrived, by the journal.
    pub received: Sum,
    /// Ended spent.
    pub fulfilled: Sum,
    /// Ended given back.
    pub refunded: Sum,
    /// Not ended: waiting for their goal or for Twitch.
    pub pending: Sum,
    /// Waiting for a person.
    pub stuck: Sum,
}

impl Tally {
    /// Whether the parts make up the whole.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let parts = self.fulfilled.plus(self.refunded).plus(self.pending).plus(self.stuck);
        parts == self.received
    }
}

/// A difference between two records of the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imbalance {
    /// What was compared, for example `journal.received = redemptions`.
    pub comparison: String,
    /// About what: a redemption's, goal's or channel's id.
    pub subject: String,
    /// What the first record says.
    pub left: i64,
    /// What the second says.
    pub right: i64,
}

/// A campaign's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Ledger {
    /// Over all channels.
    pub total: Tally,
    /// Per channel.
    pub by_streamer: Vec<(StreamerId, Tally)>,
    /// Every difference that was found, at most 100; empty when it balances.
    pub imbalances: Vec<Imbalance>,
}

impl Ledger {
    /// Whether all records agree and the parts make up the whole.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.imbalances.is_empty()
            && self.total.adds_up()
            && self.by_streamer.iter().all(|(_, tally)| tally.adds_up())
    }
}
