use gamification_core::ids::UserId;
use gamification_core::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Most wrong codes of one person within [`WINDOW_SECONDS`].
const WRONG_MAX: usize = 5;
const WINDOW_SECONDS: u32 = 60;

/// Counts wrong codes, so that nobody can try them all. In memory: another node counts anew, which
/// leaves guessing as hopeless as before.
#[derive(Debug, Default)]
pub(super) struct WrongClaims {
    by_user: Mutex<HashMap<UserId, Vec<Timestamp>>>,
}

impl WrongClaims {
    /// Seconds until that person may try again; `None` when it is now.
    pub(super) fn wait_seconds(&self, user: UserId, now: Timestamp) -> Option<u32> {
        let mut by_user = self.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        by_user.retain(|_, wrong| {
            wrong.retain(|at| at.plus_seconds(WINDOW_SECONDS) > now);
            !wrong.is_empty()
        });
        let wrong = by_user.get(&user).filter(|wrong| wrong.len() >= WRONG_MAX)?;
        wrong.first().map(|oldest| now.seconds_until(oldest.plus_seconds(WINDOW_SECONDS)))
    }

    pub(super) fn count(&self, user: UserId, now: Timestamp) {
        let mut by_user = self.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        by_user.entry(user).or_default().push(now);
    }
}
