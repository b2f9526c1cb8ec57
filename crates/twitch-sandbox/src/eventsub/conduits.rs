//! Conduits: which shard carries a message, and what happens to shards.

use sea_orm::DbErr;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::courier::{About, Question, Target};
use super::{EventKind, Message, tell_all};
use crate::error::ApiError;
use crate::state::State;
use crate::store::entities::conduit_shard as shard;
use crate::store::entities::subscription::{self, Method};
use crate::store::{conduits, subscriptions};
use crate::views;

/// Sends a message over a shard that is enabled: always the same one for a channel, as long as
/// the enabled shards are the same. Without any it is lost, as on Twitch.
pub(super) async fn carry(
    state: &State,
    listener: &subscription::Model,
    message: Message,
) -> Result<(), DbErr> {
    let shards = conduits::enabled_shards(&state.store.db, &listener.conduit_id).await?;
    let Some(shard) = choose(&shards, &listener.broadcaster_user_id) else {
        tracing::info!(conduit_id = %listener.conduit_id, "no shard carries a message");
        return Ok(());
    };
    match shard.method {
        Method::Websocket => state.sessions.send(&shard.session_id, &message, &state.courier),
        Method::Webhook | Method::Conduit => {
            state.courier.deliver(state, Target::of_shard(shard), message);
        }
    }
    Ok(())
}

fn choose<'s>(shards: &'s [shard::Model], channel: &str) -> Option<&'s shard::Model> {
    let digest = Sha256::digest(channel);
    let number = usize::from(u16::from_be_bytes([digest[0], digest[1]]));
    shards.get(number.checked_rem(shards.len())?)
}

/// Challenges the webhook of a shard in the background; the shard's status tells the outcome.
pub(crate) fn challenge_shard(state: &State, shard: &shard::Model) {
    let challenge = crate::store::tokens::new_token();
    let message = Message::shard_challenge(json!({
        "challenge": challenge,
        "conduit_shard": { "conduit_id": shard.conduit_id, "shard": shard.number.to_string() },
    }));
    let about = About::Shard { conduit_id: shard.conduit_id.clone(), number: shard.number };
    let question = Question { challenge, about };
    state.courier.verify(state, Target::of_shard(shard), message, question);
}

/// Tells the clients that these shards were disabled.
pub(crate) async fn shards_gone(state: &State, shards: &[shard::Model]) -> Result<(), ApiError> {
    let db = &state.store.db;
    for shard in shards {
        let Some(conduit) = conduits::by_id(db, &shard.conduit_id).await? else { continue };
        let kind = EventKind::ShardDisabled.name();
        let listeners = subscriptions::of_client_listening(db, kind, &conduit.client_id).await?;
        let hearing = listeners.iter().filter(|listener| {
            listener.subject_conduit_id.is_empty() || listener.subject_conduit_id == conduit.id
        });
        let event = json!({
            "conduit_id": conduit.id,
            "shard_id": shard.number.to_string(),
            "status": shard.status,
            "transport": views::shard_transport(shard),
        });
        tell_all(state, hearing, &event).await?;
    }
    Ok(())
}
