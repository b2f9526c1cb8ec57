//! What happens to a reward, by its client or by the streamer's hand, and who is told.

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::error::ApiError;
use crate::eventsub::{self, EventKind};
use crate::state::State;
use crate::store::entities::redemption::Status;
use crate::store::entities::reward;
use crate::store::ledger::{self, RewardChange, SettledBy};
use crate::store::{self, redemptions, users};

/// How often a reward was redeemed since the stream began, when the channel is live and the
/// reward limits that.
pub(crate) async fn redeemed_this_stream(
    db: &impl ConnectionTrait,
    reward: &reward::Model,
) -> Result<Option<i64>, ApiError> {
    if !reward.is_max_per_stream_enabled {
        return Ok(None);
    }
    let Some(stream) = users::stream_of(db, &reward.broadcaster_id).await? else {
        return Ok(None);
    };
    let since = stream.started_at_ns;
    Ok(Some(redemptions::count_since(db, &reward.id, since, None).await?))
}

/// Writes a changed reward, ends the transaction and tells who listens; gives what is redeemed
/// this stream. A title that the channel has already is refused. Without a client it was done by
/// hand.
pub(crate) async fn change(
    state: &State,
    tx: DatabaseTransaction,
    reward: reward::Model,
    client_id: Option<&str>,
) -> Result<Option<i64>, ApiError> {
    let existing = store::rewards::of_channel(&tx, &reward.broadcaster_id).await?;
    if existing.iter().any(|other| other.title == reward.title && other.id != reward.id) {
        return Err(ApiError::bad_request("UPDATE_CUSTOM_REWARD_DUPLICATE_REWARD"));
    }
    let reward = store::rewards::update(&tx, reward).await?;
    ledger::reward_changed(&tx, RewardChange::Updated, &reward, client_id).await?;
    let redeemed = redeemed_this_stream(&tx, &reward).await?;
    tx.commit().await?;
    eventsub::notify_reward(state, EventKind::RewardUpdate, &reward, redeemed).await?;
    Ok(redeemed)
}

/// Deletes a reward, ends the transaction and tells who listens. Its pending redemptions are
/// fulfilled: the viewers' points are gone. Without a client it was done by hand.
pub(crate) async fn delete(
    state: &State,
    tx: DatabaseTransaction,
    reward: reward::Model,
    client_id: Option<&str>,
) -> Result<(), ApiError> {
    let pending =
        redemptions::search(&tx, None, Some(&reward.id), Some(Status::Unfulfilled)).await?;
    let by = SettledBy::RewardDeleted(client_id);
    let settled = redemptions::settle(&tx, pending, Status::Fulfilled, by).await?;
    let redeemed = redeemed_this_stream(&tx, &reward).await?;
    store::rewards::delete(&tx, &reward.id).await?;
    ledger::reward_changed(&tx, RewardChange::Deleted, &reward, client_id).await?;
    tx.commit().await?;
    eventsub::notify_settled(state, &settled).await?;
    eventsub::notify_reward(state, EventKind::RewardRemove, &reward, redeemed).await
}
