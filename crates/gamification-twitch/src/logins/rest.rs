//! Leaving a token service alone that does not answer.

use crate::helix::CallFailure;
use gamification_core::time::Timestamp;

/// The first pause, in seconds; each further one is twice as long.
const FIRST_SECONDS: u32 = 5;

/// The longest pause, in seconds.
const LONGEST_SECONDS: u32 = 60;

/// Set while the token service is left alone: whoever wants a token meanwhile waits for nothing.
#[derive(Debug, Default)]
pub(super) struct Rest {
    last: Option<(Timestamp, String)>,
    failures: u32,
}

impl Rest {
    /// Fails, with what went wrong last, until the pause is over.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), CallFailure> {
        match &self.last {
            Some((until, reason)) if now < *until => Err(CallFailure::NotNow(reason.clone())),
            _ => Ok(()),
        }
    }

    /// It failed once more.
    pub(super) fn begin(&mut self, now: Timestamp, reason: &str) -> CallFailure {
        let pause = FIRST_SECONDS.saturating_mul(1 << self.failures.min(10)).min(LONGEST_SECONDS);
        tracing::warn!(reason, pause_seconds = pause, "no token came from the token service");
        self.failures = self.failures.saturating_add(1);
        self.last = Some((now.plus_seconds(pause), reason.to_owned()));
        CallFailure::NotNow(reason.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_twice_as_long_up_to_a_minute() {
        let start = Timestamp::from_micros(0);
        let mut rest = Rest::default();
        assert!(rest.check(start).is_ok());
        let mut now = start;
        for pause in [5, 10, 20, 40, 60, 60] {
            let failure = rest.begin(now, "away");
            assert!(matches!(failure, CallFailure::NotNow(reason) if reason == "away"));
            assert!(rest.check(now.plus_seconds(pause - 1)).is_err(), "{pause}");
            now = now.plus_seconds(pause);
            assert!(rest.check(now).is_ok(), "{pause}");
        }
    }
}
