//! How long to wait before a failed step is tried again.

/// The longest pause between two attempts to delete a reward.
const DELETION_RETRY_HOURS_MAX: u32 = 24;

/// The longest pause between two tries of anything else, in seconds.
const RETRY_SECONDS_MAX: u32 = 300;

/// Seconds to wait before something is tried again that failed so many times in a row: 1, 2, 4 and
/// so on, at most five minutes.
#[must_use]
pub fn retry_seconds(failed_attempts: u32) -> u32 {
    2_u32.saturating_pow(failed_attempts).min(RETRY_SECONDS_MAX)
}

/// Seconds to wait after the `attempt`-th failed deletion of a reward: 1, 2, 4, 8, 16 hours,
/// then 24 for ever. Attempts are counted from 1; 0 waits as long as 1.
#[must_use]
pub fn deletion_retry_seconds(attempt: u32) -> u32 {
    let doublings = attempt.saturating_sub(1);
    let hours = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX).min(DELETION_RETRY_HOURS_MAX);
    hours * 3600
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_deletion_is_retried_less_and_less_often() {
        let hours: Vec<u32> = (1..=7).map(|n| deletion_retry_seconds(n) / 3600).collect();
        assert_eq!(hours, [1, 2, 4, 8, 16, 24, 24]);
    }

    #[test]
    fn a_failed_try_is_repeated_less_and_less_often() {
        let seconds = [0, 1, 2, 8, 9, 31, 32, u32::MAX].map(retry_seconds);
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300, 300, 300]);
    }

    #[test]
    fn no_attempt_number_overflows() {
        for attempt in [31, 32, 33, 64, u32::MAX] {
            assert_eq!(deletion_retry_seconds(attempt), 24 * 3600);
        }
        assert_eq!(deletion_retry_seconds(0), 3600);
    }
}
