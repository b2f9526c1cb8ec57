//! Answers that were taken already.

use gamification_core::time::Timestamp;
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How many are remembered. Whoever makes more of them in ten minutes makes the oldest forgotten,
/// and Twitch still takes each code once only.
const REMEMBERED_MAX: usize = 20_000;
/// For how long: longer than an attempt lives, in seconds.
const REMEMBERED_SECONDS: u32 = 900;

/// The states that were answered, so that a browser that kept its cookie cannot answer twice.
#[derive(Default)]
pub(super) struct Spent(Mutex<Answered>);

#[derive(Default)]
struct Answered {
    states: HashSet<String>,
    by_age: VecDeque<(Timestamp, String)>,
}

impl Spent {
    /// Spends the state; `false` when it was spent before.
    pub(super) fn spend(&self, state: &str, now: Timestamp) -> bool {
        let mut answered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answered.forget(now);
        if !answered.states.insert(state.to_owned()) {
            return false;
        }
        answered.by_age.push_back((now, state.to_owned()));
        true
    }
}

impl Answered {
    fn forget(&mut self, now: Timestamp) {
        while let Some((since, _)) = self.by_age.front() {
            let is_old = since.plus_seconds(REMEMBERED_SECONDS) <= now;
            if !is_old && self.by_age.len() < REMEMBERED_MAX {
                return;
            }
            if let Some((_, state)) = self.by_age.pop_front() {
                self.states.remove(&state);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use gamification_testkit::fixtures;

    #[test]
    fn a_state_is_spent_once_and_forgotten_when_no_attempt_can_have_it_any_more() {
        let spent = Spent::default();
        assert!(spent.spend("a", fixtures::at(0)));
        assert!(!spent.spend("a", fixtures::at(REMEMBERED_SECONDS - 1)));
        assert!(spent.spend("a", fixtures::at(REMEMBERED_SECONDS)));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let spent = Spent::default();
        for n in 0..REMEMBERED_MAX + 10 {
            assert!(spent.spend(&n.to_string(), fixtures::at(0)));
        }
        let answered = spent.0.lock().unwrap();
        assert_eq!(
            (answered.states.len(), answered.by_age.len()),
            (REMEMBERED_MAX, REMEMBERED_MAX)
        );
    }
}
