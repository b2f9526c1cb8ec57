//! What the adapter is started with.

use crate::eventsub::EventSubConfig;
use std::fmt;

/// Where Twitch is and who we are there.
#[derive(Clone, PartialEq, Eq)]
pub struct TwitchConfig {
    /// Our client id: only rewards made under it are ours.
    pub client_id: String,
    /// The secret that goes with it at the token endpoint.
    pub client_secret: String,
    /// The root of Helix, such as `https://api.twitch.tv/helix`, or `…/mock` of Twitch's mock.
    pub api_url: String,
    /// The root of the token service: `https://id.twitch.tv`, with or without `/oauth2`, or
    /// `…/auth` of Twitch's mock.
    pub auth_url: String,
    /// How events come here.
    pub eventsub: EventSubConfig,
    /// Whether a channel that never logged in is logged in without asking anybody, as the sandbox
    /// and Twitch's mock allow. A channel whose login died is not: that is what people are for.
    pub logs_in_without_people: bool,
}

impl fmt::Debug for TwitchConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwitchConfig")
            .field("client_id", &self.client_id)
            .field("api_url", &self.api_url)
            .field("auth_url", &self.auth_url)
            .field("eventsub", &self.eventsub)
            .field("logs_in_without_people", &self.logs_in_without_people)
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
            eventsub: EventSubConfig::Off,
            logs_in_without_people: false,
        };
        let shown = format!("{config:?}");
        assert!(shown.contains("/helix") && !shown.contains("hush"), "{shown}");
    }
}
