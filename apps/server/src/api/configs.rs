//! The game master's settings of events.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Listed, page_request, paged};
use super::views::event::ConfigView;
use super::views::preflight::PreFlightView;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::event::{CampaignConfig, Event};
use gamification_core::service::ConfigChanges;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes about a campaign's events.
pub(super) struct ConfigsApi;

#[OpenApi]
impl ConfigsApi {
    /// Every event that the campaign may use, with its setting and what holds, ordered by slug.
    #[oai(
        path = "/campaigns/:campaign/events",
        method = "get",
        tag = "Tag::Events",
        operation_id = "listCampaignEvents"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
    ) -> Answer<Listed<ConfigView>> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let given = cursor.0.is_some();
        let queries = &services.core.ports().queries;
        let page = page_request(limit.0, cursor.0)?;
        let page = paged(queries.events(Some(campaign.owner_id), page).await, given)?;
        let configs = queries.campaign_configs(campaign.id).await?;
        let shown = |event: Event| ConfigView::new(&event, config_of(&configs, &event));
        Ok(Json(Listed::from_page(page, shown)))
    }

    /// What is missing before a goal of the event can start and have its effect.
    #[oai(
        path = "/campaigns/:campaign/events/:event/preflight",
        method = "get",
        tag = "Tag::Events",
        operation_id = "preflightEvent"
    )]
    async fn pre_flight(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        event: Path<Uuid>,
        /// The channel; needed for an individual event.
        streamer: Query<Option<Uuid>>,
    ) -> Answer<PreFlightView> {
        let campaign = caller.require_gm(campaign.0.into()).await?.id;
        let streamer = streamer.0.map(Into::into);
        let checks = services.core.pre_flight(campaign, event.0.into(), streamer).await?;
        Ok(Json(checks.into()))
    }

    /// Enables, disables or tunes an event in the campaign.
    ///
    /// Goals that are running keep their rules; disabling cancels those that were not completed.
    #[oai(
        path = "/campaigns/:campaign/events/:event",
        method = "put",
        tag = "Tag::Events",
        operation_id = "configureEvent"
    )]
    async fn configure(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        event: Path<Uuid>,
        body: Input<ConfigInput>,
    ) -> Answer<ConfigView> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let (actor, changes) = (caller.actor(), body.0.into());
        let core = &services.core;
        let config = core.configure_event(&actor, campaign.id, event.0.into(), changes).await?;
        let event = core.ports().queries.event(config.event_id).await?;
        let event = event.ok_or_else(|| Problem::not_found("event"))?;
        Ok(Json(ConfigView::new(&event, Some(&config))))
    }
}

fn config_of<'a>(configs: &'a [CampaignConfig], event: &Event) -> Option<&'a CampaignConfig> {
    configs.iter().find(|config| config.event_id == event.id)
}

/// A campaign's setting of an event. What is left out stays as it is, `null` clears an override.
#[derive(Debug, Clone, Object)]
#[oai(rename = "EventSetting", rename_all = "camelCase")]
struct ConfigInput {
    /// Whether streamers may offer it.
    is_enabled: Option<bool>,
    /// Overrides the event's cost, 1–1,000,000.
    cost: MaybeUndefined<i64>,
    /// Overrides the event's coefficient, 0.01–10 with at most two decimal places.
    objective_coefficient: MaybeUndefined<f64>,
    /// Overrides the event's minimum, 1–1000.
    minimum_objective: MaybeUndefined<i64>,
    /// Overrides the event's duration, 10–3600 seconds.
    duration: MaybeUndefined<i64>,
    /// Overrides the event's cooldown, 0–86,400 seconds; 0 is none.
    cooldown: MaybeUndefined<i64>,
    /// Counted clicks per viewer and session over all channels, 0–100; 0 and `null`: unlimited.
    max_contributions_per_viewer: MaybeUndefined<i64>,
}

impl From<ConfigInput> for ConfigChanges {
    fn from(input: ConfigInput) -> Self {
        Self {
            is_enabled: input.is_enabled,
            cost: input.cost.into(),
            objective_coefficient: input.objective_coefficient.into(),
            minimum_objective: input.minimum_objective.into(),
            duration_seconds: input.duration.into(),
            cooldown_seconds: input.cooldown.into(),
            max_contributions_per_viewer: input.max_contributions_per_viewer.into(),
        }
    }
}
