//! Which addresses are the websocket's.

use reqwest::Url;

/// The configured address of the websocket.
#[derive(Debug, Clone)]
pub(super) struct Address(String);

impl Address {
    pub(super) const fn new(url: String) -> Self {
        Self(url)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a session may move there: to the same host, or to another one of the same owner;
    /// never from an encrypted connection to a plain one.
    pub(super) fn is_followed_by(&self, url: &str) -> bool {
        let (Ok(own), Ok(next)) = (Url::parse(&self.0), Url::parse(url)) else { return false };
        let is_as_safe = match next.scheme() {
            "wss" => true,
            "ws" => own.scheme() == "ws",
            _ => false,
        };
        let (Some(own), Some(next_host)) = (own.host_str(), next.host_str()) else { return false };
        let is_own = own == next_host || owner(own).is_some_and(|it| Some(it) == owner(next_host));
        is_as_safe && is_own && next.username().is_empty() && next.password().is_none()
    }
}

/// The last two labels of a name: what somebody registered, for the names that matter here. An
/// address of numbers has no owner that could be told.
fn owner(host: &str) -> Option<&str> {
    if host.contains(':') || host.split('.').next_back()?.parse::<u32>().is_ok() {
        return None;
    }
    let (rest, top) = host.rsplit_once('.')?;
    let name = rest.rsplit('.').next()?;
    host.get(host.len() - name.len() - 1 - top.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_moves_only_among_hosts_of_one_owner() {
        let cases = [
            ("wss://eventsub.wss.twitch.tv/ws", "wss://eventsub.wss.twitch.tv?id=1", true),
            ("wss://eventsub.wss.twitch.tv/ws", "wss://cell-a.eventsub.wss.twitch.tv/ws?x", true),
            ("wss://eventsub.wss.twitch.tv/ws", "wss://twitch.tv/", true),
            ("wss://eventsub.wss.twitch.tv/ws", "ws://eventsub.wss.twitch.tv/ws", false),
            ("wss://eventsub.wss.twitch.tv/ws", "https://eventsub.wss.twitch.tv/ws", false),
            ("wss://eventsub.wss.twitch.tv/ws", "wss://twitch.tv.evil.example/ws", false),
            ("wss://eventsub.wss.twitch.tv/ws", "wss://eviltwitch.tv/ws", false),
            ("wss://eventsub.wss.twitch.tv/ws", "wss://u:p@eventsub.wss.twitch.tv/", false),
            ("ws://127.0.0.1:80/ws", "ws://127.0.0.1:8080/next", true),
            ("ws://127.0.0.1:80/ws", "ws://10.0.0.1/ws", false),
            ("ws://127.0.0.1/ws", "ws://5.0.0.1/ws", false),
            ("ws://[::1]/ws", "ws://[::2]/ws", false),
            ("ws://localhost:1/ws", "wss://localhost/ws", true),
            ("ws://localhost:1/ws", "nonsense", false),
        ];
        for (own, next, is_good) in cases {
            let own = Address::new(own.to_owned());
            assert_eq!(own.is_followed_by(next), is_good, "{own:?} {next}");
        }
    }
}
