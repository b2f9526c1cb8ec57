//! Moments, as whole microseconds of UTC: what every database keeps and compares exactly.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment in UTC, in whole microseconds since 1970. Ordered, and the same in every store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

const MICROSECONDS: i64 = 1_000_000;

impl Timestamp {
    /// The moment that many microseconds after 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970, as VTT clients count.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Seconds since 1970, cut off.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(MICROSECONDS)
    }

    /// That many seconds later; the end of time instead of an overflow.
    #[must_use]
    pub const fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds as i64 * MICROSECONDS))
    }

    /// That many seconds earlier.
    #[must_use]
    pub const fn minus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_sub(seconds as i64 * MICROSECONDS))
    }

    /// Whole seconds from `self` until `later`, rounded up; 0 when `later` is not later.
    #[must_use]
    pub const fn seconds_until(self, later: Self) -> u32 {
        let micros = later.0.saturating_sub(self.0);
        if micros <= 0 {
            return 0;
        }
        let seconds = (micros - 1) / MICROSECONDS + 1;
        if seconds > u32::MAX as i64 { u32::MAX } else { seconds as u32 }
    }

    /// Reads RFC 3339, any offset; fractions below a microsecond are cut off.
    ///
    /// # Errors
    /// When the text is no such moment.
    pub fn parse(text: &str) -> Result<Self, time::error::Parse> {
        Ok(OffsetDateTime::parse(text, &Rfc3339)?.into())
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(at: OffsetDateTime) -> Self {
        let micros = at.unix_timestamp_nanos().div_euclid(1_000);
        Self(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with six digits of fraction, always the same width.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = OffsetDateTime::from_unix_timestamp(self.as_seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            self.0.rem_euclid(MICROSECONDS)
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_one_width_and_comes_back_exactly() {
        for micros in [0, 1, 999_999, 1_594_919_776_031_710, 1_000_000] {
            let at = Timestamp::from_micros(micros);
            assert_eq!(at.to_string().len(), 27);
            assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
        }
        let nanos = Timestamp::parse("2020-07-15T17:16:03.17106713Z");
        assert_eq!(nanos.map(|at| at.to_string()), Ok("2020-07-15T17:16:03.171067Z".into()));
    }

    #[test]
    fn remaining_seconds_are_rounded_up_and_never_negative() {
        let at = Timestamp::from_micros(5_000_000);
        assert_eq!(at.seconds_until(Timestamp::from_micros(5_000_001)), 1);
        assert_eq!(at.seconds_until(Timestamp::from_micros(7_000_000)), 2);
        assert_eq!(at.seconds_until(Timestamp::from_micros(1)), 0);
    }
}
