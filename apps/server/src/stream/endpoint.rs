//! The answers that do not end.

use super::reader::Reader;
use super::viewer::Viewer;
use crate::problem::Problem;
use crate::services::Shared;
use poem::http::header;
use poem::web::{Data, Path, Query};
use poem::{Body, Request, Response, handler};
use serde::Deserialize;

/// The header of a reader that comes back; browsers send it by themselves.
const LAST_EVENT_ID: &str = "last-event-id";

/// The number of the last fact that a reader has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastEventId(Option<i64>);

impl LastEventId {
    /// From the header, else from `?lastEventId=`. What is no number is newer than everything, so
    /// that its reader begins anew.
    #[must_use]
    pub fn of(request: &Request, query: Option<&str>) -> Self {
        let text = request.header(LAST_EVENT_ID).or(query).filter(|text| !text.is_empty());
        Self(text.map(|text| text.trim().parse().unwrap_or(i64::MAX)))
    }
}

/// The stream of that reader.
///
/// # Errors
/// When the campaign is gone or the store does not answer.
pub async fn open(
    services: &Shared,
    viewer: Viewer,
    last: LastEventId,
) -> Result<Response, Problem> {
    let reader = Reader::new(&services.streams, &services.metrics, viewer, last.0).await?;
    Ok(Response::builder()
        .content_type("text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        .header("x-accel-buffering", "no")
        .body(Body::from_bytes_stream(reader.into_stream())))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResumeQuery {
    last_event_id: Option<String>,
}

/// `GET /overlay/{token}/stream`: one streamer's view, for whoever knows the address.
#[handler]
pub(crate) async fn overlay_stream(
    services: Data<&Shared>,
    request: &Request,
    Path(token): Path<String>,
    Query(query): Query<ResumeQuery>,
) -> Result<Response, Problem> {
    let viewer = Viewer::overlay(&*services.core.ports().queries, &token).await?;
    open(&services, viewer, LastEventId::of(request, query.last_event_id.as_deref())).await
}
