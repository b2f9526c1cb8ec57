//! What a setting of an event would ask of viewers.

mod types;

use super::Tag;
use super::types::Answer;
use crate::auth::Caller;
use crate::services::Shared;
use gamification_core::service::PreviewDraft;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use types::PreviewView;
use uuid::Uuid;

/// The routes of previews.
pub(super) struct PreviewsApi;

#[OpenApi]
impl PreviewsApi {
    /// What goals of the event would ask of the members' channels with their audiences of this
    /// moment, and how fast they would fill. Nothing is saved.
    ///
    /// What is left out is as it is set now. How fast: for each share of the audience from 1 to
    /// 50 %, when these viewers click once a minute each, spread evenly.
    #[oai(
        path = "/campaigns/:campaign/events/:event/preview",
        method = "get",
        tag = "Tag::Events",
        operation_id = "previewEvent"
    )]
    #[expect(clippy::too_many_arguments, reason = "one per parameter of the request")]
    async fn preview(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        event: Path<Uuid>,
        /// Share of the audience that has to click, 0.01–10 with at most two decimal places.
        #[oai(name = "objectiveCoefficient")]
        objective_coefficient: Query<Option<f64>>,
        /// Clicks that are needed however small the audience is, 1–1000.
        #[oai(name = "minimumObjective")]
        minimum_objective: Query<Option<i64>>,
        /// Channel Points per click, 1–1,000,000.
        cost: Query<Option<i64>>,
    ) -> Answer<PreviewView> {
        let campaign = caller.require_gm(campaign.0.into()).await?.id;
        let draft = PreviewDraft {
            cost: cost.0,
            objective_coefficient: objective_coefficient.0,
            minimum_objective: minimum_objective.0,
        };
        let preview = services.core.preview_event(campaign, event.0.into(), draft).await?;
        Ok(Json(preview.into()))
    }
}
