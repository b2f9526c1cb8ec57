//! The packets of Engine.IO 4 and Socket.IO 5, as far as a client of one namespace needs them.

use serde_json::Value;

/// A packet from the server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Packet {
    /// The transport is open.
    Open,
    /// The transport is to be closed.
    Close,
    /// To be answered with [`PONG`].
    Ping,
    /// The namespace is open; the socket's id.
    Connected(String),
    /// The namespace refused, with that text.
    Refused(String),
    /// The namespace is closed for good.
    NamespaceDisconnected,
    /// An event of the namespace.
    Event(String, Value),
    /// Something that a client passes by.
    Other,
}

/// The answer to a ping.
pub(crate) const PONG: &str = "3";
/// Tells the server that the client closes the transport.
pub(crate) const CLOSE: &str = "1";

/// Opens the namespace.
pub(crate) fn connect(token: &str) -> String {
    format!("40/vtt,{}", serde_json::json!({ "token": token }))
}

/// An event; `array` is `[name, body]` as text.
pub(crate) fn event(array: &str) -> String {
    format!("42/vtt,{array}")
}

/// Reads a text frame.
pub(crate) fn parse(frame: &str) -> Packet {
    if frame.starts_with('0') {
        return Packet::Open;
    }
    match frame {
        "1" => return Packet::Close,
        "2" => return Packet::Ping,
        _ => {}
    }
    let in_namespace = |kind: &str| frame.strip_prefix(kind)?.strip_prefix("/vtt,");
    let field = |body: &str, key: &str| {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        body[key].as_str().unwrap_or_default().to_owned()
    };
    if let Some(body) = in_namespace("40") {
        return Packet::Connected(field(body, "sid"));
    }
    if let Some(body) = in_namespace("44") {
        return Packet::Refused(field(body, "message"));
    }
    if in_namespace("41").is_some() {
        return Packet::NamespaceDisconnected;
    }
    let array = in_namespace("42").and_then(|array| serde_json::from_str(array).ok());
    match array {
        Some(Value::Array(mut array)) if !array.is_empty() => {
            let body = if array.len() > 1 { array.swap_remove(1) } else { Value::Null };
            Packet::Event(array[0].as_str().unwrap_or_default().to_owned(), body)
        }
        _ => Packet::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn packets_are_told_apart() {
        for (frame, packet) in [
            ("0{\"sid\":\"x\"}", Packet::Open),
            ("1", Packet::Close),
            ("2", Packet::Ping),
            ("6", Packet::Other),
            ("40/vtt,{\"sid\":\"s\"}", Packet::Connected("s".to_owned())),
            ("44/vtt,{\"message\":\"no\"}", Packet::Refused("no".to_owned())),
            ("41/vtt,", Packet::NamespaceDisconnected),
            ("42/vtt,[\"ping\",{\"a\":1}]", Packet::Event("ping".to_owned(), json!({ "a": 1 }))),
            ("42/vtt,[\"bare\"]", Packet::Event("bare".to_owned(), Value::Null)),
            ("42/other,[\"x\"]", Packet::Other),
        ] {
            assert_eq!(parse(frame), packet, "{frame}");
        }
    }
}
