//! What the routes have in common.

use crate::problem::Problem;
use gamification_core::ports::{Page, PageRequest, StoreError};
use gamification_core::time::Timestamp;
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use poem_openapi::{ApiResponse, Object};
use serde_json::Value;
use std::borrow::Cow;

/// What a handler answers with 200, or the problem.
pub type Answer<T> = Result<Json<T>, Problem>;

/// An answer with 201.
#[derive(ApiResponse)]
pub enum Created<T: ToJSON> {
    /// It was made.
    #[oai(status = 201)]
    Created(Json<T>),
}

/// An answer with 202.
#[derive(ApiResponse)]
pub enum Accepted<T: ToJSON> {
    /// It was taken; what comes of it shows later.
    #[oai(status = 202)]
    Accepted(Json<T>),
}

/// An answer with 204.
#[derive(ApiResponse)]
pub enum Done {
    /// It was done; there is nothing to tell.
    #[oai(status = 204)]
    Done,
}

/// A part of a list.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub struct Listed<T: ParseFromJSON + ToJSON + Type> {
    /// The rows, newest first where the route says nothing else.
    pub items: Vec<T>,
    /// Give this as `cursor` to get the next part; absent at the end.
    pub next_cursor: Option<String>,
}

impl<T: ParseFromJSON + ToJSON + Type> Listed<T> {
    /// The page, each row as the API shows it.
    pub fn from_page<Row>(page: Page<Row>, shown: impl FnMut(Row) -> T) -> Self {
        let next_cursor = page.next_cursor;
        Self { items: page.items.into_iter().map(shown).collect(), next_cursor }
    }

    /// A list that is always whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// How many rows a part of a list has when the client does not say.
const LIMIT_DEFAULT: u32 = 50;
/// The most rows that a part of a list has.
pub(super) const LIMIT_MAX: u32 = 200;

/// The part of a list that `?limit=&cursor=` ask for.
///
/// # Errors
/// 400 when the limit is not 1–200.
pub fn page_request(limit: Option<u32>, cursor: Option<String>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::ill_formed_field("limit", format!("must be 1 to {LIMIT_MAX}")));
    }
    // `?cursor=` is how some clients write that they have none.
    Ok(PageRequest { limit, cursor: cursor.filter(|cursor| !cursor.is_empty()) })
}

/// The outcome of reading a page: a cursor that the list did not make is the client's mistake.
///
/// # Errors
/// 400 when it is about the cursor, else what the store says.
pub fn paged<T>(
    page: Result<Page<T>, StoreError>,
    cursor_was_given: bool,
) -> Result<Page<T>, Problem> {
    page.map_err(|error| match error {
        StoreError::Corrupt(_) if cursor_was_given => {
            Problem::ill_formed_field("cursor", "is not one that this list has given out")
        }
        error => error.into(),
    })
}

/// A moment: RFC 3339 in UTC, six digits of fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Type for Moment {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string_date-time".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "date-time")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Moment {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let value = value.unwrap_or_default();
        let text = value.as_str().ok_or("must be a moment such as 2026-01-31T20:15:00Z")?;
        Timestamp::parse(text)
            .map(Self)
            .map_err(|_| "must be a moment such as 2026-01-31T20:15:00Z".into())
    }
}

impl ToJSON for Moment {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.0.to_string()))
    }
}
