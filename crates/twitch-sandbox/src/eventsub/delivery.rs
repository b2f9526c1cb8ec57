//! Which transport carries a message.

use sea_orm::DbErr;

use super::courier::Target;
use super::{Message, conduits};
use crate::state::State;
use crate::store::entities::subscription::{self, Method};

/// Hands a message about a subscription to its transport. Messages for one websocket arrive in
/// the order of these calls; webhooks get theirs side by side.
pub(super) async fn carry(
    state: &State,
    listener: &subscription::Model,
    message: Message,
) -> Result<(), DbErr> {
    match listener.method {
        Method::Webhook => {
            state.courier.deliver(state, Target::of_subscription(listener), message);
        }
        Method::Websocket => state.sessions.send(&listener.session_id, &message, &state.courier),
        Method::Conduit => conduits::carry(state, listener, message).await?,
    }
    Ok(())
}
