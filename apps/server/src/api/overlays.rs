//! Secret, read-only addresses of overlays.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created, Done, Moment};
use crate::auth::{Caller, NewSecret, Principal, new_secret};
use crate::problem::Problem;
use crate::services::{Services, Shared};
use gamification_core::access::OverlayToken;
use gamification_core::ids::OverlayId;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes about overlays.
pub(super) struct OverlaysApi;

#[OpenApi]
impl OverlaysApi {
    /// Makes the secret address of the caller's overlay. The answer alone tells it.
    #[oai(
        path = "/overlays",
        method = "post",
        tag = "Tag::Overlays",
        operation_id = "createOverlay"
    )]
    async fn create(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        body: Input<OverlayInput>,
    ) -> Result<Created<OverlayView>, Problem> {
        let (campaign, streamer) = (body.0.campaign_id.into(), body.0.streamer_id.into());
        caller.require_streamer(campaign, streamer).await?;
        let secret = new_secret(TOKEN_PREFIX);
        let (actor, hash) = (caller.actor(), secret.hash.clone());
        let overlay = services.core.create_overlay(&actor, campaign, streamer, hash).await?;
        Ok(Created::Created(Json(shown(&services, &overlay, secret))))
    }

    /// Replaces the secret address: the old one stops working.
    #[oai(
        path = "/overlays/:overlay/rotate",
        method = "post",
        tag = "Tag::Overlays",
        operation_id = "rotateOverlay"
    )]
    async fn rotate(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        overlay: Path<Uuid>,
    ) -> Answer<OverlayView> {
        let overlay = own_overlay(&services, &caller, overlay.0.into()).await?;
        let secret = new_secret(TOKEN_PREFIX);
        let (actor, hash) = (caller.actor(), secret.hash.clone());
        let overlay = services.core.rotate_overlay(&actor, overlay, hash).await?;
        Ok(Json(shown(&services, &overlay, secret)))
    }

    /// Takes the address back.
    #[oai(
        path = "/overlays/:overlay",
        method = "delete",
        tag = "Tag::Overlays",
        operation_id = "deleteOverlay"
    )]
    async fn delete(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        overlay: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let overlay = own_overlay(&services, &caller, overlay.0.into()).await?;
        services.core.delete_overlay(&caller.actor(), overlay).await?;
        Ok(Done::Done)
    }
}

/// What a token begins with, so that one is known when it turns up somewhere.
const TOKEN_PREFIX: &str = "ov_";

/// The overlay, if it is the caller's; nobody else learns that it exists, the game master included.
async fn own_overlay(
    services: &Services,
    caller: &Principal,
    id: OverlayId,
) -> Result<OverlayId, Problem> {
    let unknown = || Problem::not_found("overlay");
    let overlay = services.core.ports().queries.overlay(id).await?.ok_or_else(unknown)?;
    match caller.require_streamer(overlay.campaign_id, overlay.streamer_id).await {
        Ok(_) => Ok(id),
        Err(problem) if matches!(problem.status(), StatusCode::FORBIDDEN) => Err(unknown()),
        Err(problem) => Err(problem.hide_as("overlay")),
    }
}

fn shown(services: &Services, overlay: &OverlayToken, secret: NewSecret) -> OverlayView {
    OverlayView {
        id: overlay.id.0,
        campaign_id: overlay.campaign_id.0,
        streamer_id: overlay.streamer_id.0,
        stream_url: format!("{}/overlay/{}/stream", services.public_url, secret.text),
        token: secret.text,
        created_at: overlay.created_at.into(),
    }
}

/// Whose overlay it is to be.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewOverlay", rename_all = "camelCase")]
struct OverlayInput {
    /// The campaign.
    campaign_id: Uuid,
    /// The caller, who takes part in it.
    streamer_id: Uuid,
}

/// An overlay with its secret, which is not told again.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Overlay", rename_all = "camelCase")]
struct OverlayView {
    /// Its key.
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// Whose view it shows.
    streamer_id: Uuid,
    /// The secret: who knows it may watch.
    token: String,
    /// Where the overlay's events come from, the secret included.
    stream_url: String,
    /// When it was made or last replaced.
    created_at: Moment,
}
