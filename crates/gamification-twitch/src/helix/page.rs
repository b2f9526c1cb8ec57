//! Answers with a list, read with no more than is needed of them: Twitch's mock leaves things out.

use super::failure::CallFailure;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    /// What the next page is asked for with.
    pub(crate) cursor: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    /// An empty list may be `null`, but an answer without it is none.
    data: Option<Vec<T>>,
    #[serde(default)]
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    #[serde(default)]
    cursor: Option<String>,
}

impl<T: DeserializeOwned> Page<T> {
    pub(crate) fn of(body: &[u8]) -> Result<Self, CallFailure> {
        let is_answer = |value: &serde_json::Value| value.get("data").is_some();
        let value: serde_json::Value =
            serde_json::from_slice(body).map_err(CallFailure::unreadable)?;
        if !is_answer(&value) {
            return Err(CallFailure::unreadable("it has no data"));
        }
        let read: Envelope<T> = serde_json::from_value(value).map_err(CallFailure::unreadable)?;
        let cursor = read.pagination.and_then(|pagination| pagination.cursor);
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        Ok(Self { data: read.data.unwrap_or_default(), cursor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(Vec<u32>, Option<String>)> {
        let page = Page::of(body.as_bytes()).ok()?;
        Some((page.data, page.cursor))
    }

    #[test]
    fn every_shape_of_an_empty_page_is_read_and_nothing_else() {
        assert_eq!(read(r#"{"data":[1],"pagination":{"cursor":"c"}}"#), {
            Some((vec![1], Some("c".to_owned())))
        });
        for body in [
            r#"{"data":[]}"#,
            r#"{"data":null,"pagination":null}"#,
            r#"{"data":[],"pagination":{}}"#,
            r#"{"data":[],"pagination":{"cursor":""}}"#,
        ] {
            assert_eq!(read(body), Some((vec![], None)), "{body}");
        }
        for body in ["{}", "", "[]", r#"{"error":"Unauthorized"}"#, r#"{"data":["x"]}"#] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
