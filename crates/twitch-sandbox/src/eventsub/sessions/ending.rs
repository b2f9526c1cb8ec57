//! How a connection ends, and what that does to what was bound to its session.

use poem::web::websocket::Message;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// 4000.
    Internal,
    /// 4001: the client sent something.
    InboundTraffic,
    /// 4002: the client did not answer a ping.
    FailedPingPong,
    /// 4003: the client subscribed to nothing in time.
    Unused,
    /// 4004: the client was asked to reconnect and did not leave in time.
    ReconnectGraceOver,
    /// 4005: the client did not take what was written in time.
    NetworkTimeout,
    /// 4006.
    NetworkError,
    /// 4007: the reconnect URL is none.
    InvalidReconnect,
    /// The client said goodbye.
    ClosedByClient,
    /// The connection broke, on either side, without a word.
    Lost,
    /// Nothing is sent any more and nothing is read, but the connection stays.
    Silent,
    /// The sandbox stops.
    Stopped,
}

impl Ending {
    /// The ending of a close code, 4000 to 4007.
    pub(crate) fn of_code(code: u16) -> Option<Self> {
        let endings = [
            Self::Internal,
            Self::InboundTraffic,
            Self::FailedPingPong,
            Self::Unused,
            Self::ReconnectGraceOver,
            Self::NetworkTimeout,
            Self::NetworkError,
            Self::InvalidReconnect,
        ];
        endings.get(usize::from(code.checked_sub(4000)?)).copied()
    }

    /// The close frame that goes with it, when there is one.
    pub(super) fn farewell(self) -> Option<Message> {
        let (code, reason) = match self {
            Self::Internal | Self::Stopped => (4000, "internal server error"),
            Self::InboundTraffic => (4001, "client sent inbound traffic"),
            Self::FailedPingPong => (4002, "client failed ping-pong"),
            Self::Unused => (4003, "connection unused"),
            Self::ReconnectGraceOver => (4004, "reconnect grace time expired"),
            Self::NetworkTimeout => (4005, "network timeout"),
            Self::NetworkError => (4006, "network error"),
            Self::InvalidReconnect => (4007, "invalid reconnect"),
            Self::ClosedByClient | Self::Lost | Self::Silent => return None,
        };
        Some(Message::close_with(code, reason))
    }

    /// The status that subscriptions and shards of the session get.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Internal | Self::Stopped => "websocket_internal_error",
            Self::InboundTraffic => "websocket_received_inbound_traffic",
            Self::FailedPingPong | Self::Silent => "websocket_failed_ping_pong",
            Self::Unused => "websocket_connection_unused",
            Self::ReconnectGraceOver | Self::InvalidReconnect => "websocket_failed_to_reconnect",
            Self::NetworkTimeout => "websocket_network_timeout",
            Self::NetworkError | Self::Lost => "websocket_network_error",
            Self::ClosedByClient => "websocket_disconnected",
        }
    }

    /// Whether it takes this Twitch a while to notice.
    pub(super) fn goes_unnoticed(self) -> bool {
        matches!(self, Self::Lost | Self::Silent)
    }
}
