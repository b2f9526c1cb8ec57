//! Bodies have an end. poem's own limit demands a `Content-Length` even of a `GET`, and its
//! extractors read without one.

use super::BODY_BYTES_MAX;
use crate::problem::Problem;
use poem::http::header;
use poem::{Body, Endpoint, Request, Response, Result};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// How long a body may take to arrive.
const BODY_TIME_MAX: Duration = Duration::from_secs(15);
/// How much of a body that is too large is read before the answer, so that a client which only
/// listens after it has sent everything hears why.
const DRAINED_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Reads the body before the endpoint sees the request. The sockets of `/socket.io/` have a limit
/// of their own, for each message.
pub struct BodyLimit<E>(pub E);

impl<E: Endpoint<Output = Response>> Endpoint for BodyLimit<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if request.uri().path().starts_with("/socket.io/") {
            return self.0.call(request).await;
        }
        let declared = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok())
            .and_then(|length| length.parse::<u64>().ok());
        let body = request.take_body();
        let read = tokio::time::timeout(BODY_TIME_MAX, read(body, declared)).await;
        let bytes = read.map_err(|_| Problem::too_slow())??;
        request.set_body(bytes);
        self.0.call(request).await
    }
}

async fn read(body: Body, declared: Option<u64>) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| Problem::malformed(format!("the body broke: {error}"));
    let mut reader = body.into_async_read();
    let mut bytes = Vec::new();
    if declared.is_none_or(|length| length <= BODY_BYTES_MAX as u64) {
        let limit = BODY_BYTES_MAX as u64 + 1;
        (&mut reader).take(limit).read_to_end(&mut bytes).await.map_err(unreadable)?;
        if bytes.len() <= BODY_BYTES_MAX {
            return Ok(bytes);
        }
    }
    let mut rest = reader.take(DRAINED_BYTES_MAX);
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await.map_err(unreadable)?;
    Err(Problem::too_large(BODY_BYTES_MAX))
}
