//! Polls: what viewers vote.

use poem::http::StatusCode;
use poem::web::{Data, Json, Path};
use poem::{Body, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::{SECOND_NS, now_ns, rfc3339_ns};
use crate::error::ApiError;
use crate::eventsub::{self, EventKind};
use crate::params::json_body;
use crate::state::State;
use crate::store::entities::talk::poll;
use crate::store::entities::user;
use crate::store::talk;

/// How long a poll runs when nobody ends it, as it says of itself: five minutes. Nothing ends by
/// itself here.
const DURATION_NS: i64 = 300 * SECOND_NS;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PollBody {
    id: Option<String>,
    title: String,
    choices: Vec<Choice>,
    state: PollState,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    id: Option<String>,
    title: String,
    #[serde(default)]
    votes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PollState {
    Progress,
    End,
}

/// Tells how a poll on a channel stands, or ended. Without an id a new poll begins; the answer
/// names it. A poll ends once.
#[handler]
pub(super) async fn post_poll(
    state: Data<&State>,
    Path(login): Path<String>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body: PollBody = json_body(body).await?;
    if !(2..=5).contains(&body.choices.len()) {
        return Err(ApiError::bad_request("A poll has 2 to 5 choices"));
    }
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let user = super::people::known(&tx, &login).await?;
            let poll = brought_to(&tx, &user, &body).await?;
            tx.commit().await?;
            let (kind, event) = event(&poll, &user, &body);
            let sent = eventsub::notify_channel(&state, kind, &user.id, &event).await?;
            Ok(json!({ "id": poll.id, "messages": sent, "event": event }))
        }
    };
    Ok(Json(state.to_the_end(effect).await?))
}

/// The poll, begun or ended as the body has it.
async fn brought_to(
    db: &impl ConnectionTrait,
    user: &user::Model,
    body: &PollBody,
) -> Result<poll::Model, ApiError> {
    let id = body.id.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
    let poll = match talk::poll_by_id(db, &id).await? {
        Some(poll) if poll.broadcaster_id != user.id => {
            return Err(ApiError::not_found("The channel has no such poll"));
        }
        Some(poll) if poll.ended_at_ns.is_some() => {
            return Err(ApiError::refused(StatusCode::CONFLICT, "ENDED", "The poll is over"));
        }
        Some(poll) => poll,
        None => {
            let poll = begun(id, &user.id);
            talk::keep_poll(db, poll.clone()).await?;
            poll
        }
    };
    match body.state {
        PollState::Progress => Ok(poll),
        PollState::End => Ok(talk::end_poll(db, poll, now_ns()).await?),
    }
}

fn begun(id: String, broadcaster_id: &str) -> poll::Model {
    let started_at_ns = now_ns();
    poll::Model {
        id,
        broadcaster_id: broadcaster_id.to_owned(),
        started_at_ns,
        ends_at_ns: started_at_ns + DURATION_NS,
        ended_at_ns: None,
    }
}

fn event(poll: &poll::Model, user: &user::Model, body: &PollBody) -> (EventKind, Value) {
    let choice = |(index, choice): (usize, &Choice)| {
        json!({
            "id": choice.id.clone().unwrap_or_else(|| choice_id(&poll.id, index)),
            "title": choice.title,
            "bits_votes": 0,
            "channel_points_votes": 0,
            "votes": choice.votes,
        })
    };
    let choices: Vec<Value> = body.choices.iter().enumerate().map(choice).collect();
    let mut event = json!({
        "id": poll.id,
        "broadcaster_user_id": user.id,
        "broadcaster_user_login": user.login,
        "broadcaster_user_name": user.display_name,
        "title": body.title,
        "choices": choices,
        "bits_voting": { "is_enabled": false, "amount_per_vote": 0 },
        "channel_points_voting": { "is_enabled": false, "amount_per_vote": 0 },
        "started_at": rfc3339_ns(poll.started_at_ns),
    });
    if let Some(ended_at_ns) = poll.ended_at_ns {
        event["status"] = "completed".into();
        event["ended_at"] = rfc3339_ns(ended_at_ns).into();
        return (EventKind::PollEnd, event);
    }
    event["ends_at"] = rfc3339_ns(poll.ends_at_ns).into();
    (EventKind::PollProgress, event)
}

/// The id of a choice that was given none: the same one each time.
fn choice_id(poll_id: &str, index: usize) -> String {
    let digest = Sha256::new().chain_update(poll_id).chain_update(index.to_le_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
