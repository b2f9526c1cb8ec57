//! Rolls that were seen at the table.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Listed, page_request, paged};
use super::views::roll::RollView;
use crate::auth::{Caller, CampaignRole};
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::RollId;
use gamification_core::ports::RollFilter;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes of rolls.
pub(super) struct RollsApi;

#[OpenApi]
impl RollsApi {
    /// The rolls, newest first; only the game master is shown hidden ones.
    #[oai(
        path = "/campaigns/:campaign/rolls",
        method = "get",
        tag = "Tag::Table",
        operation_id = "listRolls"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        /// Only those of which the game master has to say whose they are, or only the others.
        pending: Query<Option<bool>>,
        /// At most that many, 1 to 200; 50 unless it is given.
        limit: Query<Option<u32>>,
        /// Where the last part ended.
        cursor: Query<Option<String>>,
    ) -> Answer<Listed<RollView>> {
        let seat = caller.require_member(campaign.0.into()).await?;
        let only_public = seat.role != CampaignRole::Gm;
        let filter = RollFilter { pending: pending.0, only_public };
        let given = cursor.0.is_some();
        let request = page_request(limit.0, cursor.0)?;
        let queries = &services.core.ports().queries;
        let page = queries.rolls(seat.campaign.id, filter, request).await;
        Ok(Json(Listed::from_page(paged(page, given)?, RollView::from)))
    }

    /// Says whose roll a pending critical was. Within ten minutes it still acts.
    #[oai(
        path = "/rolls/:roll/attribution",
        method = "post",
        tag = "Tag::Table",
        operation_id = "attributeRoll"
    )]
    async fn attribute(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        roll: Path<Uuid>,
        body: Input<RollOwner>,
    ) -> Answer<RollView> {
        let unknown = || Problem::not_found("roll");
        let id = RollId(roll.0);
        let roll = services.core.ports().queries.roll(id).await?.ok_or_else(unknown)?;
        let seat = caller.require_member(roll.campaign_id).await;
        let seat = seat.map_err(|problem| problem.hide_as("roll"))?;
        if roll.is_hidden && seat.role != CampaignRole::Gm {
            return Err(unknown());
        }
        caller.require_gm(roll.campaign_id).await?;
        let owner = body.0.streamer_id.into();
        let roll = services.core.attribute_roll(&caller.actor(), id, owner).await?;
        Ok(Json(roll.into()))
    }
}

/// Whose roll it was.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct RollOwner {
    /// An active member of the campaign.
    streamer_id: Uuid,
}
