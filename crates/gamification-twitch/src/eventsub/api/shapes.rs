//! What Twitch lists, as far as it matters here.

use gamification_core::ids::TwitchUserId;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Delivering.
pub(in crate::eventsub) const ENABLED: &str = "enabled";
/// The webhook has not yet answered its challenge.
pub(in crate::eventsub) const PENDING: &str = "webhook_callback_verification_pending";

/// A subscription as Twitch lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::eventsub) struct Listed {
    pub(in crate::eventsub) id: String,
    #[serde(rename = "type")]
    pub(in crate::eventsub) kind: String,
    pub(in crate::eventsub) status: String,
    #[serde(default)]
    pub(in crate::eventsub) condition: Map<String, Value>,
    #[serde(default)]
    pub(in crate::eventsub) transport: ListedTransport,
    #[serde(default)]
    pub(in crate::eventsub) created_at: String,
}

impl Listed {
    pub(in crate::eventsub) fn is_enabled(&self) -> bool {
        self.status == ENABLED
    }

    /// Enabled or about to be.
    pub(in crate::eventsub) fn is_alive(&self) -> bool {
        self.is_enabled() || self.status == PENDING
    }

    pub(in crate::eventsub) fn channel(&self) -> Option<TwitchUserId> {
        let channel = self.condition.get("broadcaster_user_id")?.as_str()?;
        (!channel.is_empty()).then(|| channel.into())
    }
}

/// Where a subscription or a shard delivers to, as Twitch lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(in crate::eventsub) struct ListedTransport {
    #[serde(default)]
    pub(in crate::eventsub) method: String,
    #[serde(default)]
    pub(in crate::eventsub) callback: Option<String>,
    #[serde(default)]
    pub(in crate::eventsub) session_id: Option<String>,
    #[serde(default)]
    pub(in crate::eventsub) conduit_id: Option<String>,
}

/// Where we want events.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::eventsub) enum Transport {
    Webhook {
        callback: String,
        secret: String,
    },
    /// The ids that our session has had, the present one last.
    Websocket {
        sessions: Vec<String>,
    },
    Conduit {
        id: String,
    },
}

impl Transport {
    pub(in crate::eventsub) const fn method(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Websocket { .. } => "websocket",
            Self::Conduit { .. } => "conduit",
        }
    }

    /// Whether something delivers here.
    pub(in crate::eventsub) fn is_that_of(&self, listed: &ListedTransport) -> bool {
        listed.method == self.method()
            && match self {
                Self::Webhook { callback, .. } => listed.callback.as_ref() == Some(callback),
                Self::Websocket { sessions } => {
                    listed.session_id.as_ref().is_some_and(|id| sessions.contains(id))
                }
                Self::Conduit { id } => listed.conduit_id.as_ref() == Some(id),
            }
    }

    pub(super) fn body(&self) -> Value {
        match self {
            Self::Webhook { callback, secret } => {
                json!({ "method": "webhook", "callback": callback, "secret": secret })
            }
            Self::Websocket { sessions } => {
                json!({ "method": "websocket", "session_id": sessions.last() })
            }
            Self::Conduit { id } => json!({ "method": "conduit", "conduit_id": id }),
        }
    }
}

/// A conduit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::eventsub) struct Conduit {
    pub(in crate::eventsub) id: String,
}

/// A shard of a conduit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::eventsub) struct Shard {
    pub(in crate::eventsub) id: String,
    #[serde(default)]
    pub(in crate::eventsub) status: String,
    #[serde(default)]
    pub(in crate::eventsub) transport: ListedTransport,
}
