//! The catalogue of events. Built-in ones are read-only.

mod types;

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created, Done, Listed, page_request, paged};
use super::views::event::EventView;
use crate::auth::{Caller, Principal};
use crate::problem::Problem;
use crate::services::{Services, Shared};
use gamification_core::event::Event;
use gamification_core::ids::EventId;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use types::{EventInput, EventPatch};
use uuid::Uuid;

/// The routes about the catalogue.
pub(super) struct EventsApi;

#[OpenApi]
impl EventsApi {
    /// The built-in events and those that the caller made, ordered by slug.
    #[oai(path = "/events", method = "get", tag = "Tag::Events", operation_id = "listEvents")]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
    ) -> Answer<Listed<EventView>> {
        caller.require_leader()?;
        let given = cursor.0.is_some();
        let of = (!caller.is_admin()).then_some(caller.user.id);
        let queries = &services.core.ports().queries;
        let page = queries.events(of, page_request(limit.0, cursor.0)?).await;
        Ok(Json(Listed::from_page(paged(page, given)?, EventView::from)))
    }

    /// Adds an event to the catalogue.
    #[oai(path = "/events", method = "post", tag = "Tag::Events", operation_id = "createEvent")]
    async fn create(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        body: Input<EventInput>,
    ) -> Result<Created<EventView>, Problem> {
        caller.require_leader()?;
        let draft = body.0.into();
        let made = services.core.create_event(&caller.actor(), caller.user.id, draft).await?;
        Ok(Created::Created(Json(made.into())))
    }

    /// One event.
    #[oai(path = "/events/:event", method = "get", tag = "Tag::Events", operation_id = "getEvent")]
    async fn get(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        event: Path<Uuid>,
    ) -> Answer<EventView> {
        let event = visible(&services, &caller, event.0.into()).await?;
        Ok(Json(event.into()))
    }

    /// Changes an event. Goals that are running keep the rules that they opened with.
    #[oai(
        path = "/events/:event",
        method = "patch",
        tag = "Tag::Events",
        operation_id = "changeEvent"
    )]
    async fn change(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        event: Path<Uuid>,
        body: Input<EventPatch>,
    ) -> Answer<EventView> {
        let event = visible(&services, &caller, event.0.into()).await?;
        let changes = body.0.into();
        let changed = services.core.change_event(&caller.actor(), event.id, changes).await?;
        Ok(Json(changed.into()))
    }

    /// Removes an event that no campaign uses. Cooldowns that wait for a goal of it end.
    #[oai(
        path = "/events/:event",
        method = "delete",
        tag = "Tag::Events",
        operation_id = "deleteEvent"
    )]
    async fn delete(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        event: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let event = visible(&services, &caller, event.0.into()).await?;
        services.core.delete_event(&caller.actor(), event.id).await?;
        Ok(Done::Done)
    }
}

/// An event that the caller may know of: built-in, of their own making, or any for administrators.
async fn visible(services: &Services, caller: &Principal, id: EventId) -> Result<Event, Problem> {
    caller.require_leader()?;
    let event = services.core.ports().queries.event(id).await?;
    let may_know = |event: &Event| {
        event.is_system || event.created_by == Some(caller.user.id) || caller.is_admin()
    };
    event.filter(may_know).ok_or_else(|| Problem::not_found("event"))
}
