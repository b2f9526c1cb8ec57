//! What a transport must be, of a subscription and of a shard alike.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::ApiError;
use crate::eventsub::SessionRefusal;

/// Checks the callback and the secret of a webhook.
pub(super) fn check_webhook(callback: &str, secret: &str) -> Result<(), ApiError> {
    if !(10..=100).contains(&secret.len()) || !secret.is_ascii() {
        return Err(ApiError::bad_request("the secret must have 10 to 100 ASCII characters"));
    }
    let url =
        Url::parse(callback).map_err(|_| ApiError::bad_request("the callback is not a URL"))?;
    let host = url.host_str().unwrap_or_default();
    let is_loopback = host == "localhost"
        || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    // Twitch itself takes https on port 443 only.
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback) {
        return Ok(());
    }
    Err(ApiError::bad_request("the callback must be an https URL"))
}

/// What is said about a websocket session that cannot be used.
pub(super) fn session_refused(refusal: SessionRefusal) -> &'static str {
    match refusal {
        SessionRefusal::Gone => {
            "websocket transport session does not exist or has already disconnected"
        }
        SessionRefusal::Foreign => {
            "websocket transport cannot have subscriptions created by different users"
        }
    }
}
