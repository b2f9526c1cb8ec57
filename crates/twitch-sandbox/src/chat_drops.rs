//! Chat messages that Twitch takes and does not show.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// Why a message is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DropReason {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// The reasons that await the next messages, one for each, the next first.
#[derive(Debug, Default)]
pub(crate) struct ChatDrops(Mutex<VecDeque<DropReason>>);

impl ChatDrops {
    /// Replaces what awaits the next messages: the next `count` of them are dropped.
    pub(crate) fn set(&self, count: usize, reason: &DropReason) {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *next = std::iter::repeat_n(reason.clone(), count).collect();
    }

    /// What happens to the message that is sent now: `None` when it is shown.
    pub(crate) fn take(&self) -> Option<DropReason> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}
