//! The balance: sums that were written independently of each other, compared in one read.
//!
//! - Per channel, event and goal, the journal tells as much of each fact as the redemption rows hold
//!   (`places`), and no row holds a settlement that its direction does not allow.
//! - Per redemption, the journal tells its whole history and nothing else (`history`).
//! - Per goal and channel, the rows are the progress and the contributions, and their direction is
//!   the one that the goal ended with (`goals`).
//!
//! The databases add up; only sums and what differs come here.

mod goals;
mod history;
mod places;

use crate::error::Stored;
use gamification_core::ids::{CampaignId, StreamerId};
use gamification_core::ledger::{Imbalance, Ledger, Tally};
use sea_orm::{DatabaseTransaction, Value};

/// Differences that are told at most.
const IMBALANCES_MAX: usize = 100;

/// Of what the ledger is asked: one campaign, and one channel or all.
#[derive(Debug, Clone, Copy)]
struct Asked {
    campaign: CampaignId,
    streamer: Option<StreamerId>,
}

impl Asked {
    /// The parameters `$1` and `$2` of every statement here.
    fn values(self) -> [Value; 2] {
        [self.campaign.0.into(), self.streamer.map(|streamer| streamer.0).into()]
    }

    fn includes(self, streamer: StreamerId) -> bool {
        self.streamer.is_none_or(|asked| asked == streamer)
    }
}

/// The differences that were found so far.
#[derive(Default)]
struct Findings(Vec<Imbalance>);

impl Findings {
    fn compare(&mut self, comparison: &str, subject: impl ToString, left: i64, right: i64) {
        if left != right && self.0.len() < IMBALANCES_MAX {
            let (comparison, subject) = (comparison.to_owned(), subject.to_string());
            self.0.push(Imbalance { comparison, subject, left, right });
        }
    }
}

/// The campaign's ledger, of one channel when it is named, with every check of the balance.
pub(crate) async fn of_campaign(
    c: &DatabaseTransaction,
    campaign: CampaignId,
    streamer: Option<StreamerId>,
) -> Stored<Ledger> {
    let asked = Asked { campaign, streamer };
    let mut findings = Findings::default();
    let told = places::told(c, asked).await?;
    let held = places::held(c, asked).await?;
    places::compare(&told, &held, &mut findings);
    history::compare(c, asked, &mut findings).await?;
    goals::compare(c, asked, &held, &mut findings).await?;
    let by_streamer = places::tallies(&told, &held)?;
    let total = by_streamer.values().fold(Tally::default(), plus);
    Ok(Ledger { total, by_streamer: by_streamer.into_iter().collect(), imbalances: findings.0 })
}

fn plus(a: Tally, b: &Tally) -> Tally {
    Tally {
        received: a.received.plus(b.received),
        fulfilled: a.fulfilled.plus(b.fulfilled),
        refunded: a.refunded.plus(b.refunded),
        pending: a.pending.plus(b.pending),
        stuck: a.stuck.plus(b.stuck),
    }
}
