//! The limits of what people may enter (2-domain §7) and the checks that name the field.
//!
//! Numbers come in as they were written, so that a negative or huge one is refused and not wrapped.

use super::FieldError;
use crate::cost::Cost;
use crate::event::Colour;
use crate::objective::{Coefficient, CoefficientError};
use std::fmt::Display;
use std::ops::RangeInclusive;

/// Characters of a slug.
pub const SLUG_CHARS: RangeInclusive<usize> = 3..=50;
/// Characters of an event's name, which is the title of its rewards.
pub const NAME_CHARS: RangeInclusive<usize> = 3..=45;
/// Characters of an event's description, which is the prompt of its rewards.
pub const DESCRIPTION_CHARS: RangeInclusive<usize> = 0..=200;
/// Clicks that are needed however small the audience is.
pub const MINIMUM_OBJECTIVE: RangeInclusive<u32> = 1..=1000;
/// How long a goal stays active, in seconds.
pub const DURATION_SECONDS: RangeInclusive<u32> = 10..=3600;
/// The pause after a completed goal, in seconds; 0 is none.
pub const COOLDOWN_SECONDS: RangeInclusive<u32> = 0..=86_400;
/// How long an armed goal waits for its roll, in seconds.
pub const ARMED_TTL_SECONDS: RangeInclusive<u32> = 60..=86_400;
/// Counted clicks per viewer and session; 0 is unlimited.
pub const CONTRIBUTIONS_PER_VIEWER: RangeInclusive<u32> = 0..=100;
/// The audience of a channel.
pub const VIEWERS: RangeInclusive<u32> = 0..=10_000_000;
/// Characters of what is looked for in a list.
pub const SEARCH_CHARS: RangeInclusive<usize> = 1..=100;
/// Characters of a chat message.
pub const CHAT_CONTENT_CHARS: RangeInclusive<usize> = 1..=2000;
/// Characters of what is said beside an effect, such as the troll message of an inversion.
pub const MESSAGE_CHARS: RangeInclusive<usize> = 0..=500;
/// How long a sealed spell stays sealed, in seconds. The published module takes 0 for ten minutes,
/// and says "0 min" of less than half a minute.
pub const SEAL_SECONDS: RangeInclusive<u32> = 1..=86_400;
/// What an effect adds to or takes from a roll or an armour class. The published module takes 0 for
/// its own default.
pub const EFFECT_POINTS: RangeInclusive<u32> = 1..=20;
/// Hit points that an effect gives or takes.
pub const EFFECT_HIT_POINTS: RangeInclusive<u32> = 0..=1000;
/// Characters of an id of the VTT.
pub const VTT_ID_CHARS: RangeInclusive<usize> = 1..=100;
/// Characters of a criticality rule's label.
pub const RULE_LABEL_CHARS: RangeInclusive<usize> = 1..=100;
/// Characters of a criticality rule's category, and of the symbol that it counts.
pub const RULE_NAME_CHARS: RangeInclusive<usize> = 1..=50;
/// A criticality rule's priority; higher ones are tried first.
pub const RULE_PRIORITY: RangeInclusive<i64> = -1000..=1000;
/// What a criticality rule compares a die or a total with.
pub const RULE_VALUE: RangeInclusive<i64> = -1_000_000..=1_000_000;
/// Criticality rules of one campaign.
pub const RULES_PER_CAMPAIGN: usize = 100;
/// Largest free JSON in bytes, written without white space.
pub const JSON_BYTES_MAX: usize = 16 * 1024;
/// Deepest nesting of free JSON; `[]` is one level.
pub const JSON_DEPTH_MAX: usize = 16;

type Checked<T> = Result<T, FieldError>;

/// An event's readable key, `^[a-z0-9-]{3,50}$`.
///
/// # Errors
/// A complaint about `field`.
pub fn slug(field: &str, text: &str) -> Checked<()> {
    let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if SLUG_CHARS.contains(&text.len()) && text.bytes().all(is_allowed) {
        return Ok(());
    }
    let (min, max) = SLUG_CHARS.into_inner();
    let reason = format!("must be {min} to {max} of the characters a-z, 0-9 and -");
    Err(FieldError::new(field, reason))
}

/// An event's name without white space around it: Twitch trims titles, and a reward is found again
/// by its exact title.
///
/// # Errors
/// A complaint about `field`.
pub fn name(field: &str, text: &str) -> Checked<String> {
    let trimmed = text.trim();
    check_text(field, trimmed, &NAME_CHARS).map(|()| trimmed.to_owned())
}

