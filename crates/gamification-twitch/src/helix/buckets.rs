//! How many calls Twitch still allows: a bucket of points for the application, and one for each
//! person. An empty one is not called upon.

use super::failure::CallFailure;
use crate::logins::Caller;
use gamification_core::ids::TwitchUserId;
use gamification_core::time::Timestamp;
use http::HeaderMap;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A bucket is full again after a minute, so no wait is longer.
const LONGEST_WAIT_SECONDS: i64 = 60;

/// The part of a bucket that is left to settlements: whatever can wait leaves an eighth.
const RESERVED_PART: u32 = 8;

/// What Twitch last said of its buckets.
#[derive(Debug, Default)]
pub(super) struct Buckets(Mutex<HashMap<Option<TwitchUserId>, Bucket>>);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    points: u32,
    size: u32,
    full_at: Timestamp,
}

impl Buckets {
    /// Learns from an answer; one without the headers says nothing.
    pub(super) fn note(&self, caller: Caller<'_>, headers: &HeaderMap, now: Timestamp) {
        let number = |name| headers.get(name)?.to_str().ok()?.parse::<i64>().ok();
        let Some(points) = number("ratelimit-remaining") else { return };
        let Some(reset) = number("ratelimit-reset") else { return };
        let wait = reset.saturating_sub(now.as_seconds()).clamp(1, LONGEST_WAIT_SECONDS);
        let count = |number: i64| u32::try_from(number.max(0)).unwrap_or(u32::MAX);
        let bucket = Bucket {
            points: count(points),
            size: count(number("ratelimit-limit").unwrap_or_default()),
            full_at: now.plus_seconds(count(wait)),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(caller.key(), bucket);
    }

    /// Fails while the bucket is known to be empty.
    pub(super) fn check(&self, caller: Caller<'_>, now: Timestamp) -> Result<(), CallFailure> {
        self.ask(caller, now, |bucket| bucket.points == 0)
    }

    /// Fails while the bucket holds no more than what settlements need.
    pub(super) fn check_reserve(
        &self,
        caller: Caller<'_>,
        now: Timestamp,
    ) -> Result<(), CallFailure> {
        self.ask(caller, now, |bucket| bucket.points <= bucket.size / RESERVED_PART)
    }

    fn ask(
        &self,
        caller: Caller<'_>,
        now: Timestamp,
        is_low: impl Fn(Bucket) -> bool,
    ) -> Result<(), CallFailure> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&caller.key()) {
            Some(bucket) if now < bucket.full_at && is_low(*bucket) => {
                let wait = now.seconds_until(bucket.full_at).max(1);
                Err(CallFailure::RateLimited { after_seconds: Some(wait) })
            }
            _ => Ok(()),
        }
    }

    /// How long to wait after a 429; `None` when the bucket is not empty, so that it is about
    /// something else.
    pub(super) fn wait(&self, caller: Caller<'_>, now: Timestamp) -> Option<u32> {
        match self.check(caller, now) {
            Err(CallFailure::RateLimited { after_seconds }) => after_seconds,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn headers(left: &str, limit: &str, reset: &str) -> HeaderMap {
        let pairs =
            [("ratelimit-remaining", left), ("ratelimit-limit", limit), ("ratelimit-reset", reset)];
        let headers = pairs
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()));
        headers.into_iter().collect()
    }

    fn wait(checked: Result<(), CallFailure>) -> Option<u32> {
        match checked {
            Ok(()) => None,
            Err(CallFailure::RateLimited { after_seconds }) => after_seconds,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn an_empty_bucket_is_left_alone_until_it_is_full_and_no_other_bucket_is() {
        let buckets = Buckets::default();
        let (alice, bob) = (TwitchUserId::from("1"), TwitchUserId::from("2"));
        buckets.note(Caller::Channel(&alice), &headers("0", "800", "130"), at(100));
        assert_eq!(wait(buckets.check(Caller::Channel(&alice), at(100))), Some(30));
        assert_eq!(wait(buckets.check(Caller::Channel(&alice), at(129))), Some(1));
        assert_eq!(wait(buckets.check(Caller::Channel(&alice), at(130))), None);
        assert_eq!(wait(buckets.check(Caller::Channel(&bob), at(100))), None);
        assert_eq!(wait(buckets.check(Caller::Application, at(100))), None);
    }

    #[test]
    fn what_can_wait_leaves_an_eighth_of_the_bucket() {
        let buckets = Buckets::default();
        for (left, can_poll) in [("101", true), ("100", false), ("1", false)] {
            buckets.note(Caller::Application, &headers(left, "800", "110"), at(100));
            let polled = buckets.check_reserve(Caller::Application, at(100));
            assert_eq!(wait(polled).is_none(), can_poll, "{left}");
            assert_eq!(wait(buckets.check(Caller::Application, at(100))), None);
        }
    }

    #[test]
    fn a_reset_that_makes_no_sense_is_a_wait_of_a_second_to_a_minute() {
        let buckets = Buckets::default();
        for (reset, expected) in [("0", 1), ("9223372036854775807", 60), ("117", 17)] {
            buckets.note(Caller::Application, &headers("0", "800", reset), at(100));
            assert_eq!(buckets.wait(Caller::Application, at(100)), Some(expected), "{reset}");
        }
        buckets.note(Caller::Application, &headers("5", "800", "117"), at(100));
        assert_eq!(buckets.wait(Caller::Application, at(100)), None);
        buckets.note(Caller::Application, &headers("soon", "many", "later"), at(100));
        assert_eq!(buckets.wait(Caller::Application, at(100)), None);
    }
}
