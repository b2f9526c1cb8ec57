//! Helix's token buckets: one per client, and one per client and user.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::clock;

/// A full bucket is refilled in this time.
const REFILL_S: f64 = 60.0;

/// What one call left in its bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Whether there was a point to spend.
    pub(crate) granted: bool,
    /// The size of the bucket.
    pub(crate) limit: u32,
    /// Whole points left.
    pub(crate) remaining: u32,
    /// When the bucket will be full again, in seconds since the epoch.
    pub(crate) reset_unix_s: i64,
}

#[derive(Debug)]
struct Bucket {
    points: f64,
    seen: Instant,
}

/// All buckets.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl RateLimiter {
    pub(crate) fn new(limit: u32) -> Self {
        Self { limit, buckets: Mutex::default() }
    }

    /// Takes one point from the bucket of this key, when there is one.
    pub(crate) fn spend(&self, key: String) -> Allowance {
        self.spend_at(key, Instant::now())
    }

    fn spend_at(&self, key: String, now: Instant) -> Allowance {
        let full = f64::from(self.limit);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(key).or_insert(Bucket { points: full, seen: now });
        let waited_s = now.saturating_duration_since(bucket.seen).as_secs_f64();
        bucket.points = (bucket.points + waited_s * full / REFILL_S).min(full);
        bucket.seen = now;
        let granted = bucket.points >= 1.0;
        if granted {
            bucket.points -= 1.0;
        }
        let full_in_s = (full - bucket.points) / full.max(1.0) * REFILL_S;
        Allowance {
            granted,
            limit: self.limit,
            // Saturating casts: the value lies within 0..=limit.
            remaining: bucket.points as u32,
            reset_unix_s: clock::now_ns() / clock::SECOND_NS + full_in_s.ceil() as i64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_empty_bucket_refuses_until_it_has_refilled() {
        let limiter = RateLimiter::new(2);
        let start = Instant::now();
        let spend = |after_s| limiter.spend_at("k".into(), start + Duration::from_secs(after_s));
        assert_eq!((spend(0).granted, spend(0).remaining), (true, 0));
        assert!(!spend(0).granted);
        assert!(!spend(29).granted);
        assert!(spend(31).granted);
        assert!(!spend(32).granted);
    }

    #[test]
    fn buckets_do_not_share_points() {
        let limiter = RateLimiter::new(1);
        assert!(limiter.spend("a".into()).granted);
        assert!(limiter.spend("b".into()).granted);
    }
}
