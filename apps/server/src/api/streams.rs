//! What happens in a campaign, as it happens.

use super::Tag;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use crate::stream::{LastEventId, Viewer, open};
use poem::web::Data;
use poem::{IntoResponse, Request, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

/// The route of the stream.
pub(super) struct StreamsApi;

#[OpenApi]
impl StreamsApi {
    /// What happens in the campaign, as server-sent events.
    ///
    /// The first event is `snapshot`, the state at its `sequence`. A reader that comes back with
    /// `Last-Event-ID` (or `lastEventId`) then gets what it missed, marked `replayed`; `reset` tells
    /// one that was away too long to begin anew. Hidden things are for the game master only.
    #[oai(
        path = "/campaigns/:campaign/stream",
        method = "get",
        tag = "Tag::Goals",
        operation_id = "streamCampaign"
    )]
    async fn stream(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        #[oai(name = "lastEventId")] last_event_id: Query<Option<String>>,
        request: &Request,
    ) -> Result<EventStream, Problem> {
        let viewer = Viewer::member(&caller, campaign.0.into()).await?;
        let last = LastEventId::of(request, last_event_id.0.as_deref());
        Ok(EventStream(open(&services, viewer, last).await?))
    }
}

/// An answer that does not end.
struct EventStream(Response);

impl IntoResponse for EventStream {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Payload for EventStream {
    const CONTENT_TYPE: &'static str = "text/event-stream";

    fn check_content_type(_content_type: &str) -> bool {
        false
    }

    fn schema_ref() -> MetaSchemaRef {
        // OpenAPI 3.0 has no words for a sequence of events; some readers take a schema as that of
        // each event.
        MetaSchemaRef::Inline(Box::new(MetaSchema::ANY))
    }
}

impl ApiResponse for EventStream {
    fn meta() -> MetaResponses {
        let media = MetaMediaType {
            content_type: Self::CONTENT_TYPE,
            schema: <Self as Payload>::schema_ref(),
        };
        let response = MetaResponse {
            description: "Events, until the reader goes or may not read any more.",
            status: Some(200),
            status_range: None,
            content: vec![media],
            headers: Vec::new(),
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_registry: &mut Registry) {}
}
