//! How fast a channel's redemptions are settled: large batches while all goes well, small ones and
//! pauses when it does not.

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;

/// Redemptions in one request at first and after a failure. Twitch allows 50, but requests of that
/// size were seen to fail with 500 and a part of them settled.
const SMALL: usize = 10;

/// Redemptions in one request when it has gone well for a while: all that Twitch allows.
const LARGE: usize = 50;

/// How many requests have to go well before they grow.
const CLEAN_BEFORE_GROWTH: u32 = 5;

/// The first pause; each further one is about twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The longest pause, before chance adds up to as much again.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The pace of one channel.
#[derive(Debug, Default)]
pub(super) struct Pace {
    clean: u32,
    pauses: Option<ExponentialBackoff>,
}

impl Pace {
    /// How many redemptions go into the next request.
    pub(super) const fn batch_size(&self) -> usize {
        if self.clean < CLEAN_BEFORE_GROWTH { SMALL } else { LARGE }
    }

    /// A request was carried out whole.
    pub(super) fn went_well(&mut self) {
        self.clean = self.clean.saturating_add(1);
        self.pauses = None;
    }

    /// Nobody knows what became of a request: back to small ones.
    pub(super) const fn failed(&mut self) {
        self.clean = 0;
    }

    /// How long to wait before the next try, in whole seconds. Chance spreads channels that failed
    /// together.
    pub(super) fn pause_seconds(&mut self) -> u32 {
        let pauses = self.pauses.get_or_insert_with(|| {
            ExponentialBuilder::new()
                .with_min_delay(FIRST_PAUSE)
                .with_max_delay(LONGEST_PAUSE)
                .without_max_times()
                .with_jitter()
                .build()
        });
        let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
        u32::try_from(pause.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_grow_after_five_clean_ones_and_shrink_at_once() {
        let mut pace = Pace::default();
        for _ in 0..5 {
            assert_eq!(pace.batch_size(), 10);
            pace.went_well();
        }
        assert_eq!(pace.batch_size(), 50);
        pace.failed();
        assert_eq!(pace.batch_size(), 10);
        pace.went_well();
        assert_eq!(pace.batch_size(), 10);
    }

    #[test]
    fn pauses_double_with_chance_added_and_begin_again_when_it_goes_well() {
        let mut pace = Pace::default();
        for shortest in [2, 4, 8, 16, 32, 60, 60] {
            let pause = pace.pause_seconds();
            assert!((shortest..=2 * shortest).contains(&pause), "{pause} for {shortest}");
        }
        pace.went_well();
        assert!((2..=4).contains(&pace.pause_seconds()));
    }
}
