//! The port `ChatNotices` on Helix.

use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use crate::scopes;
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::ports::{ChatNotices, ChatOutcome};
use serde::Deserialize;
use std::sync::Arc;
use twitch_api::helix::RequestPost;
use twitch_api::helix::chat::{SendChatMessageBody, SendChatMessageRequest};

/// Lines of chat, said by the channel's own account with its own login.
pub struct HelixChat {
    helix: Arc<Helix>,
}

/// What became of a line, read loosely: reasons are for people.
#[derive(Debug, Deserialize)]
struct Spoken {
    is_sent: bool,
    #[serde(default)]
    drop_reason: Option<Reason>,
}

#[derive(Debug, Deserialize)]
struct Reason {
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: String,
}

impl HelixChat {
    pub(crate) const fn new(helix: Arc<Helix>) -> Self {
        Self { helix }
    }

    async fn send(&self, channel: &TwitchUserId, text: &str) -> Result<Spoken, CallFailure> {
        let request = SendChatMessageRequest::new();
        let body = SendChatMessageBody::new(channel.as_str(), channel.as_str(), text);
        let build = |token: &str, client: &str| request.create_request(body.clone(), token, client);
        let answer = self.helix.call(Caller::Channel(channel), build).await?;
        let page = crate::helix::Page::of(answer.body())?;
        page.data.into_iter().next().ok_or_else(|| CallFailure::unreadable("it is empty"))
    }
}

#[async_trait]
impl ChatNotices for HelixChat {
    async fn say(&self, channel: &TwitchUserId, text: &str) -> ChatOutcome {
        match self.send(channel, text).await {
            Ok(Spoken { is_sent: true, .. }) => ChatOutcome::Said,
            Ok(Spoken { drop_reason, .. }) => ChatOutcome::Dropped { reason: told(drop_reason) },
            Err(failure) => outcome(failure),
        }
    }
}

fn told(reason: Option<Reason>) -> String {
    let texts = reason.map(|reason| [reason.message, reason.code]);
    let text = texts.and_then(|texts| texts.into_iter().find(|text| !text.is_empty()));
    text.unwrap_or_else(|| "Twitch gave no reason".to_owned())
}

fn outcome(failure: CallFailure) -> ChatOutcome {
    let reason = failure.to_string();
    match failure {
        CallFailure::Refused { .. } | CallFailure::LoginNeeded => ChatOutcome::Dropped { reason },
        CallFailure::ScopeMissing(_) => {
            ChatOutcome::Dropped { reason: format!("the login lacks {}", scopes::CHAT) }
        }
        CallFailure::RateLimited { after_seconds } => ChatOutcome::NotNow { after_seconds, reason },
        CallFailure::NotNow(_) => ChatOutcome::NotNow { after_seconds: None, reason },
        CallFailure::Doubtful(_) => ChatOutcome::Unknown { reason },
    }
}
