//! Sessions and cooldowns of a campaign.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created};
use super::views::campaign::SessionView;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes about sessions and cooldowns.
pub(super) struct SessionsApi;

#[OpenApi]
impl SessionsApi {
    /// Starts a session: cooldowns end, viewer limits count from now on.
    #[oai(
        path = "/campaigns/:campaign/sessions",
        method = "post",
        tag = "Tag::Sessions",
        operation_id = "startSession"
    )]
    async fn start(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Result<Created<SessionView>, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let campaign = services.core.start_session(&caller.actor(), campaign.id).await?;
        Ok(Created::Created(Json(campaign.session.into())))
    }

    /// Ends the session: open goals are cancelled, rewards pause, later clicks are refused.
    #[oai(
        path = "/campaigns/:campaign/sessions/current",
        method = "delete",
        tag = "Tag::Sessions",
        operation_id = "endSession"
    )]
    async fn end(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<SessionView> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let campaign = services.core.end_session(&caller.actor(), campaign.id).await?;
        Ok(Json(campaign.session.into()))
    }

    /// Ends the cooldowns of an event, of whatever kind, on all channels.
    #[oai(
        path = "/campaigns/:campaign/events/:event/cooldown/release",
        method = "post",
        tag = "Tag::Sessions",
        operation_id = "releaseCooldown"
    )]
    async fn release(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        event: Path<Uuid>,
    ) -> Answer<CooldownsEnded> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let (actor, event) = (caller.actor(), event.0.into());
        let ended = services.core.release_cooldown(&actor, campaign.id, event).await?;
        Ok(Json(CooldownsEnded { ended }))
    }

    /// Ends every cooldown of the campaign, or of one streamer's goals.
    #[oai(
        path = "/campaigns/:campaign/cooldowns/reset",
        method = "post",
        tag = "Tag::Sessions",
        operation_id = "resetCooldowns"
    )]
    async fn reset(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<CooldownsInput>,
    ) -> Answer<CooldownsEnded> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let (actor, streamer) = (caller.actor(), body.0.streamer_id.map(Into::into));
        let ended = services.core.reset_cooldowns(&actor, campaign.id, streamer).await?;
        Ok(Json(CooldownsEnded { ended }))
    }
}

/// Whose cooldowns are to end.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CooldownsOf", rename_all = "camelCase")]
struct CooldownsInput {
    /// The streamer; everybody's when left out.
    streamer_id: Option<Uuid>,
}

/// What became of cooldowns.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct CooldownsEnded {
    /// How many ended.
    ended: u64,
}
