//! The names of people and events that a list mentions.

use crate::problem::Problem;
use crate::services::Shared;
use crate::web::page::Page;
use gamification_core::event::LocalizedText;
use gamification_core::ids::{EventId, StreamerId, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of whom a list mentions. Who or what is gone has no name.
#[derive(Debug, Default)]
pub(super) struct Names {
    people: BTreeMap<UserId, String>,
    events: BTreeMap<EventId, LocalizedText>,
}

impl Names {
    /// The names of these, each looked up once.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn of(
        services: &Shared,
        people: impl IntoIterator<Item = UserId>,
        events: impl IntoIterator<Item = EventId>,
    ) -> Result<Self, Problem> {
        let people: BTreeSet<UserId> = people.into_iter().collect();
        let events: BTreeSet<EventId> = events.into_iter().collect();
        let queries = &services.core.ports().queries;
        let mut names = Self::default();
        for id in people {
            if let Some(person) = queries.user(id).await? {
                names.people.insert(id, person.display_name);
            }
        }
        for id in events {
            if let Some(event) = queries.event(id).await? {
                names.events.insert(id, event.name);
            }
        }
        Ok(names)
    }

    /// What the person is called.
    pub(super) fn person(&self, id: &UserId) -> Option<&str> {
        self.people.get(id).map(String::as_str)
    }

    /// What the channel is called.
    pub(super) fn channel(&self, id: &StreamerId) -> Option<&str> {
        self.person(&UserId::from(*id))
    }

    /// What the event is called in the page's language.
    pub(super) fn event(&self, page: &Page, id: &EventId) -> Option<&str> {
        self.events.get(id).map(|name| name.in_language(page.language()))
    }
}
