//! Requests below `/socket.io/`, handed to the sockets with the connection's upgrade.

use crate::problem::Problem;
use crate::services::Shared;
use gamification_foundry::MAX_PAYLOAD_BYTES;
use poem::error::ReadBodyError;
use poem::web::Data;
use poem::{Body, Request, Response, handler};

#[handler]
pub(super) async fn sockets(
    services: Data<&Shared>,
    request: &Request,
    body: Body,
) -> Result<Response, Problem> {
    let body = body.into_bytes_limit(MAX_PAYLOAD_BYTES).await.map_err(|error| match error {
        ReadBodyError::PayloadTooLarge => Problem::too_large(MAX_PAYLOAD_BYTES),
        error => Problem::malformed(error.to_string()),
    })?;
    let mut inner = http::Request::new(body);
    *inner.method_mut() = request.method().clone();
    *inner.uri_mut() = request.uri().clone();
    *inner.headers_mut() = request.headers().clone();
    *inner.version_mut() = request.version();
    let upgrade = request.take_upgrade().ok();
    let (head, body) = services.tables.serve(inner, upgrade).await.into_parts();
    let mut response = Response::builder().status(head.status).body(body);
    *response.headers_mut() = head.headers;
    Ok(response)
}
