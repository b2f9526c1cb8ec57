//! Time as the sandbox stores and shows it: whole nanoseconds since the Unix epoch.
//!
//! SQLite would keep timestamps as text of varying length that does not compare in order.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Nanoseconds in a second.
pub(crate) const SECOND_NS: i64 = 1_000_000_000;

/// Now, in nanoseconds since the epoch.
#[expect(clippy::disallowed_methods, reason = "Twitch has its own clock, in nanoseconds")]
pub(crate) fn now_ns() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos()).unwrap_or(i64::MAX)
}

/// RFC 3339 with the fraction, as EventSub writes times.
pub(crate) fn rfc3339_ns(ns: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ns))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).unwrap_or_default()
}

/// RFC 3339 in whole seconds, as Helix writes times.
pub(crate) fn rfc3339_s(ns: i64) -> String {
    rfc3339_ns(ns - ns.rem_euclid(SECOND_NS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helix_times_have_no_fraction_and_eventsub_times_do() {
        let ns = 1_594_833_363_171_067_130;
        assert_eq!(rfc3339_ns(ns), "2020-07-15T17:16:03.17106713Z");
        assert_eq!(rfc3339_s(ns), "2020-07-15T17:16:03Z");
    }
}
