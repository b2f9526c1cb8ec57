//! `/console/{campaign}/audit`: who did what, and when.

mod details;

use super::Frame;
use super::listing::{Asked, Parts, Wish};
use super::names::Names;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::page::{Page, show};
use crate::web::visitor::Visitor;
use askama::Template;
use details::{Detail, details, mentioned_events, mentioned_people};
use gamification_core::access::{Actor, AuditEntry};
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditPage {
    page: Page,
    frame: Frame,
    entries: Vec<AuditEntry>,
    names: Names,
    parts: Parts,
}

/// `GET /console/{campaign}/audit`
#[handler]
pub(super) async fn audit(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "audit").await?;
    let wish = Wish::of(asked);
    let queries = &services.core.ports().queries;
    let found = wish.found(queries.audit(frame.campaign.id, wish.part()?).await)?;
    let parts = Parts::of(&wish, &format!("{}/audit", frame.address()), &found);
    let entries = found.items;
    let actors = entries.iter().filter_map(|entry| match entry.actor {
        Actor::User { user_id } => Some(user_id),
        Actor::Service => None,
    });
    let people = actors.chain(entries.iter().flat_map(|entry| mentioned_people(&entry.details)));
    let events = entries.iter().flat_map(|entry| mentioned_events(&entry.details));
    let names = Names::of(&services, people, events).await?;
    show(&AuditPage { page, frame, entries, names, parts })
}

impl AuditPage {
    /// What was done, in words; as the log names it where there are none.
    fn action(&self, entry: &AuditEntry) -> String {
        let key = format!("audit-{}", entry.action.replace(['.', '_'], "-"));
        let is_known = self.page.texts().has(&key);
        if is_known { self.page.say(&key).to_string() } else { entry.action.clone() }
    }

    /// The person who did it; `None` when the service did it by itself.
    fn person<'p>(&'p self, entry: &AuditEntry) -> Option<&'p str> {
        match entry.actor {
            Actor::User { user_id } => Some(self.names.person(&user_id).unwrap_or("?")),
            Actor::Service => None,
        }
    }

    fn details(&self, entry: &AuditEntry) -> Vec<Detail> {
        details(&self.page, &self.names, &self.frame.address(), &entry.details)
    }
}
