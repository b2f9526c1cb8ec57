//! Who reads a stream, what they may see, and whether they still may.

use crate::auth::{CampaignRole, Principal, constant_time_eq, sha256_hex};
use crate::problem::Problem;
use gamification_core::access::OverlayToken;
use gamification_core::announcement::Visibility;
use gamification_core::campaign::MembershipStatus;
use gamification_core::ids::{CampaignId, StreamerId};
use gamification_core::ports::{Queries, StoreError};
use gamification_core::service::Gamification;

/// A reader of one campaign's stream.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Which campaign.
    pub campaign: CampaignId,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// Somebody with a key, and their role when the stream began.
    Member { principal: Box<Principal>, role: CampaignRole },
    /// Whoever knows the address of an overlay.
    Overlay { hash: String, streamer: StreamerId },
}

impl Viewer {
    /// Somebody with a key.
    ///
    /// # Errors
    /// 404 or 403 unless they are a member or lead the campaign.
    pub async fn member(principal: &Principal, campaign: CampaignId) -> Result<Self, Problem> {
        let role = principal.require_member(campaign).await?.role;
        let principal = Box::new(principal.clone());
        Ok(Self { campaign, kind: Kind::Member { principal, role } })
    }

    /// Whoever knows the address of an overlay.
    ///
    /// # Errors
    /// 404 when the address does not work (any more).
    pub async fn overlay(queries: &dyn Queries, token: &str) -> Result<Self, Problem> {
        let overlay = working_overlay(queries, token).await?;
        let (campaign, streamer) = (overlay.campaign_id, overlay.streamer_id);
        Ok(Self { campaign, kind: Kind::Overlay { hash: overlay.hash, streamer } })
    }

    /// Whether this reader may be told a fact.
    pub(super) fn sees(&self, visibility: &Visibility) -> bool {
        match (&self.kind, visibility) {
            (Kind::Member { role: CampaignRole::Gm, .. }, _) => true,
            (Kind::Member { .. }, Visibility::GmOnly) => false,
            (Kind::Member { .. }, Visibility::Everyone | Visibility::Channels { .. }) => true,
            (Kind::Overlay { streamer, .. }, visibility) => {
                visibility.includes_overlay_of(*streamer)
            }
        }
    }

    /// The channel whose view this is; `None` sees all channels.
    pub(super) const fn channel(&self) -> Option<StreamerId> {
        match &self.kind {
            Kind::Member { .. } => None,
            Kind::Overlay { streamer, .. } => Some(*streamer),
        }
    }

    /// Whether the reader may go on: the key or address works, and the role is the same.
    pub(super) async fn still_may(&self, core: &Gamification) -> Result<bool, Problem> {
        match &self.kind {
            Kind::Member { principal, role } => {
                if !principal.is_still_valid(core.ports().clock.now()).await? {
                    return Ok(false);
                }
                match principal.require_member(self.campaign).await {
                    Ok(seat) => Ok(seat.role == *role),
                    Err(problem) if problem.status().is_server_error() => Err(problem),
                    Err(_) => Ok(false),
                }
            }
            Kind::Overlay { hash, .. } => {
                Ok(overlay_by_hash(&*core.ports().queries, hash).await?.is_some())
            }
        }
    }
}

/// The overlay of that address.
///
/// # Errors
/// 404 when the address does not work (any more).
pub(crate) async fn working_overlay(
    queries: &dyn Queries,
    token: &str,
) -> Result<OverlayToken, Problem> {
    let found = overlay_by_hash(queries, &sha256_hex(token.as_bytes())).await?;
    found.ok_or_else(|| Problem::not_found("overlay"))
}

/// The overlay with that hash, while it was not taken back and its streamer takes part.
async fn overlay_by_hash(
    queries: &dyn Queries,
    hash: &str,
) -> Result<Option<OverlayToken>, StoreError> {
    let Some(overlay) = queries.overlay_by_hash(hash).await? else { return Ok(None) };
    if overlay.revoked_at.is_some() || !constant_time_eq(&overlay.hash, hash) {
        return Ok(None);
    }
    let membership = queries.membership(overlay.campaign_id, overlay.streamer_id).await?;
    let is_active = membership.is_some_and(|member| member.status == MembershipStatus::Active);
    Ok(is_active.then_some(overlay))
}
