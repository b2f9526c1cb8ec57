//! What a stream begins with: a snapshot, or the news that the reader has to begin anew.

use super::frame::{RETRY, frame};
use super::snapshot::snapshot;
use super::viewer::Viewer;
use crate::problem::Problem;
use bytes::Bytes;
use gamification_core::service::Gamification;
use serde_json::json;
use std::collections::VecDeque;

/// The first frames, and from where to where the log is told after them as missed.
pub(super) struct Opening {
    pub(super) frames: VecDeque<Bytes>,
    /// The last fact that the reader has after the frames.
    pub(super) has: i64,
    /// Facts up to this one are told as replayed.
    pub(super) replay_until: i64,
}

/// `last`: the number of the last fact that the reader saw, when it was here before.
pub(super) async fn opening(
    core: &Gamification,
    viewer: &Viewer,
    last: Option<i64>,
) -> Result<Opening, Problem> {
    let (sequence, state) = snapshot(core, viewer).await?;
    let (oldest, _) = core.ports().queries.log_range(viewer.campaign).await?;
    let mut frames = VecDeque::from([Bytes::from_static(RETRY)]);
    let missed = match last {
        Some(last) if last > sequence || last < oldest - 1 => {
            let reason = if last > sequence { "ahead" } else { "too_old" };
            let data = json!({
                "campaignId": viewer.campaign,
                "sequence": sequence,
                "at": core.ports().clock.now(),
                "reason": reason,
            });
            frames.push_back(frame("reset", None, &data));
            None
        }
        Some(last) if last < sequence => Some(last),
        Some(_) | None => None,
    };
    // With a number, a reader that is cut off before the replay ended would never see the rest.
    let id = missed.is_none().then_some(sequence);
    frames.push_back(frame("snapshot", id, &state));
    Ok(Opening { frames, has: missed.unwrap_or(sequence), replay_until: sequence })
}
