use gamification_core::ids::{CampaignId, RedemptionId, StreamerId};
use gamification_core::redemption::{Direction, Disposition, JournalFact, Redemption, Settlement};
use gamification_core::time::Timestamp;
use std::sync::Arc;

/// A line of the append-only journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// About which redemption.
    pub redemption_id: RedemptionId,
    /// In which campaign.
    pub campaign_id: CampaignId,
    /// On whose channel.
    pub streamer_id: StreamerId,
    /// What became true.
    pub fact: JournalFact,
    /// What the viewer had paid, in Channel Points.
    pub points: u32,
    /// When.
    pub at: Timestamp,
}

/// The journal. Nothing updates or deletes a line.
#[derive(Clone, Default)]
pub(super) struct Journal(Arc<Vec<JournalEntry>>);

impl Journal {
    pub(super) fn entries(&self) -> &[JournalEntry] {
        &self.0
    }

    pub(super) fn note(&mut self, row: &Redemption, fact: JournalFact, at: Timestamp) {
        Arc::make_mut(&mut self.0).push(JournalEntry {
            redemption_id: row.id.clone(),
            campaign_id: row.campaign_id,
            streamer_id: row.streamer_id,
            fact,
            points: row.cost.get(),
            at,
        });
    }

    /// Everything that is true of a row when it is recorded.
    pub(super) fn note_arrival(&mut self, row: &Redemption) {
        let at = row.received_at;
        self.note(row, JournalFact::Received, at);
        match row.disposition {
            Disposition::Counted(_) => self.note(row, JournalFact::Counted, at),
            Disposition::Refused(_) => self.note(row, JournalFact::Refused, at),
        }
        if let Some(direction) = row.direction {
            self.note(row, decided(direction), at);
        }
        if let Some(end) = end_of(row.settlement) {
            self.note(row, end, at);
        }
    }
}

/// The fact that a direction was decided.
pub(super) const fn decided(direction: Direction) -> JournalFact {
    match direction {
        Direction::Fulfil => JournalFact::FulfilDecided,
        Direction::Refund => JournalFact::RefundDecided,
    }
}

/// The fact that a redemption got there; `None` for the states before an end.
pub(super) const fn end_of(settlement: Settlement) -> Option<JournalFact> {
    match settlement {
        Settlement::Fulfilled => Some(JournalFact::Fulfilled),
        Settlement::Refunded => Some(JournalFact::Refunded),
        Settlement::Stuck => Some(JournalFact::Stuck),
        Settlement::Pending | Settlement::FulfilDue | Settlement::RefundDue => None,
    }
}
