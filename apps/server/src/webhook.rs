//! `POST /webhooks/twitch/eventsub`: what Twitch sends. Verified before it is believed, committed
//! before it is acknowledged.

use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::redemption::RedemptionSource;
use gamification_core::time::Timestamp;
use gamification_twitch::envelope::{
    EnvelopeError, Notification, challenge, parse_notification, parse_revocation,
};
use gamification_twitch::webhook::{MessageType, WebhookHeaders, WebhookRefusal, verify};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Body, Request, Response, handler};

/// Where Twitch sends its messages.
pub const EVENTSUB_PATH: &str = "/webhooks/twitch/eventsub";

/// Takes one message.
#[handler]
pub(crate) async fn eventsub(
    services: Data<&Shared>,
    request: &Request,
    body: Body,
) -> Result<Response, Problem> {
    let body = body.into_bytes().await.map_err(|error| Problem::malformed(error.to_string()))?;
    let headers = WebhookHeaders::from_map(request.headers()).map_err(refused)?;
    let now = services.core.ports().clock.now();
    let secret = services.eventsub_secret.expose().as_bytes();
    verify(secret, &headers, &body, now).map_err(|refusal| {
        tracing::info!(%refusal, "an EventSub message was refused");
        refused(refusal)
    })?;
    let sent_at = Timestamp::parse(&headers.timestamp)
        .map_err(|_| refused(WebhookRefusal::UnreadableTimestamp))?;
    match headers.message_type {
        MessageType::Verification => {
            let challenge = challenge(&body).map_err(unreadable)?;
            Ok(Response::builder().content_type("text/plain").body(challenge))
        }
        MessageType::Revocation => {
            let revocation = parse_revocation(&body).map_err(unreadable)?;
            services.twitch_events.subscription_ended(&revocation, sent_at).await?;
            services.subscriptions.ended(&revocation);
            Ok(acknowledged())
        }
        MessageType::Notification => {
            let notification = parse_notification(&body, RedemptionSource::Webhook);
            let notification = notification.map_err(unreadable)?;
            let is_about_us = matches!(
                notification,
                Notification::AuthorizationRevoked { .. } | Notification::ShardDisabled { .. }
            );
            services.twitch_events.take(notification, sent_at).await?;
            if is_about_us {
                services.subscriptions.nudge();
            }
            Ok(acknowledged())
        }
        MessageType::Unknown(kind) => {
            tracing::info!(kind, "an EventSub message of an unknown type was ignored");
            Ok(acknowledged())
        }
    }
}

fn acknowledged() -> Response {
    Response::builder().status(StatusCode::NO_CONTENT).finish()
}

fn refused(refusal: WebhookRefusal) -> Problem {
    let reason = refusal.to_string();
    match refusal {
        WebhookRefusal::MissingHeader(name) | WebhookRefusal::UnreadableHeader(name) => {
            Problem::ill_formed_field(name, reason)
        }
        WebhookRefusal::UnreadableTimestamp => {
            Problem::ill_formed_field(gamification_twitch::webhook::MESSAGE_TIMESTAMP, reason)
        }
        WebhookRefusal::MalformedSignature
        | WebhookRefusal::WrongSignature
        | WebhookRefusal::TooOld
        | WebhookRefusal::FromTheFuture => Problem::forbidden(reason),
    }
}

fn unreadable(error: EnvelopeError) -> Problem {
    match error {
        EnvelopeError::NotJson => Problem::malformed(error.to_string()),
        EnvelopeError::Missing { field } | EnvelopeError::IllTyped { field, .. } => {
            Problem::ill_formed_field(field, error.to_string())
        }
    }
}
