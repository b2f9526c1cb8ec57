//! The five numbers, for all and for each channel, and whether the records agree.

use crate::problem::Problem;
use crate::services::Shared;
use crate::web::console::records::names::Names;
use crate::web::page::Page;
use gamification_core::ids::CampaignId;
use gamification_core::ledger::{Ledger, Sum, Tally};

/// The campaign's ledger with the channels' names.
pub(super) struct Numbers {
    /// What the store's records say.
    pub(super) ledger: Ledger,
    /// Of the channels.
    pub(super) names: Names,
}

impl Numbers {
    /// The ledger as it is now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn of(services: &Shared, campaign: CampaignId) -> Result<Self, Problem> {
        let ledger = services.core.ports().queries.ledger(campaign, None).await?;
        let channels = ledger.by_streamer.iter().map(|(streamer, _)| (*streamer).into());
        let names = Names::of(services, channels, []).await?;
        Ok(Self { ledger, names })
    }

    /// What a comparison is about, in words: the text of the record that it begins with.
    pub(super) fn check(&self, page: &Page, comparison: &str) -> String {
        let record = comparison.split(['.', ' ']).next().unwrap_or_default();
        let key = format!("check-{record}");
        let key = if page.texts().has(&key) { key } else { "check-other".to_owned() };
        page.say(&key).to_string()
    }
}

/// The five sums with the keys of their names, in the order of the equation.
pub(in crate::web::console::records) fn sums(tally: &Tally) -> [(&'static str, Sum); 5] {
    [
        ("ledger-received", tally.received),
        ("ledger-fulfilled", tally.fulfilled),
        ("ledger-refunded", tally.refunded),
        ("ledger-pending", tally.pending),
        ("ledger-stuck", tally.stuck),
    ]
}
