//! What the adapter is started with.

use std::fmt;

/// Where Twitch is and who we are there.
#[derive(Clone, PartialEq, Eq)]
pub struct TwitchConfig {
    /// Our client id: only rewards made under it are ours.
    pub client_id: String,
    /// The secret that goes with it at the token endpoint.
    pub client_secret: String,
    /// The root of Helix, such as `https://api.twitch.tv/helix`.
    pub api_url: String,
    /// The root of the token service, such as `https://id.twitch.tv`: the adapter adds
    /// `/oauth2/token` for its own token, and the sandbox's `/auth/authorize` for those of
    /// channels.
    pub auth_url: String,
    /// Where redemptions are to be delivered; `None` subscribes to nothing.
    pub eventsub: Option<EventSubConfig>,
}

/// How Twitch reaches us.
#[derive(Clone, PartialEq, Eq)]
pub struct EventSubConfig {
    /// The full address of our webhook, as Twitch sees it.
    pub callback_url: String,
    /// What the messages are signed with, 10–100 ASCII characters. It has to stay the same over
    /// restarts: Twitch goes on signing with the one a subscription was made with.
    pub secret: String,
}

impl fmt::Debug for TwitchConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwitchConfig")
            .field("client_id", &self.client_id)
            .field("api_url", &self.api_url)
            .field("auth_url", &self.auth_url)
            .field("eventsub", &self.eventsub)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for EventSubConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSubConfig")
            .field("callback_url", &self.callback_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_appear_in_debug_output() {
        let config = TwitchConfig {
            client_id: "client".into(),
            client_secret: "hush-client".into(),
            api_url: "http://127.0.0.1/helix".into(),
            auth_url: "http://127.0.0.1".into(),
            eventsub: Some(EventSubConfig {
                callback_url: "http://127.0.0.1/hook".into(),
                secret: "hush-events".into(),
            }),
        };
        let shown = format!("{config:?}");
        assert!(shown.contains("/hook") && !shown.contains("hush"), "{shown}");
    }
}
