//! The end of subscriptions that Twitch itself decides.

use serde_json::json;
use uuid::Uuid;

use super::{EventKind, Message, MessageType, Sent, dispatch, tell_all};
use crate::error::ApiError;
use crate::state::State;
use crate::store::entities::{subscription, user};
use crate::store::subscriptions;
use crate::views;

/// Ends a subscription with this status and tells its receiver, once.
pub(crate) async fn revoke(
    state: &State,
    mut subscription: subscription::Model,
    status: &str,
) -> Result<(), ApiError> {
    subscriptions::set_status(&state.store.db, &subscription.id, status).await?;
    subscription.status = status.to_owned();
    tell_revoked(state, vec![subscription]).await
}

/// Tells the receivers of subscriptions that they were revoked; their status says why.
pub(crate) async fn tell_revoked(
    state: &State,
    revoked: Vec<subscription::Model>,
) -> Result<(), ApiError> {
    for subscription in revoked {
        let status = &subscription.status;
        tracing::info!(subscription_id = %subscription.id, status, "a subscription was revoked");
        let payload = json!({ "subscription": views::subscription_in_message(&subscription) });
        let id = Uuid::new_v4();
        let message = Message::new(id, MessageType::Revocation, &subscription, payload);
        dispatch(state, &subscription, message).await?;
    }
    Ok(())
}

/// Tells a client that a user disconnected it. Tokens and subscriptions are the caller's
/// business.
pub(crate) async fn notify_authorization_revoked(
    state: &State,
    client_id: &str,
    user: &user::Model,
) -> Result<Vec<Sent>, ApiError> {
    let kind = EventKind::AuthorizationRevoke.name();
    let listeners = subscriptions::of_client_listening(&state.store.db, kind, client_id).await?;
    let event = json!({
        "client_id": client_id,
        "user_id": user.id,
        "user_login": user.login,
        "user_name": user.display_name,
    });
    tell_all(state, listeners.iter(), &event).await
}
