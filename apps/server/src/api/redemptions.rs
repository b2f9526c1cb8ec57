//! The ledger: each click, and the balance.

mod balance;

use super::Tag;
use super::types::{Answer, Listed, page_request, paged};
use super::views::redemption::{RedemptionView, SettlementName};
use crate::auth::{Caller, CampaignRole, Seat};
use crate::problem::Problem;
use crate::redemptions::redemption as known;
use crate::services::Shared;
use balance::LedgerView;
use gamification_core::ids::StreamerId;
use gamification_core::ports::RedemptionFilter;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use uuid::Uuid;

/// The routes of the ledger.
pub(super) struct RedemptionsApi;

#[OpenApi]
impl RedemptionsApi {
    /// The clicks, the last received first; streamers see those on their own channel.
    #[oai(
        path = "/campaigns/:campaign/redemptions",
        method = "get",
        tag = "Tag::Ledger",
        operation_id = "listRedemptions"
    )]
    #[expect(clippy::too_many_arguments, reason = "one per parameter of the request")]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        /// Only those that have got that far.
        settlement: Query<Option<SettlementName>>,
        /// Only those that count for that goal.
        instance: Query<Option<Uuid>>,
        /// At most that many, 1 to 200; 50 unless it is given.
        limit: Query<Option<u32>>,
        /// Where the last part ended.
        cursor: Query<Option<String>>,
    ) -> Answer<Listed<RedemptionView>> {
        let seat = caller.require_member(campaign.0.into()).await?;
        let filter = RedemptionFilter {
            settlement: settlement.0.map(Into::into),
            instance: instance.0.map(Into::into),
            streamer: only_channel(&seat, &caller),
        };
        let given = cursor.0.is_some();
        let request = page_request(limit.0, cursor.0)?;
        let queries = &services.core.ports().queries;
        let page = queries.redemptions(seat.campaign.id, filter, request).await;
        Ok(Json(Listed::from_page(paged(page, given)?, RedemptionView::from)))
    }

    /// Tries to settle a stuck click again.
    #[oai(
        path = "/redemptions/:redemption/retry",
        method = "post",
        tag = "Tag::Ledger",
        operation_id = "retryRedemption"
    )]
    async fn retry(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        redemption: Path<String>,
    ) -> Answer<RedemptionView> {
        let row = known(&services, &redemption.0).await?;
        let seat = caller.require_member(row.campaign_id).await;
        let seat = seat.map_err(|problem| problem.hide_as("redemption"))?;
        if only_channel(&seat, &caller).is_some_and(|own| own != row.streamer_id) {
            return Err(Problem::not_found("redemption"));
        }
        let row = services.core.retry_redemption(&caller.actor(), &row.id).await?;
        Ok(Json(row.into()))
    }

    /// The balance of the points, checked against every other record of them; streamers see the
    /// part of their own channel.
    #[oai(
        path = "/campaigns/:campaign/ledger",
        method = "get",
        tag = "Tag::Ledger",
        operation_id = "getLedger"
    )]
    async fn ledger(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<LedgerView> {
        let seat = caller.require_member(campaign.0.into()).await?;
        let channel = only_channel(&seat, &caller);
        let ledger = services.core.ports().queries.ledger(seat.campaign.id, channel).await?;
        Ok(Json(ledger.into()))
    }
}

/// The one channel whose points the caller may see; `None` lets them see all.
fn only_channel(seat: &Seat, caller: &Caller) -> Option<StreamerId> {
    match seat.role {
        CampaignRole::Gm => None,
        CampaignRole::Streamer | CampaignRole::Invited => Some(caller.streamer_id()),
    }
}
