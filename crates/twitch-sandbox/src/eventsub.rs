//! EventSub over webhooks: which event goes where, and what it says.

mod courier;
mod message;

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::state::State;
use crate::store::entities::redemption::{self, Status};
use crate::store::entities::subscription;
use crate::store::subscriptions;
use crate::views::{self, People};
pub(crate) use courier::Courier;
use message::{Message, MessageType};
use uuid::Uuid;

/// The subscription types that this Twitch has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// A viewer redeemed.
    RedemptionAdd,
    /// A redemption was fulfilled or cancelled.
    RedemptionUpdate,
}

impl EventKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RedemptionAdd => "channel.channel_points_custom_reward_redemption.add",
            Self::RedemptionUpdate => "channel.channel_points_custom_reward_redemption.update",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::RedemptionAdd, Self::RedemptionUpdate].into_iter().find(|kind| kind.name() == name)
    }
}

/// Which message ids an event is sent under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageIds {
    /// The ones that the first sending had, so that a receiver can tell a repetition.
    Same,
    /// New ones, as when Twitch itself sends an event twice.
    New,
}

/// A message that was handed to the courier.
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

/// Hands one event per redemption and subscription to the courier. All redemptions are of one
/// channel.
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
        for listener in listeners.iter().filter(|listener| hears(listener, redemption)) {
            let message_id = match ids {
                MessageIds::Same => message::repeatable_id(&listener.id, &redemption.id, kind),
                MessageIds::New => Uuid::new_v4(),
            };
            let message = notification(listener, message_id, &event);
            sent.push(Sent {
                subscription_id: listener.id.clone(),
                message_id: message.id.clone(),
            });
            state.courier.deliver(state, message);
        }
    }
    Ok(sent)
}

fn hears(listener: &subscription::Model, redemption: &redemption::Model) -> bool {
    listener.reward_id.is_empty() || listener.reward_id == redemption.reward_id
}

fn notification(listener: &subscription::Model, id: Uuid, event: &Value) -> Message {
    let body = json!({ "subscription": views::subscription(listener), "event": event });
    Message::new(id, MessageType::Notification, listener.clone(), &body)
}

/// Challenges a new webhook in the background; its status tells the outcome.
pub(crate) fn challenge(state: &State, subscription: subscription::Model) {
    let challenge = crate::store::tokens::new_token();
    let body = json!({
        "challenge": challenge,
        "subscription": views::subscription(&subscription),
    });
    let message = Message::new(Uuid::new_v4(), MessageType::Verification, subscription, &body);
    state.courier.verify(state, message, challenge);
}

/// Challenges the webhooks again whose challenge a former process did not finish.
pub(crate) async fn challenge_pending(state: &State) -> Result<(), sea_orm::DbErr> {
    for pending in subscriptions::in_status(&state.store.db, subscriptions::PENDING).await? {
        challenge(state, pending);
    }
    Ok(())
}
