//! Who did what.

use super::Tag;
use super::types::{Answer, Listed, Moment, page_request, paged};
use crate::auth::Caller;
use crate::services::Shared;
use gamification_core::access::{Actor, AuditEntry};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

/// The route of the audit.
pub(super) struct AuditApi;

#[OpenApi]
impl AuditApi {
    /// Who did what in the campaign, newest first.
    #[oai(
        path = "/campaigns/:campaign/audit",
        method = "get",
        tag = "Tag::Access",
        operation_id = "listAudit"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        /// At most that many, 1 to 200; 50 unless it is given.
        limit: Query<Option<u32>>,
        /// Where the last part ended.
        cursor: Query<Option<String>>,
    ) -> Answer<Listed<AuditView>> {
        let campaign = caller.require_gm(campaign.0.into()).await?.id;
        let given = cursor.0.is_some();
        let request = page_request(limit.0, cursor.0)?;
        let page = services.core.ports().queries.audit(campaign, request).await;
        Ok(Json(Listed::from_page(paged(page, given)?, AuditView::from)))
    }
}

/// A line of the audit.
#[derive(Debug, Clone, Object)]
#[oai(rename = "AuditEntry", rename_all = "camelCase", skip_serializing_if_is_none)]
struct AuditView {
    /// Its key.
    id: Uuid,
    /// What did it.
    actor: ActorName,
    /// The person, if it was one.
    user_id: Option<Uuid>,
    /// What was done, as `noun.verb`.
    action: String,
    /// The ids and values that it was done with.
    details: Value,
    /// When.
    at: Moment,
}

/// What may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "Actor", rename_all = "snake_case")]
enum ActorName {
    /// A person.
    User,
    /// The service itself.
    Service,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        let (actor, user_id) = match entry.actor {
            Actor::User { user_id } => (ActorName::User, Some(user_id.0)),
            Actor::Service => (ActorName::Service, None),
        };
        Self {
            id: entry.id.0,
            actor,
            user_id,
            action: entry.action,
            details: entry.details,
            at: entry.at.into(),
        }
    }
}