/// An event's description without white space around it.
///
/// # Errors
/// A complaint about `field`.
pub fn description(field: &str, text: &str) -> Checked<String> {
    let trimmed = text.trim();
    check_text(field, trimmed, &DESCRIPTION_CHARS).map(|()| trimmed.to_owned())
}

/// `#RRGGBB`, in either case.
///
/// # Errors
/// A complaint about `field`.
pub fn colour(field: &str, text: &str) -> Checked<Colour> {
    let is_colour = text.strip_prefix('#').is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    });
    if is_colour {
        return Ok(Colour(text.to_owned()));
    }
    Err(FieldError::new(field, "must be a colour such as #FF6B6B"))
}

/// The price of one click in Channel Points, 1 to 1,000,000.
///
/// # Errors
/// A complaint about `field`.
pub fn cost(field: &str, points: i64) -> Checked<Cost> {
    let points = in_range(field, points, &(Cost::MIN..=Cost::MAX))?;
    Cost::new(points).map_err(|error| FieldError::new(field, error.to_string()))
}

/// The share of the audience that has to click, 0.01 to 10 with at most two decimal places.
///
/// # Errors
/// A complaint about `field`.
pub fn coefficient(field: &str, share: f64) -> Checked<Coefficient> {
    Coefficient::try_from(share).map_err(|error| {
        let reason = match error {
            CoefficientError::TooPrecise(_) => "must have at most two decimal places",
            CoefficientError::OutOfRange(_) => "must be between 0.01 and 10",
        };
        FieldError::new(field, reason)
    })
}

/// Clicks that are needed however small the audience is, 1 to 1000.
///
/// # Errors
/// A complaint about `field`.
pub fn minimum_objective(field: &str, clicks: i64) -> Checked<u32> {
    in_range(field, clicks, &MINIMUM_OBJECTIVE)
}

/// How long a goal stays active, 10 to 3600 seconds.
///
/// # Errors
/// A complaint about `field`.
pub fn duration_seconds(field: &str, seconds: i64) -> Checked<u32> {
    in_range(field, seconds, &DURATION_SECONDS)
}

/// The pause after a completed goal, 0 to 86,400 seconds.
///
/// # Errors
/// A complaint about `field`.
pub fn cooldown_seconds(field: &str, seconds: i64) -> Checked<u32> {
    in_range(field, seconds, &COOLDOWN_SECONDS)
}

/// How long an armed goal waits for its roll, 60 to 86,400 seconds.
///
/// # Errors
/// A complaint about `field`.
pub fn armed_ttl_seconds(field: &str, seconds: i64) -> Checked<u32> {
    in_range(field, seconds, &ARMED_TTL_SECONDS)
}

/// Counted clicks per viewer and session, 0 (unlimited) to 100.
///
/// # Errors
/// A complaint about `field`.
pub fn contributions_per_viewer(field: &str, clicks: i64) -> Checked<u32> {
    in_range(field, clicks, &CONTRIBUTIONS_PER_VIEWER)
}

/// The audience of a channel, 0 to 10,000,000.
///
/// # Errors
/// A complaint about `field`.
pub fn viewers(field: &str, count: i64) -> Checked<u32> {
    in_range(field, count, &VIEWERS)
}

/// A whole number within the limits.
///
/// # Errors
/// A complaint about `field`.
pub fn in_range<T>(field: &str, number: i64, limits: &RangeInclusive<T>) -> Checked<T>
where
    T: TryFrom<i64> + PartialOrd + Display,
{
    let number = T::try_from(number).ok().filter(|number| limits.contains(number));
    number.ok_or_else(|| {
        let reason = format!("must be between {} and {}", limits.start(), limits.end());
        FieldError::new(field, reason)
    })
}

/// A text whose number of characters (not bytes) lies within the limits, without control
/// characters.
///
/// # Errors
/// A complaint about `field`.
pub fn check_text(field: &str, text: &str, chars: &RangeInclusive<usize>) -> Checked<()> {
    if text.chars().any(char::is_control) {
        return Err(FieldError::new(field, "must not contain control characters"));
    }
    if chars.contains(&text.chars().count()) {
        return Ok(());
    }
    let reason = match (chars.start(), chars.end()) {
        (0, max) => format!("must have at most {max} characters"),
        (min, max) => format!("must have {min} to {max} characters"),
    };
    Err(FieldError::new(field, reason))
}

#[cfg(test)]
mod tests;
