//! Calls that go wrong as the fault plan has it.

use std::time::Duration;

use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::{Endpoint, FromRequest, IntoResponse, Request, RequestBody, Response, Result};

use crate::clock;
use crate::error::ApiError;
use crate::faults::CallFault;
use crate::rate_limit::Allowance;

/// Whether only half of a settlement may happen.
#[derive(Debug, Clone, Copy)]
pub(super) struct HalfBatch(pub(super) bool);

impl<'a> FromRequest<'a> for HalfBatch {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(request.data::<Self>().copied().unwrap_or(Self(false)))
    }
}

/// What Twitch says when it does not know what happened either.
pub(super) fn internal_error() -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "")
}

/// An injected 429 says what a true one says: the bucket is empty, and full in a second.
pub(super) fn shorten(allowance: &mut Allowance, fault: CallFault) {
    if fault == CallFault::TooManyRequests {
        allowance.remaining = 0;
        allowance.reset_unix_s = clock::now_ns() / clock::SECOND_NS + 1;
    }
}

/// The answer to a call that goes wrong this way; `timeout` is how long one takes that runs out
/// of time.
pub(super) async fn answer(
    fault: CallFault,
    timeout: Duration,
    endpoint: &impl Endpoint<Output = Response>,
    mut request: Request,
) -> Result<Response> {
    tracing::debug!(fault = fault.name(), path = request.uri().path(), "a call goes wrong");
    let refusal = match fault {
        CallFault::Unauthorized => ApiError::unauthorized("Invalid OAuth token"),
        CallFault::Forbidden => ApiError::forbidden("The sandbox refuses this by its fault plan"),
        CallFault::NotFound => ApiError::not_found("The sandbox hides this by its fault plan"),
        CallFault::TooManyRequests => {
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
        }
        CallFault::InternalError => internal_error(),
        CallFault::Unavailable => ApiError::new(StatusCode::SERVICE_UNAVAILABLE, ""),
        CallFault::HalfBatch => {
            request.set_data(HalfBatch(true));
            return Ok(endpoint.call(request).await?.into_response());
        }
        CallFault::TimeoutBefore | CallFault::TimeoutAfterEffect => {
            if fault == CallFault::TimeoutAfterEffect {
                endpoint.call(request).await?;
            }
            tokio::time::sleep(timeout).await;
            ApiError::new(StatusCode::GATEWAY_TIMEOUT, "")
        }
    };
    Ok(refusal.as_response())
}
