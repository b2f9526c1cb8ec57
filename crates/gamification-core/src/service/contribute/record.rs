//! What a batch came to, written.

use super::super::changes::Changes;
use super::super::context::EventAtTable;
use super::super::{Gamification, Served};
use super::Contribution;
use super::decide::Decisions;
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::ports::{StoreError, UnitOfWork};
use crate::redemption::Settlement;
use std::collections::BTreeMap;

impl Gamification {
    /// Writes what was decided: goals, rows, and then what the transitions ask for.
    pub(super) async fn store(
        &self,
        uow: &mut dyn UnitOfWork,
        loaded: &BTreeMap<EventId, EventAtTable>,
        decisions: Decisions,
        changes: &mut Changes,
        outcomes: &mut [Contribution],
    ) -> Served<()> {
        for (_, transition) in &decisions.transitions {
            uow.instances().update(&transition.instance).await?;
        }
        let recorded = uow.redemptions().record(&decisions.rows).await?;
        if recorded.len() != decisions.rows.len() {
            let lost = "a redemption was recorded by somebody else meanwhile".to_owned();
            return Err(StoreError::Contention(lost).into());
        }
        for (event, transition) in decisions.transitions {
            if let Some(at) = loaded.get(&event) {
                self.perform(uow, &at.event, transition, changes).await?;
            }
        }
        for (campaign, streamer, event) in decisions.switch_off {
            self.switch_off_skipped_queue(uow, campaign, streamer, event).await?;
        }
        if decisions.rows.iter().any(|row| row.settlement == Settlement::RefundDue) {
            changes.wake_workers();
        }
        for (index, outcome) in decisions.outcomes {
            outcomes[index] = outcome;
        }
        Ok(())
    }

    /// Somebody switched the request queue of the reward off: its points cannot be given back any
    /// more, so the channel must not offer it.
    async fn switch_off_skipped_queue(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Served<()> {
        let config = uow.configs().streamer_config(campaign, streamer, event).await?;
        if let Some(mut config) = config.filter(|config| config.is_enabled) {
            config.is_enabled = false;
            let reason = "the reward's request queue was switched off on Twitch";
            config.switched_off_reason = Some(reason.to_owned());
            uow.configs().save_streamer_config(&config).await?;
        }
        Ok(())
    }
}
