//! Campaigns: made, changed, given up.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created, Listed, page_request, paged};
use super::views::campaign::{CampaignView, VttAwayName};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::campaign::Campaign;
use gamification_core::ids::CharacterId;
use gamification_core::ports::Page;
use gamification_core::service::{CampaignChanges, NewCampaign};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

/// The routes about campaigns.
pub(super) struct CampaignsApi;

#[OpenApi]
impl CampaignsApi {
    /// Makes a campaign, led by the caller.
    #[oai(
        path = "/campaigns",
        method = "post",
        tag = "Tag::Campaigns",
        operation_id = "createCampaign"
    )]
    async fn create(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        body: Input<CampaignInput>,
    ) -> Result<Created<CampaignView>, Problem> {
        caller.require_campaign_maker()?;
        let new = NewCampaign { name: body.0.name, game_system: body.0.game_system };
        let made = services.core.create_campaign(&caller.actor(), caller.user.id, new).await?;
        Ok(Created::Created(Json(made.into())))
    }

    /// The campaigns that the caller made.
    #[oai(
        path = "/campaigns",
        method = "get",
        tag = "Tag::Campaigns",
        operation_id = "listCampaigns"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
    ) -> Answer<Listed<CampaignView>> {
        caller.require_leader()?;
        let given = cursor.0.is_some();
        let queries = &services.core.ports().queries;
        let page = queries.campaigns_of(caller.user.id, page_request(limit.0, cursor.0)?).await;
        let Page { items, next_cursor } = paged(page, given)?;
        // The caller's key may open one campaign only, and may belong to a streamer of others.
        let is_shown = |campaign: &Campaign| {
            campaign.owner_id == caller.user.id
                && caller.campaign_scope.is_none_or(|only| only == campaign.id)
        };
        let items = items.into_iter().filter(is_shown).collect();
        Ok(Json(Listed::from_page(Page { items, next_cursor }, CampaignView::from)))
    }

    /// One campaign.
    #[oai(
        path = "/campaigns/:campaign",
        method = "get",
        tag = "Tag::Campaigns",
        operation_id = "getCampaign"
    )]
    async fn get(&self, caller: Caller, campaign: Path<Uuid>) -> Answer<CampaignView> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        Ok(Json(campaign.into()))
    }

    /// Changes a campaign.
    #[oai(
        path = "/campaigns/:campaign",
        method = "patch",
        tag = "Tag::Campaigns",
        operation_id = "changeCampaign"
    )]
    async fn change(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<CampaignPatch>,
    ) -> Answer<CampaignView> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let changes = body.0.into();
        let changed = services.core.change_campaign(&caller.actor(), campaign.id, changes).await?;
        Ok(Json(changed.into()))
    }

    /// Gives a campaign up.
    ///
    /// Goals that were not completed are cancelled and refunded and nothing new starts. The
    /// campaign is gone once everything in it is settled and its rewards are deleted. Repeating
    /// this changes nothing.
    #[oai(
        path = "/campaigns/:campaign",
        method = "delete",
        tag = "Tag::Campaigns",
        operation_id = "deleteCampaign"
    )]
    async fn delete(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Result<Leaving, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        services.core.delete_campaign(&caller.actor(), campaign.id).await?;
        let campaign = Campaign { is_deleting: true, ..campaign };
        Ok(Leaving::Accepted(Json(campaign.into())))
    }
}

/// The answer to giving a campaign up.
#[derive(ApiResponse)]
enum Leaving {
    /// It has begun; the campaign answers 404 when it is over.
    #[oai(status = 202)]
    Accepted(Json<CampaignView>),
}

/// A campaign that is to be made.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewCampaign", rename_all = "camelCase")]
struct CampaignInput {
    /// What people call it, 3–45 characters.
    name: String,
    /// The VTT's id of the game system, `dnd5e` for example.
    game_system: Option<String>,
}

/// What is to change of a campaign. What is left out stays.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CampaignChanges", rename_all = "camelCase")]
struct CampaignPatch {
    /// What people call it, 3–45 characters.
    name: Option<String>,
    /// The VTT's id of the game system; `null` clears it.
    game_system: MaybeUndefined<String>,
    /// The character that rolls for the game master; `null` clears it.
    gm_character_id: MaybeUndefined<Uuid>,
    /// The game master's choices for the whole game.
    policies: Option<PoliciesPatch>,
}

/// Choices that are to change. What is left out stays.
#[derive(Debug, Clone, Default, Object)]
#[oai(rename = "PolicyChanges", rename_all = "camelCase")]
struct PoliciesPatch {
    /// What a click meets while the VTT is away.
    vtt_away: Option<VttAwayName>,
    /// Whether rolls that players cannot see count.
    hidden_rolls_count: Option<bool>,
    /// How long a completed goal can still be stopped before anything is sent to the table, in
    /// seconds, 0 to 600; goals that are open keep theirs.
    veto_seconds: Option<u32>,
}

impl From<CampaignPatch> for CampaignChanges {
    fn from(patch: CampaignPatch) -> Self {
        let policies = patch.policies.unwrap_or_default();
        Self {
            name: patch.name,
            game_system: patch.game_system.into(),
            gm_character_id: patch.gm_character_id.map_value(CharacterId).into(),
            vtt_away: policies.vtt_away.map(Into::into),
            hidden_rolls_count: policies.hidden_rolls_count,
            veto_seconds: policies.veto_seconds,
        }
    }
}
