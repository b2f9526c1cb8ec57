//! Pages of long lists, by where the last one ended, so that rows that come meanwhile move nothing.

use crate::error::{Stored, corrupt};
use gamification_core::ports::{Page, PageRequest};

/// Most rows of one page.
const LIMIT_MAX: u32 = 200;

/// Where a page ended: the moment and the key of its last row.
pub(crate) struct Place {
    pub(crate) micros: i64,
    pub(crate) key: String,
}

/// How many rows to read: one more than asked for tells whether there is a next page.
pub(crate) fn rows_to_read(page: &PageRequest) -> u64 {
    u64::from(page.limit.clamp(1, LIMIT_MAX)) + 1
}

/// Where the page begins.
///
/// # Errors
/// `Corrupt` when the cursor is not one of this list.
pub(crate) fn place(list: &str, page: &PageRequest) -> Stored<Option<Place>> {
    let Some(cursor) = &page.cursor else { return Ok(None) };
    let not_ours = || corrupt("cursor", format!("{cursor:?} is not one of the list of {list}"));
    let mut parts = cursor.splitn(3, '~');
    let (of, micros, key) = (parts.next(), parts.next(), parts.next());
    match (of, micros.and_then(|micros| micros.parse().ok()), key) {
        (Some(of), Some(micros), Some(key)) if of == list => {
            Ok(Some(Place { micros, key: key.to_owned() }))
        }
        _ => Err(not_ours()),
    }
}

/// The key of a place in a list whose keys are our own.
pub(crate) fn uuid_of(place: &Place) -> Stored<uuid::Uuid> {
    place.key.parse().map_err(|problem| corrupt("cursor", problem))
}

/// The page of the rows that were read, `at` telling the place of a row.
pub(crate) fn page_of<T>(
    list: &str,
    request: &PageRequest,
    mut items: Vec<T>,
    at: impl Fn(&T) -> Place,
) -> Page<T> {
    let limit = request.limit.clamp(1, LIMIT_MAX) as usize;
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next_cursor = items.last().filter(|_| has_more).map(|last| {
        let Place { micros, key } = at(last);
        format!("{list}~{micros}~{key}")
    });
    Page { items, next_cursor }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cursor: Option<&str>) -> PageRequest {
        PageRequest { limit: 2, cursor: cursor.map(str::to_owned) }
    }

    #[test]
    fn a_cursor_leads_back_to_where_its_page_ended() {
        let rows = vec![(30, "c~c"), (20, "b~b"), (10, "a")];
        let page = page_of("rolls", &request(None), rows, |row| Place {
            micros: row.0,
            key: row.1.to_owned(),
        });
        assert_eq!(page.items.len(), 2);
        let next = place("rolls", &request(page.next_cursor.as_deref())).unwrap().unwrap();
        assert_eq!((next.micros, next.key.as_str()), (20, "b~b"));
    }

    #[test]
    fn cursors_of_other_lists_and_inventions_are_refused() {
        for cursor in ["audit~20~x", "rolls~x~y", "rolls~20", "", "~~", "💥"] {
            assert!(place("rolls", &request(Some(cursor))).is_err(), "{cursor}");
        }
    }
}
