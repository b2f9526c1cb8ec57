//! Asking what is missing before a goal can start.

use super::{Gamification, Served, ServiceError};
use crate::event::Scope;
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::instance::GoalScope;
use crate::ports::Lock;
use crate::preflight::{Check, pre_flight};

impl Gamification {
    /// What is missing before a goal of the event can start on that channel, and have its effect.
    /// Nothing is changed.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such campaign or event;
    /// [`ServiceError::Invalid`] when an individual event names no streamer.
    pub async fn pre_flight(
        &self,
        campaign: CampaignId,
        event: EventId,
        streamer: Option<StreamerId>,
    ) -> Served<Vec<Check>> {
        let mut uow = self.ports.store.begin().await?;
        let uow = uow.as_mut();
        let table = self.table(uow, campaign, Lock::None).await?;
        let table = table.ok_or(ServiceError::NotFound("campaign"))?;
        let at = self.event_at_table(uow, campaign, event, Lock::None).await?;
        let at = at.ok_or(ServiceError::NotFound("event"))?;
        let scope = match (at.event.scope, streamer) {
            (Scope::Group, _) => GoalScope::Group,
            (Scope::Individual, Some(streamer)) => GoalScope::Streamer(streamer),
            (Scope::Individual, None) => {
                return Err(ServiceError::invalid("streamer", "this event is individual"));
            }
        };
        let now = self.now();
        let candidates = self.candidates(uow, campaign, &at.event, scope, now).await?;
        let channel = match streamer.or_else(|| candidates.first().copied()) {
            Some(streamer) => Some(self.channel(uow, &table, &at, streamer).await?),
            None => None,
        };
        let open = uow.instances().lock_open(campaign, event, scope).await?;
        let open = open.filter(|goal| goal.deadline().is_some_and(|end| end > now));
        let cooldown = uow.instances().cooldown(campaign, event, scope, now).await?;
        let here = table.circumstances(&at, channel.as_ref(), open.as_ref(), cooldown.is_some());
        let world = uow.vtt().connection_of(campaign).await?;
        let found =
            self.surroundings(uow, at.needs, campaign, scope.streamer(), world.as_ref()).await?;
        let objections = self.actions.pre_flight(&at.event.action, found.as_surroundings());
        Ok(pre_flight(&here, objections, now))
    }
}
