//! The GM's settings of events.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::campaign::Campaign;
use crate::event::{CampaignConfig, Event};
use crate::ids::{CampaignId, EventId};
use crate::instance::CancelReason;
use crate::ports::{Lock, UnitOfWork};
use crate::validation::{FieldError, limits};
use serde_json::json;

/// What is to change of a campaign's setting of an event. What is `None` stays, an inner `None`
/// clears the override. Numbers are as they were written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ConfigChanges {
    /// Whether streamers may offer it.
    pub is_enabled: Option<bool>,
    /// Channel Points per click.
    pub cost: Option<Option<i64>>,
    /// Share of the audience that has to click.
    pub objective_coefficient: Option<Option<f64>>,
    /// Clicks that are needed however small the audience is.
    pub minimum_objective: Option<Option<i64>>,
    /// How long a goal stays active, in seconds.
    pub duration_seconds: Option<Option<i64>>,
    /// The pause after a completed goal, in seconds; 0 is none.
    pub cooldown_seconds: Option<Option<i64>>,
    /// Counted clicks per viewer and session; 0 and cleared are unlimited.
    pub max_contributions_per_viewer: Option<Option<i64>>,
}

impl ConfigChanges {
    pub(super) fn applied_to(&self, config: &CampaignConfig) -> Served<CampaignConfig> {
        let (mut config, mut errors) = (config.clone(), Vec::new());
        config.is_enabled = self.is_enabled.unwrap_or(config.is_enabled);
        set(&mut config.cost, self.cost, |n| limits::cost("cost", n), &mut errors);
        set(
            &mut config.coefficient,
            self.objective_coefficient,
            |share| limits::coefficient("objectiveCoefficient", share),
            &mut errors,
        );
        set(
            &mut config.minimum_objective,
            self.minimum_objective,
            |clicks| limits::minimum_objective("minimumObjective", clicks),
            &mut errors,
        );
        set(
            &mut config.duration_seconds,
            self.duration_seconds,
            |seconds| limits::duration_seconds("duration", seconds),
            &mut errors,
        );
        set(
            &mut config.cooldown_seconds,
            self.cooldown_seconds,
            |seconds| limits::cooldown_seconds("cooldown", seconds),
            &mut errors,
        );
        let mut viewer_limit = Some(config.max_contributions_per_viewer);
        set(
            &mut viewer_limit,
            self.max_contributions_per_viewer,
            |clicks| limits::contributions_per_viewer("maxContributionsPerViewer", clicks),
            &mut errors,
        );
        config.max_contributions_per_viewer = viewer_limit.unwrap_or(0);
        if errors.is_empty() { Ok(config) } else { Err(ServiceError::Invalid(errors)) }
    }
}

/// Sets or clears an override where that is wished for.
fn set<Written, T>(
    field: &mut Option<T>,
    wish: Option<Option<Written>>,
    check: impl FnOnce(Written) -> Result<T, FieldError>,
    errors: &mut Vec<FieldError>,
) {
    match wish.map(|wish| wish.map(check).transpose()) {
        Some(Ok(checked)) => *field = checked,
        Some(Err(error)) => errors.push(error),
        None => {}
    }
}

impl Gamification {
    /// Enables, disables or tunes an event in a campaign. Goals that are running keep their rules;
    /// disabling cancels those that were not completed and ends cooldowns that wait for the event.
    ///
    /// # Errors
    /// All fields that are wrong; when the campaign is being deleted or may not use the event.
    pub async fn configure_event(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        event: EventId,
        wish: ConfigChanges,
    ) -> Served<CampaignConfig> {
        self.retrying(|| Box::pin(self.try_configure(actor, campaign, event, &wish))).await
    }

    async fn try_configure(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        event: EventId,
        wish: &ConfigChanges,
    ) -> Served<CampaignConfig> {
        let mut uow = self.ports.store.begin().await?;
        // Exclusive, because the setting may not be there to be locked.
        let table = self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        let before = uow.configs().campaign_config(campaign, event, Lock::Exclusive).await?;
        let known = uow.catalogue().get(event).await?;
        let known = known.filter(|event| before.is_some() || may_use(&table, event));
        known.ok_or(ServiceError::NotFound("event"))?;
        let before = before.unwrap_or_else(|| CampaignConfig::new(campaign, event));
        let after = wish.applied_to(&before)?;
        uow.configs().save_campaign_config(&after).await?;
        let mut changes = Changes::default();
        changes.wake_workers();
        let action = match (before.is_enabled, after.is_enabled) {
            (false, true) => "event.enabled",
            (true, false) => "event.disabled",
            _ => "event.configured",
        };
        if before.is_enabled && !after.is_enabled {
            self.stop_event(uow.as_mut(), campaign, event, &mut changes).await?;
        }
        let details = json!({
            "eventId": event,
            "cost": after.cost,
            "objectiveCoefficient": after.coefficient,
            "minimumObjective": after.minimum_objective,
            "duration": after.duration_seconds,
            "cooldown": after.cooldown_seconds,
            "maxContributionsPerViewer": after.max_contributions_per_viewer,
        });
        self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
        self.finish(uow, changes).await?;
        Ok(after)
    }

    /// What follows when an event was switched off in a campaign.
    async fn stop_event(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        event: EventId,
        changes: &mut Changes,
    ) -> Served<()> {
        let goals = uow.instances().lock_all_open(campaign, Some(event)).await?;
        self.stop_goals(uow, goals, CancelReason::EventDisabled, changes).await?;
        uow.instances().release_waiting_cooldowns(campaign, event, None).await?;
        Ok(())
    }
}

/// A campaign uses built-in events and those that its GM made.
pub(super) fn may_use(campaign: &Campaign, event: &Event) -> bool {
    event.is_system || event.created_by == Some(campaign.owner_id)
}
