//! Waiting at the front doors.

use super::StoryError;
pub(super) use crate::door::{Door, text};
use std::time::Duration;
use tokio::time::Instant;

/// Between two looks at something that is not told on a stream.
const LOOK_PAUSE: Duration = Duration::from_millis(50);

/// Looks again and again until there is something to see.
///
/// # Errors
/// [`StoryError::Waited`] when there is nothing within that time; what `look` fails with.
pub(super) async fn until<T>(
    what: &str,
    within: Duration,
    look: impl AsyncFn() -> Result<Option<T>, StoryError>,
) -> Result<T, StoryError> {
    let deadline = Instant::now() + within;
    loop {
        if let Some(seen) = look().await? {
            return Ok(seen);
        }
        if Instant::now() >= deadline {
            return Err(StoryError::Waited(what.to_owned()));
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}
