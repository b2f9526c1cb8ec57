//! How long to wait before a failed step is tried again.

/// The longest pause between two attempts to delete a reward.
const DELETION_RETRY_HOURS_MAX: u32 = 24;

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
    fn no_attempt_number_overflows() {
        for attempt in [31, 32, 33, 64, u32::MAX] {
            assert_eq!(deletion_retry_seconds(attempt), 24 * 3600);
        }
        assert_eq!(deletion_retry_seconds(0), 3600);
    }
}
