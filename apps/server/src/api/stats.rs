//! What came of a campaign's evenings, in numbers.

mod types;

use super::Tag;
use super::types::Answer;
use crate::auth::Caller;
use crate::services::Shared;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use types::StatsView;
use uuid::Uuid;

/// The routes of statistics.
pub(super) struct StatsApi;

#[OpenApi]
impl StatsApi {
    /// What came of the campaign's goals: how they ended, who gave most, how fast they filled, and
    /// the points of the last 30 days.
    #[oai(
        path = "/campaigns/:campaign/stats",
        method = "get",
        tag = "Tag::Goals",
        operation_id = "getStats"
    )]
    async fn show(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<StatsView> {
        let campaign = caller.require_member(campaign.0.into()).await?.campaign;
        let ports = services.core.ports();
        let stats = ports.queries.stats(campaign.id, ports.clock.now()).await?;
        Ok(Json(stats.into()))
    }
}
