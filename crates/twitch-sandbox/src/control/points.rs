//! Redeeming, settling by hand, sending again, and looking at everything.

mod redeeming;

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::rfc3339_ns;
use crate::error::ApiError;
use crate::eventsub::{self, MessageIds};
use crate::params::{Params, json_body};
use crate::state::State;
use crate::store::entities::ledger::settlement;
use crate::store::entities::redemption::{self, Status};
use crate::store::ledger::{self, SettledBy};
use crate::store::redemptions;
use crate::views;
use redeeming::{RedeemBody, Redeemed};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettleBody {
    redemption_id: String,
    status: Status,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResendBody {
    redemption_id: String,
    #[serde(default)]
    new_message_id: bool,
}

/// A viewer redeems, once or `count` times. 200 with the redemptions that were made, and with
/// `refused` when Twitch stopped the viewer before the last one; when nothing was made, the
/// refusal itself.
#[handler]
pub(super) async fn redeem(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let body: RedeemBody = json_body(body).await?;
    let effect = {
        let state = State::clone(&state);
        async move {
            let Redeemed { made, refused } = redeeming::redeem(&state.store, body).await?;
            if let (true, Some(refusal)) = (made.is_empty(), refused) {
                return Err(refusal.into());
            }
            let refused = refused
                .map(|refusal| json!({ "reason": refusal.name(), "message": refusal.message() }));
            eventsub::notify_redeemed(&state, &made, MessageIds::Same).await?;
            let shown = views::redemptions(&state.store.db, &made).await?;
            Ok(json!({ "redemptions": shown, "refused": refused }))
        }
    };
    Ok(Json(state.to_the_end(effect).await?))
}

/// A moderator settles a redemption in Twitch's own queue, past every client.
#[handler]
pub(super) async fn settle(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let SettleBody { redemption_id, status } = json_body(body).await?;
    if status == Status::Unfulfilled {
        return Err(ApiError::bad_request("The status must be FULFILLED or CANCELED"));
    }
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let redemption = known(redemptions::by_id(&tx, &redemption_id).await?)?;
            if redemption.status != Status::Unfulfilled {
                let message = "The redemption is settled already";
                return Err(ApiError::refused(StatusCode::CONFLICT, "SETTLED", message));
            }
            let by = SettledBy::Moderator;
            let settled = redemptions::settle(&tx, vec![redemption], status, by).await?;
            let shown = views::redemptions(&tx, &settled).await?;
            tx.commit().await?;
            eventsub::notify_settled(&state, &settled).await?;
            Ok(json!({ "redemptions": shown }))
        }
    };
    Ok(Json(state.to_the_end(effect).await?))
}

/// Sends the event of a redemption again to everybody who listens now.
#[handler]
pub(super) async fn resend(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let ResendBody { redemption_id, new_message_id } = json_body(body).await?;
    let redemption = known(redemptions::by_id(&state.store.db, &redemption_id).await?)?;
    let ids = if new_message_id { MessageIds::New } else { MessageIds::Same };
    let sent = eventsub::notify_redeemed(&state, &[redemption], ids).await?;
    Ok(Json(json!({ "messages": sent })))
}

fn known(redemption: Option<redemption::Model>) -> Result<redemption::Model, ApiError> {
    redemption.ok_or_else(|| ApiError::not_found("There is no such redemption"))
}

/// Everything there is, whoever made the reward.
#[handler]
pub(super) async fn list_redemptions(
    state: Data<&State>,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    let status = match params.one("status") {
        None => None,
        Some("UNFULFILLED") => Some(Status::Unfulfilled),
        Some("FULFILLED") => Some(Status::Fulfilled),
        Some("CANCELED") => Some(Status::Canceled),
        Some(_) => return Err(ApiError::bad_request("There is no such status")),
    };
    let tx = state.store.begin().await?;
    let broadcaster = params.one("broadcaster_id");
    let found = redemptions::search(&tx, broadcaster, params.one("reward_id"), status).await?;
    let mut shown = views::redemptions(&tx, &found).await?;
    let settlements = ledger::settlements(&tx).await?;
    let owners = ledger::owners(&tx, &found).await?;
    for (redemption, shown) in found.iter().zip(&mut shown) {
        let settlements = settlements.get(&redemption.id).map_or(&[][..], Vec::as_slice);
        shown["settled_at"] = json!(redemption.settled_at_ns.map(rfc3339_ns));
        shown["settlements"] = settlements.iter().map(settlement).collect();
        shown["reward_client_id"] = json!(owners.get(&redemption.reward_id));
    }
    Ok(Json(json!({ "redemptions": shown })))
}

/// One time that a redemption was settled; there should be no second one.
fn settlement(settlement: &settlement::Model) -> Value {
    json!({
        "status": settlement.status,
        "client_id": settlement.client_id,
        "cause": settlement.cause,
        "at": rfc3339_ns(settlement.at_ns),
    })
}

/// Everything that was done to rewards, oldest first, and by whom.
#[handler]
pub(super) async fn list_reward_changes(
    state: Data<&State>,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    let is = |name, value: &str| params.one(name).is_none_or(|wanted| wanted == value);
    let changes = ledger::reward_changes(&state.store.db).await?;
    let wanted = changes.iter().filter(|change| {
        is("broadcaster_id", &change.broadcaster_id) && is("reward_id", &change.reward_id)
    });
    let shown: Vec<Value> = wanted
        .map(|change| {
            json!({
                "rewardId": change.reward_id,
                "broadcasterId": change.broadcaster_id,
                "ownerClientId": change.owner_client_id,
                "clientId": change.client_id,
                "change": change.change,
                "reward": change.reward,
                "at": rfc3339_ns(change.at_ns),
            })
        })
        .collect();
    Ok(Json(json!({ "rewardChanges": shown })))
}
