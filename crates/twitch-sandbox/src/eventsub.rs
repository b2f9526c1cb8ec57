//! EventSub: which event goes to whom, and what it says.

mod conduits;
mod courier;
mod delivery;
mod dispatch;
mod kind;
mod message;
mod revocation;
mod sessions;
mod socket;

use sea_orm::DbErr;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::ApiError;
use crate::state::State;
use crate::store::entities::redemption::{self, Status};
use crate::store::entities::{reward, subscription};
use crate::store::{conduits as conduit_store, subscriptions, users};
use crate::views::{self, People};
pub(crate) use conduits::{challenge_shard, shards_gone};
pub(crate) use courier::Courier;
use dispatch::dispatch;
pub(crate) use kind::EventKind;
pub(crate) use message::{Message, MessageType};
pub(crate) use revocation::{notify_authorization_revoked, revoke, tell_revoked};
pub(crate) use sessions::{Ending, SessionRefusal, Sessions};
pub(crate) use socket::connect;

/// Which message ids an event is sent under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageIds {
    /// The ones that the first sending had, so that a receiver can tell a repetition.
    Same,
    /// New ones, as when Twitch itself sends an event twice.
    New,
}

/// A message that is on its way.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    subscription_id: String,
    message_id: String,
}

/// Tells the subscribers of a channel about new redemptions.
pub(crate) async fn notify_redeemed(
    state: &State,
    redemptions: &[redemption::Model],
    ids: MessageIds,
) -> Result<Vec<Sent>, ApiError> {
    let status = |redemption: &redemption::Model| {
        if redemption.skipped_queue { Status::Fulfilled } else { Status::Unfulfilled }
    };
    notify(state, EventKind::RedemptionAdd, redemptions, status, ids).await
}

/// Tells the subscribers of a channel about settled redemptions.
pub(crate) async fn notify_settled(
    state: &State,
    redemptions: &[redemption::Model],
) -> Result<Vec<Sent>, ApiError> {
    let status = |redemption: &redemption::Model| redemption.status;
    notify(state, EventKind::RedemptionUpdate, redemptions, status, MessageIds::Same).await
}

/// One event per redemption and subscription. All redemptions are of one channel.
async fn notify(
    state: &State,
    kind: EventKind,
    redemptions: &[redemption::Model],
    status: impl Fn(&redemption::Model) -> Status,
    ids: MessageIds,
) -> Result<Vec<Sent>, ApiError> {
    let Some(first) = redemptions.first() else { return Ok(Vec::new()) };
    let db = &state.store.db;
    let listeners = subscriptions::listening(db, kind.name(), &first.broadcaster_id).await?;
    if listeners.is_empty() {
        return Ok(Vec::new());
    }
    let people: People = views::people(db, redemptions).await?;
    let mut sent = Vec::new();
    for redemption in redemptions {
        let event = views::redemption_event(redemption, &people, status(redemption));
        for listener in listeners.iter().filter(|each| hears(each, &redemption.reward_id)) {
            let message_id = match ids {
                MessageIds::Same => message::repeatable_id(&listener.id, &redemption.id, kind),
                MessageIds::New => Uuid::new_v4(),
            };
            sent.push(tell(state, listener, message_id, &event).await?);
        }
    }
    Ok(sent)
}

/// Whether a subscription is about this reward, or about every reward of its channel.
fn hears(listener: &subscription::Model, reward_id: &str) -> bool {
    listener.reward_id.is_empty() || listener.reward_id == reward_id
}

async fn tell(
    state: &State,
    listener: &subscription::Model,
    message_id: Uuid,
    event: &Value,
) -> Result<Sent, DbErr> {
    let payload =
        json!({ "subscription": views::subscription_in_message(listener), "event": event });
    let message = Message::new(message_id, MessageType::Notification, listener, payload);
    let sent = Sent { subscription_id: listener.id.clone(), message_id: message.id.clone() };
    dispatch(state, listener, message).await?;
    Ok(sent)
}

/// Tells the subscribers of a channel about an event; `event` is what Twitch documents for its
/// type, whole.
pub(crate) async fn notify_channel(
    state: &State,
    kind: EventKind,
    broadcaster_id: &str,
    event: &Value,
) -> Result<Vec<Sent>, ApiError> {
    let listeners = subscriptions::listening(&state.store.db, kind.name(), broadcaster_id).await?;
    tell_all(state, listeners.iter(), event).await
}

async fn tell_all<'l>(
    state: &State,
    listeners: impl Iterator<Item = &'l subscription::Model>,
    event: &Value,
) -> Result<Vec<Sent>, ApiError> {
    let mut sent = Vec::new();
    for listener in listeners {
        sent.push(tell(state, listener, Uuid::new_v4(), event).await?);
    }
    Ok(sent)
}

/// Tells that a reward was changed or deleted. `redeemed_this_stream` as in
/// [`views::reward`].
pub(crate) async fn notify_reward(
    state: &State,
    kind: EventKind,
    reward: &reward::Model,
    redeemed_this_stream: Option<i64>,
) -> Result<(), ApiError> {
    let db = &state.store.db;
    let listeners = subscriptions::listening(db, kind.name(), &reward.broadcaster_id).await?;
    let Some(broadcaster) = users::by_id(db, &reward.broadcaster_id).await? else {
        return Ok(());
    };
    let event = views::reward_event(reward, &broadcaster, redeemed_this_stream);
    let hearing = listeners.iter().filter(|listener| hears(listener, &reward.id));
    tell_all(state, hearing, &event).await?;
    Ok(())
}

/// Challenges a new webhook in the background; its status tells the outcome.
pub(crate) fn challenge(state: &State, subscription: &subscription::Model) {
    let challenge = crate::store::tokens::new_token();
    let payload = json!({
        "challenge": challenge,
        "subscription": views::subscription_in_message(subscription),
    });
    let message = Message::new(Uuid::new_v4(), MessageType::Verification, subscription, payload);
    let target = courier::Target::of_subscription(subscription);
    let question = courier::Question { challenge, about: courier::About::Subscription };
    state.courier.verify(state, target, message, question);
}

/// Takes up what a former process left: challenges that were not finished are asked again, and
/// the websockets that it had are gone.
pub(crate) async fn resume(state: &State) -> Result<(), DbErr> {
    let db = &state.store.db;
    for pending in subscriptions::in_status(db, subscriptions::PENDING).await? {
        challenge(state, &pending);
    }
    for pending in conduit_store::shards_in_status(db, subscriptions::PENDING).await? {
        challenge_shard(state, &pending);
    }
    let status = Ending::Internal.status();
    subscriptions::end_every_session(db, status).await?;
    conduit_store::end_every_session(db, status).await
}
