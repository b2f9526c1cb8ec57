//! Asking what a setting would ask of viewers, before it is saved.

use super::configs::may_use;
use super::{ConfigChanges, Gamification, Served, ServiceError};
use crate::campaign::MembershipStatus;
use crate::event::{CampaignConfig, Event};
use crate::ids::{CampaignId, EventId};
use crate::ports::MemberRow;
use crate::preview::{EventPreview, PreviewedChannel, preview};

/// What is tried; `None` is as it is set now. Numbers are as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PreviewDraft {
    /// Channel Points per click.
    pub cost: Option<i64>,
    /// Share of the audience that has to click.
    pub objective_coefficient: Option<f64>,
    /// Clicks that are needed however small the audience is.
    pub minimum_objective: Option<i64>,
}

impl From<PreviewDraft> for ConfigChanges {
    fn from(draft: PreviewDraft) -> Self {
        Self {
            cost: draft.cost.map(Some),
            objective_coefficient: draft.objective_coefficient.map(Some),
            minimum_objective: draft.minimum_objective.map(Some),
            ..Self::default()
        }
    }
}

impl Gamification {
    /// What goals of the event would ask of the campaign's active members, with their audiences of
    /// this moment and their own prices. A channel need not offer the event. Nothing is changed.
    ///
    /// # Errors
    /// All fields that are wrong; when there is no such campaign, or it may not use the event.
    pub async fn preview_event(
        &self,
        campaign: CampaignId,
        event: EventId,
        draft: PreviewDraft,
    ) -> Served<EventPreview> {
        let (event, config) = self.previewed(campaign, event).await?;
        let config = ConfigChanges::from(draft).applied_to(&config)?;
        let members = self.ports.queries.members(campaign).await?;
        let is_active = |member: &MemberRow| member.membership.status == MembershipStatus::Active;
        let members: Vec<_> = members.into_iter().filter(is_active).collect();
        let channels: Vec<_> = members.iter().map(|row| row.user.twitch_id.clone()).collect();
        let audiences = self.ports.audience.viewers(&channels).await;
        let mut channels = Vec::with_capacity(members.len());
        for (MemberRow { membership, user }, audience) in members.into_iter().zip(audiences) {
            let streamer_id = membership.streamer_id;
            let opt_ins = self.ports.queries.streamer_configs(campaign, streamer_id).await?;
            let opt_in = opt_ins.iter().find(|opt_in| opt_in.event_id == event.id);
            let cost = event.cost_on(opt_in, Some(&config));
            let streamer_name = user.display_name;
            channels.push(PreviewedChannel { streamer_id, streamer_name, audience, cost });
        }
        Ok(preview(&event, &config, channels))
    }

    /// The event, and the campaign's setting of it.
    async fn previewed(
        &self,
        campaign: CampaignId,
        event: EventId,
    ) -> Served<(Event, CampaignConfig)> {
        let queries = &self.ports.queries;
        let known = queries.campaign(campaign).await?;
        let known = known.ok_or(ServiceError::NotFound("campaign"))?;
        let configs = queries.campaign_configs(campaign).await?;
        let config = configs.into_iter().find(|config| config.event_id == event);
        let found = queries.event(event).await?;
        let found = found.filter(|event| config.is_some() || may_use(&known, event));
        let found = found.ok_or(ServiceError::NotFound("event"))?;
        let config = config.unwrap_or_else(|| CampaignConfig::new(campaign, event));
        Ok((found, config))
    }
}
