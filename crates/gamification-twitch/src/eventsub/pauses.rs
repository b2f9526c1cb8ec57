//! How long to wait before something is tried again.

use super::session::Retry;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(60);

/// The least pause after something that is our own fault.
const SLOW: Duration = Duration::from_secs(30);

/// What has held for so long was no failure, where the end was nobody's fault, and where it was.
const GOOD_AFTER: Duration = Duration::from_secs(10);
const SURELY_GOOD_AFTER: Duration = Duration::from_secs(60);

/// Pauses that double, with jitter, so that not all come back at once.
pub(super) struct Pauses(ExponentialBackoff);

impl Pauses {
    pub(super) fn new() -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(SHORTEST)
            .with_max_delay(LONGEST)
            .with_factor(2.0)
            .with_jitter()
            .without_max_times();
        Self(pauses.build())
    }

    /// The pause after a failure.
    pub(super) fn next(&mut self) -> Duration {
        self.0.next().unwrap_or(LONGEST).min(LONGEST)
    }

    /// The pause after something that held for a while and ended.
    pub(super) fn after(&mut self, retry: Retry, held: Duration) -> Duration {
        let good = if retry == Retry::AtOnce { GOOD_AFTER } else { SURELY_GOOD_AFTER };
        if held >= good {
            *self = Self::new();
        }
        let pause = self.next();
        if retry == Retry::Slowly { pause.max(SLOW) } else { pause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_minute_and_start_anew_after_something_good() {
        let mut pauses = Pauses::new();
        assert!(pauses.next() < Duration::from_millis(501));
        for _ in 0..12 {
            pauses.after(Retry::AtOnce, Duration::from_secs(9));
        }
        assert_eq!(pauses.after(Retry::BackOff, Duration::from_secs(59)), LONGEST);
        assert!(pauses.after(Retry::AtOnce, GOOD_AFTER) < Duration::from_millis(501));
        assert!(pauses.after(Retry::Slowly, Duration::ZERO) >= SLOW);
    }
}
