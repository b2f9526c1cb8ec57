//! Lists that are shown in parts: what the address asks for, and the addresses of the other parts.

use crate::api::types::{page_request, paged};
use crate::problem::Problem;
use crate::web::form::Submission;
use crate::web::page::address;
use gamification_core::ports::{Page, PageRequest, StoreError};
use poem::web::Query;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Where a part begins.
const CURSOR: &str = "cursor";

/// The query of an address, as it was sent.
pub(super) type Asked = Query<Vec<(String, String)>>;

/// What the address of a list asks for.
#[derive(Debug, Clone)]
pub(super) struct Wish(Submission);

impl Wish {
    /// What that query asks for.
    pub(super) fn of(Query(fields): Asked) -> Self {
        Self(Submission::new(fields))
    }

    /// What a field of the filter says; empty when it does not filter.
    pub(super) fn text(&self, field: &str) -> &str {
        self.0.text(field)
    }

    /// What a field says, as one of the words of the wire.
    ///
    /// # Errors
    /// 400 with the field's name when it is none of them.
    pub(super) fn word<T: DeserializeOwned>(&self, field: &str) -> Result<Option<T>, Problem> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let word = serde_json::from_value(Value::String(text.to_owned())).map(Some);
        word.map_err(|_| Problem::ill_formed_field(field, "is none of those that there are"))
    }

    /// What a field says, as an id.
    ///
    /// # Errors
    /// 400 with the field's name when it is none.
    pub(super) fn id<T: From<uuid::Uuid>>(&self, field: &str) -> Result<Option<T>, Problem> {
        Ok(self.0.optional::<uuid::Uuid>(field, "is no id")?.map(Into::into))
    }

    /// The part of the list.
    ///
    /// # Errors
    /// As [`page_request`].
    pub(super) fn part(&self) -> Result<PageRequest, Problem> {
        page_request(None, Some(self.text(CURSOR).to_owned()))
    }

    /// The part that was found.
    ///
    /// # Errors
    /// As [`paged`].
    pub(super) fn found<T>(&self, part: Result<Page<T>, StoreError>) -> Result<Page<T>, Problem> {
        paged(part, !self.text(CURSOR).is_empty())
    }

    /// The address of the newest part with this filter; `None` where it is shown already.
    pub(super) fn newest(&self, path: &str) -> Option<String> {
        (!self.text(CURSOR).is_empty()).then(|| address(path, &self.filter()))
    }

    /// The address of the part behind this one.
    pub(super) fn next(&self, path: &str, cursor: Option<&str>) -> Option<String> {
        cursor.map(|cursor| {
            let mut query = self.filter();
            query.push((CURSOR, cursor));
            address(path, &query)
        })
    }

    /// The whole filter as a query, without the part.
    pub(super) fn filter(&self) -> Vec<(&str, &str)> {
        let is_said =
            |(name, value): &(&str, &str)| *name != CURSOR && *name != "done" && !value.is_empty();
        self.0.fields().filter(is_said).collect()
    }
}

/// The addresses of the neighbouring parts.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    /// The newest part, where this is not it.
    pub(super) newest: Option<String>,
    /// The part behind this one, where there is one.
    pub(super) next: Option<String>,
}

impl Parts {
    /// Those of a part of the list at `path`.
    pub(super) fn of<T>(wish: &Wish, path: &str, part: &Page<T>) -> Self {
        let next = wish.next(path, part.next_cursor.as_deref());
        Self { newest: wish.newest(path), next }
    }
}
