//! What streamers offer on their channels.

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::cost::Cost;
use crate::event::{Event, Scope, StreamerConfig};
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::instance::{CancelReason, GoalScope};
use crate::ports::{Lock, UnitOfWork};
use crate::reward::RewardStatus;
use crate::validation::limits;
use serde_json::json;

/// What a streamer wants of an event on the own channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptIn {
    /// Whether the channel offers it.
    pub is_enabled: bool,
    /// The channel's own price as it was written: `None` leaves it, an inner `None` clears it.
    pub cost_override: Option<Option<i64>>,
}

impl OptIn {
    fn cost(self) -> Served<Option<Option<Cost>>> {
        let Some(Some(points)) = self.cost_override else {
            return Ok(self.cost_override.map(|_| None));
        };
        let cost = limits::cost("costOverride", points);
        cost.map(|cost| Some(Some(cost))).map_err(|error| ServiceError::Invalid(vec![error]))
    }
}

impl Gamification {
    /// Switches an event on or off on a channel, or changes its price there. The reward follows by
    /// the reconciler.
    ///
    /// Switching on retires the channel's reward of before, so that viewers see a new one.
    /// Switching off cancels the channel's own goal unless it is being executed; a group goal goes
    /// on without the channel.
    ///
    /// # Errors
    /// [`Conflict::EventNotEnabled`] when it is to be switched on but the GM has not enabled it;
    /// when the streamer does not take part; when the price is out of range, or set for an event
    /// that the channel never offered and still shall not.
    pub async fn opt_in(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
        wish: OptIn,
    ) -> Served<StreamerConfig> {
        self.retrying(|| Box::pin(self.try_opt_in(actor, campaign, streamer, event, wish))).await
    }

    async fn try_opt_in(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
        wish: OptIn,
    ) -> Served<StreamerConfig> {
        let cost = wish.cost()?;
        let mut uow = self.ports.store.begin().await?;
        self.living_campaign(uow.as_mut(), campaign, Lock::Shared).await?;
        let setting = uow.configs().campaign_config(campaign, event, Lock::Exclusive).await?;
        let event = uow.catalogue().get(event).await?.ok_or(ServiceError::NotFound("event"))?;
        self.active_member(uow.as_mut(), campaign, streamer).await?;
        let stored = uow.configs().streamer_config(campaign, streamer, event.id).await?;
        let is_new = stored.is_none();
        let before = stored.unwrap_or_else(|| switched_off(campaign, streamer, event.id));
        if wish.is_enabled && !before.is_enabled && !setting.is_some_and(|s| s.is_enabled) {
            return Err(Conflict::EventNotEnabled.into());
        }
        if is_new && !wish.is_enabled {
            return never_offered(before, cost.flatten());
        }
        let after = StreamerConfig {
            is_enabled: wish.is_enabled,
            cost_override: cost.unwrap_or(before.cost_override),
            switched_off_reason: before.switched_off_reason.filter(|_| !wish.is_enabled),
            ..before
        };
        uow.configs().save_streamer_config(&after).await?;
        let mut changes = Changes::default();
        changes.wake_workers();
        let action = match (before.is_enabled, after.is_enabled) {
            (false, true) => {
                self.renew_reward(uow.as_mut(), &event, &after, &mut changes).await?;
                "opt_in.enabled"
            }
            (true, false) => {
                self.withdraw_from(uow.as_mut(), &event, &after, &mut changes).await?;
                "opt_in.disabled"
            }
            _ => "opt_in.changed",
        };
        let details = json!({
            "eventId": event.id,
            "streamerId": streamer,
            "costOverride": after.cost_override,
        });
        self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
        self.finish(uow, changes).await?;
        Ok(after)
    }

    /// Retires the reward that a channel still has, with the goal that belongs to it.
    async fn renew_reward(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        config: &StreamerConfig,
        changes: &mut Changes,
    ) -> Served<()> {
        let (campaign, streamer) = (config.campaign_id, config.streamer_id);
        let Some(live) = uow.rewards().live(campaign, streamer, event.id).await? else {
            return Ok(());
        };
        let locked = uow.rewards().lock(live.key).await?;
        let Some(mut reward) = locked.filter(|reward| reward.status.is_live()) else {
            return Ok(());
        };
        if event.scope == Scope::Individual {
            let scope = GoalScope::Streamer(streamer);
            let goal = uow.instances().lock_open(campaign, event.id, scope).await?;
            let goals = goal.into_iter().collect();
            self.stop_goals(uow, goals, CancelReason::RewardRecreated, changes).await?;
        }
        reward.status = RewardStatus::Deleting;
        reward.retired_at = Some(self.now());
        reward.failed_attempts = 0;
        reward.next_attempt_at = None;
        reward.last_error = None;
        Ok(uow.rewards().update(&reward).await?)
    }

    /// Takes a channel on which an event was switched off out of the event's goal.
    pub(super) async fn withdraw_from(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        config: &StreamerConfig,
        changes: &mut Changes,
    ) -> Served<()> {
        let scope = GoalScope::of(event.scope, config.streamer_id);
        let goal = uow.instances().lock_open(config.campaign_id, event.id, scope).await?;
        if let Some(goal) = goal {
            let (streamer, reason) = (config.streamer_id, CancelReason::StreamerWithdrew);
            self.take_out_of(uow, goal, streamer, reason, changes).await?;
        }
        Ok(())
    }
}

/// The opt-in of a channel that never made one.
const fn switched_off(
    campaign_id: CampaignId,
    streamer_id: StreamerId,
    event_id: EventId,
) -> StreamerConfig {
    StreamerConfig {
        campaign_id,
        streamer_id,
        event_id,
        is_enabled: false,
        cost_override: None,
        switched_off_reason: None,
    }
}

/// What is answered to switching off what was never on. It is not stored: an opt-in that is there
/// has a reward, paused while it is off.
fn never_offered(opt_in: StreamerConfig, cost: Option<Cost>) -> Served<StreamerConfig> {
    match cost {
        None => Ok(opt_in),
        Some(_) => {
            let reason = "can be set once the event was switched on";
            Err(ServiceError::invalid("costOverride", reason))
        }
    }
}
