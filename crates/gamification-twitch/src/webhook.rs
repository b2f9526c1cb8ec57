//! Whether a webhook message is Twitch's and fresh. No I/O, and no input makes it panic.

use gamification_core::time::Timestamp;
use hmac::{Hmac, Mac};
use http::HeaderMap;
use sha2::Sha256;

/// The header that names a message; the same for a message that Twitch sends again.
pub const MESSAGE_ID: &str = "twitch-eventsub-message-id";
/// The header that tells when a message was sent, RFC 3339.
pub const MESSAGE_TIMESTAMP: &str = "twitch-eventsub-message-timestamp";
/// The header with the signature.
pub const MESSAGE_SIGNATURE: &str = "twitch-eventsub-message-signature";
/// The header that tells what a message is for.
pub const MESSAGE_TYPE: &str = "twitch-eventsub-message-type";

/// How far a message's timestamp may lie from now, either way.
const TOLERANCE_SECONDS: u32 = 10 * 60;

const SIGNATURE_BYTES: usize = 32;

/// What a message is for. It is not covered by the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageType {
    /// An event: [`parse_notification`](crate::envelope::parse_notification).
    Notification,
    /// The question whether this address wants the messages:
    /// [`challenge`](crate::envelope::challenge).
    Verification,
    /// The end of a subscription: [`parse_revocation`](crate::envelope::parse_revocation).
    Revocation,
    /// Something that Twitch has added since; to be answered with a 2xx and ignored.
    Unknown(String),
}

impl From<&str> for MessageType {
    fn from(header: &str) -> Self {
        match header {
            "notification" => Self::Notification,
            "webhook_callback_verification" => Self::Verification,
            "revocation" => Self::Revocation,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

/// The headers that decide about a message, exactly as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookHeaders {
    /// Names the message.
    pub message_id: String,
    /// When it was sent, not yet read.
    pub timestamp: String,
    /// `sha256=` and 64 hexadecimal digits, not yet read.
    pub signature: String,
    /// What it is for.
    pub message_type: MessageType,
}

/// Why a message is not taken. Everybody can send one, so this is the sender's fault, not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefusal {
    /// A header is not there.
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    /// A header has characters that no header of Twitch has.
    #[error("the header {0} is not visible ASCII")]
    UnreadableHeader(&'static str),
    /// The signature does not have the form of one.
    #[error("the signature is not sha256= and 64 hexadecimal digits")]
    MalformedSignature,
    /// The signature belongs to another secret, id, timestamp or body.
    #[error("the signature is wrong")]
    WrongSignature,
    /// The timestamp is no moment.
    #[error("the timestamp is not RFC 3339")]
    UnreadableTimestamp,
    /// The message was sent more than ten minutes ago: perhaps a replay.
    #[error("the message is older than 10 minutes")]
    TooOld,
    /// The message claims to be sent more than ten minutes from now.
    #[error("the message is from the future")]
    FromTheFuture,
}

impl WebhookHeaders {
    /// Picks the four headers; of one that came several times, the first.
    ///
    /// # Errors
    /// When one of them is missing or has characters other than visible ASCII.
    pub fn from_map(headers: &HeaderMap) -> Result<Self, WebhookRefusal> {
        Ok(Self {
            message_id: text(headers, MESSAGE_ID)?.to_owned(),
            timestamp: text(headers, MESSAGE_TIMESTAMP)?.to_owned(),
            signature: text(headers, MESSAGE_SIGNATURE)?.to_owned(),
            message_type: text(headers, MESSAGE_TYPE)?.into(),
        })
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, WebhookRefusal> {
    let value = headers.get(name).ok_or(WebhookRefusal::MissingHeader(name))?;
    value.to_str().map_err(|_| WebhookRefusal::UnreadableHeader(name))
}

/// Checks that a message was signed with `secret` and sent within ten minutes of `now`.
///
/// The signature is compared in constant time, and checked before the timestamp is believed.
/// `raw_body` is the body as it came, before anything has read it.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(
    secret: &[u8],
    headers: &WebhookHeaders,
    raw_body: &[u8],
    now: Timestamp,
) -> Result<(), WebhookRefusal> {
    let signature =
        signature_bytes(&headers.signature).ok_or(WebhookRefusal::MalformedSignature)?;
    // HMAC takes keys of every length; if it ever did not, nothing could be rightly signed.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return Err(WebhookRefusal::WrongSignature);
    };
    mac.update(headers.message_id.as_bytes());
    mac.update(headers.timestamp.as_bytes());
    mac.update(raw_body);
    mac.verify_slice(&signature).map_err(|_| WebhookRefusal::WrongSignature)?;
    let sent_at =
        Timestamp::parse(&headers.timestamp).map_err(|_| WebhookRefusal::UnreadableTimestamp)?;
    if sent_at < now.minus_seconds(TOLERANCE_SECONDS) {
        return Err(WebhookRefusal::TooOld);
    }
    if sent_at > now.plus_seconds(TOLERANCE_SECONDS) {
        return Err(WebhookRefusal::FromTheFuture);
    }
    Ok(())
}

fn signature_bytes(header: &str) -> Option<[u8; SIGNATURE_BYTES]> {
    let hex = header.strip_prefix("sha256=")?.as_bytes();
    if hex.len() != 2 * SIGNATURE_BYTES {
        return None;
    }
    let mut bytes = [0; SIGNATURE_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(bytes)
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
