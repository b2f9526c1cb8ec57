//! The one way that messages leave by, where the fault plan has its say.

use sea_orm::DbErr;

use super::delivery::carry;
use super::{Message, MessageType};
use crate::faults::Departure;
use crate::state::State;
use crate::store::entities::subscription;

/// Sends a message about a subscription: a notification as often and as late as the fault plan
/// has it; without one, and anything else, once and now.
pub(super) async fn dispatch(
    state: &State,
    listener: &subscription::Model,
    message: Message,
) -> Result<(), DbErr> {
    if message.kind != MessageType::Notification {
        return carry(state, listener, message).await;
    }
    for copy in state.faults.copies(&listener.kind) {
        let message = if copy.has_new_id { message.under_new_id() } else { message.clone() };
        match copy.departure {
            Departure::Now => carry(state, listener, message).await?,
            Departure::After(delay) => {
                later(state, listener, message, tokio::time::sleep(delay));
            }
            Departure::Overtaken(overtaking) => later(state, listener, message, overtaking.wait()),
        }
    }
    state.faults.pass();
    Ok(())
}

fn later(
    state: &State,
    listener: &subscription::Model,
    message: Message,
    wait: impl Future<Output = ()> + Send + 'static,
) {
    let listener = listener.clone();
    state.courier.start(state, |state| async move {
        wait.await;
        let message_id = message.id.clone();
        if let Err(error) = carry(&state, &listener, message).await {
            tracing::error!(%error, %message_id, "a late message broke off");
        }
    });
}
