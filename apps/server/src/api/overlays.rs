//! Secret, read-only addresses of overlays.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created, Done, Listed, Moment};
use crate::auth::{Caller, Principal};
use crate::overlay_tokens::{kept_token, new_overlay_secret, page_url};
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
    /// The caller's own overlays in the campaign that work, newest first, with their addresses.
    ///
    /// The game master does not see them. An overlay that was made before its address was kept has
    /// none here; replace it to have one.
    #[oai(
        path = "/campaigns/:campaign/overlays",
        method = "get",
        tag = "Tag::Overlays",
        operation_id = "listOverlays"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<Listed<ListedOverlay>> {
        let (campaign, streamer) = (campaign.0.into(), caller.streamer_id());
        caller.require_streamer(campaign, streamer).await?;
        let overlays = services.core.ports().queries.overlays_of(campaign, streamer).await?;
        let shown = |overlay: OverlayToken| ListedOverlay::new(&services, overlay);
        Ok(Json(Listed::whole(overlays.into_iter().map(shown).collect())))
    }

    /// Makes a secret address of the caller's overlay.
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
        let (token, secret) = new_overlay_secret(&services.seal)?;
        let actor = caller.actor();
        let overlay = services.core.create_overlay(&actor, campaign, streamer, secret).await?;
        Ok(Created::Created(Json(shown(&services, &overlay, token))))
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
        let (token, secret) = new_overlay_secret(&services.seal)?;
        let overlay = services.core.rotate_overlay(&caller.actor(), overlay, secret).await?;
        Ok(Json(shown(&services, &overlay, token)))
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

fn shown(services: &Services, overlay: &OverlayToken, token: String) -> OverlayView {
    let page_url = page_url(services, &token);
    OverlayView {
        id: overlay.id.0,
        campaign_id: overlay.campaign_id.0,
        streamer_id: overlay.streamer_id.0,
        stream_url: format!("{page_url}/stream"),
        page_url,
        token,
        created_at: overlay.created_at.into(),
    }
}

impl ListedOverlay {
    fn new(services: &Services, overlay: OverlayToken) -> Self {
        let page_url = kept_token(&services.seal, &overlay).map(|token| page_url(services, &token));
        let sighting = overlay.sighting;
        Self {
            id: overlay.id.0,
            campaign_id: overlay.campaign_id.0,
            streamer_id: overlay.streamer_id.0,
            stream_url: page_url.as_ref().map(|page| format!("{page}/stream")),
            page_url,
            created_at: overlay.created_at.into(),
            seen_at: sighting.map(|told| told.seen_at.into()),
            is_visible: sighting.map(|told| told.is_visible),
            is_on_air: sighting.and_then(|told| told.is_on_air),
        }
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

/// An overlay with its secret.
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
    /// What OBS shows, the secret included.
    page_url: String,
    /// Where the overlay's events come from, the secret included.
    stream_url: String,
    /// When it was made or last replaced.
    created_at: Moment,
}

/// An overlay with its address, and what it told of itself last.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct ListedOverlay {
    /// Its key.
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// Whose view it shows.
    streamer_id: Uuid,
    /// What OBS shows, the secret included.
    page_url: Option<String>,
    /// Where the overlay's events come from, the secret included.
    stream_url: Option<String>,
    /// When it was made or last replaced.
    created_at: Moment,
    /// When it told of itself last, to the second; absent until it does.
    seen_at: Option<Moment>,
    /// Whether its scene showed it then.
    is_visible: Option<bool>,
    /// Whether viewers saw it then; absent when its browser cannot know.
    is_on_air: Option<bool>,
}
