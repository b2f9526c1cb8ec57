//! What happened to the points of the channel.

use super::Place;
use crate::problem::Problem;
use crate::services::Services;
use crate::web::goal;
use crate::web::page::Page;
use gamification_core::event::Event;
use gamification_core::ids::{EventId, InstanceId};
use gamification_core::instance::Instance;
use gamification_core::ledger::{Sum, Tally};
use gamification_core::ports::{PageRequest, RedemptionFilter};
use gamification_core::redemption::{Disposition, Redemption, SettledBy, Settlement};
use gamification_core::time::Timestamp;
use std::collections::BTreeMap;

/// How many of the last clicks are shown.
const CLICKS_SHOWN: u32 = 20;

/// The points of the channel.
pub(super) struct Points {
    /// Where all clicks are.
    tally: Tally,
    /// Whether all records of them agree.
    pub(super) is_balanced: bool,
    /// The stuck ones, then the last ones.
    pub(super) clicks: Vec<Redemption>,
    events: BTreeMap<EventId, Event>,
    goals: BTreeMap<InstanceId, Instance>,
    now: Timestamp,
}

impl Points {
    /// The points as they are now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn read(services: &Services, place: &Place) -> Result<Self, Problem> {
        let queries = &services.core.ports().queries;
        let (campaign, streamer) = (place.campaign.id, Some(place.streamer()));
        let ledger = queries.ledger(campaign, streamer).await?;
        let request = || PageRequest { limit: CLICKS_SHOWN, cursor: None };
        let stuck =
            RedemptionFilter { settlement: Some(Settlement::Stuck), streamer, instance: None };
        let mut clicks = queries.redemptions(campaign, stuck, request()).await?.items;
        let all = RedemptionFilter { streamer, ..RedemptionFilter::default() };
        let newest = queries.redemptions(campaign, all, request()).await?.items;
        clicks.extend(newest.into_iter().filter(|click| click.settlement != Settlement::Stuck));
        let (mut events, mut goals) = (BTreeMap::new(), BTreeMap::new());
        for click in &clicks {
            if !events.contains_key(&click.event_id) {
                let event = queries.event(click.event_id).await?;
                events.extend(event.map(|event| (event.id, event)));
            }
            let Disposition::Counted(id) = click.disposition else { continue };
            if !goals.contains_key(&id) {
                let goal = queries.instance(id).await?;
                goals.extend(goal.map(|goal| (goal.id, goal)));
            }
        }
        let is_balanced = ledger.is_balanced();
        let now = services.core.ports().clock.now();
        Ok(Self { tally: ledger.total, is_balanced, clicks, events, goals, now })
    }

    /// The parts of the whole, each with the end of its text's key.
    pub(super) fn parts(&self) -> [(&'static str, Sum); 5] {
        let Tally { received, fulfilled, refunded, pending, stuck } = self.tally;
        [
            ("received", received),
            ("fulfilled", fulfilled),
            ("refunded", refunded),
            ("pending", pending),
            ("stuck", stuck),
        ]
    }

    /// How an event is called.
    pub(super) fn event(&self, page: &Page, click: &Redemption) -> String {
        let event = self.events.get(&click.event_id);
        event.map(|event| event.name.in_language(page.language()).to_owned()).unwrap_or_default()
    }

    /// The look of a click's badge, and the key of its words.
    pub(super) fn badge(&self, click: &Redemption) -> (&'static str, &'static str) {
        match click.settlement {
            Settlement::Pending => ("", "click-pending"),
            Settlement::FulfilDue => ("", "click-fulfil-due"),
            Settlement::RefundDue => ("", "click-refund-due"),
            Settlement::Fulfilled => ("good", "click-fulfilled"),
            Settlement::Refunded => ("warn", "click-refunded"),
            Settlement::Stuck => ("bad", "click-stuck"),
        }
    }

    /// Whether a person can have it tried again.
    pub(super) fn is_stuck(&self, click: &Redemption) -> bool {
        click.settlement == Settlement::Stuck
    }

    /// Why it is where it is.
    pub(super) fn reasons(&self, page: &Page, click: &Redemption) -> Vec<String> {
        let mut reasons = Vec::new();
        match click.disposition {
            Disposition::Refused(reason) => {
                reasons.push(page.say(goal::reason_key("refusal", &reason)).to_string());
            }
            Disposition::Counted(goal) => {
                if let Some(goal) = self.goals.get(&goal) {
                    let standing = goal::Standing::of(page, goal, self.now);
                    reasons.push(standing.words.to_string());
                    reasons.extend(standing.reason);
                }
            }
        }
        if let Some(reason) = click.stuck_reason {
            reasons.push(page.say(goal::reason_key("stuck", &reason)).to_string());
        }
        if click.settled_by == Some(SettledBy::External) {
            reasons.push(page.say("click-settled-elsewhere").to_string());
        }
        reasons
    }
}
