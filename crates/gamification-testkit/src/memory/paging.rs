use gamification_core::ports::{Page, PageRequest, StoreError};

const LIMIT_MAX: usize = 200;

/// A part of `rows`, which are in the order of `list`; each has a key that is unique in the list.
/// A cursor holds the key of the last row that was given, so a row that is inserted meanwhile is
/// neither repeated nor does it push another one out.
pub(super) fn page<T>(
    list: &str,
    rows: Vec<(String, T)>,
    is_descending: bool,
    request: &PageRequest,
) -> Result<Page<T>, StoreError> {
    let after = request.cursor.as_deref().map(|cursor| position(list, cursor)).transpose()?;
    let is_next = |key: &str| match after {
        None => true,
        Some(after) if is_descending => key < after,
        Some(after) => key > after,
    };
    let limit = (request.limit as usize).clamp(1, LIMIT_MAX);
    let mut rows: Vec<_> = rows.into_iter().filter(|(key, _)| is_next(key)).collect();
    rows.sort_by(|(a, _), (b, _)| if is_descending { b.cmp(a) } else { a.cmp(b) });
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|(key, _)| format!("{list}|{key}"));
    Ok(Page { items: rows.into_iter().map(|(_, row)| row).collect(), next_cursor })
}

fn position<'a>(list: &str, cursor: &'a str) -> Result<&'a str, StoreError> {
    cursor
        .strip_prefix(list)
        .and_then(|rest| rest.strip_prefix('|'))
        .ok_or_else(|| StoreError::Corrupt("the cursor is not one of this list".to_owned()))
}
