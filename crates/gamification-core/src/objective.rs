//! How many clicks a goal needs, from the size of the audience.
//!
//! Everything here is integer arithmetic: no float may turn 2.5 into 2.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cost::OutOfRange;

/// An active goal is recalculated only when the audience changed by this share of the old count.
const RECALCULATION_PERCENT_MIN: u64 = 20;

/// Why a number is not a [`Coefficient`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CoefficientError {
    /// It has more than two decimal places (or is not a finite number).
    #[error("{0} has more than two decimal places")]
    TooPrecise(f64),
    /// In hundredths.
    #[error("coefficient out of range, in hundredths: {0}")]
    OutOfRange(#[from] OutOfRange),
}

/// The share of the audience that must click: an exact decimal with two places, 0.01 to 10.00.
///
/// JSON is a plain number (`0.3`); one with more than two places is refused, not rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Coefficient(u16);

impl Coefficient {
    /// Smallest coefficient, in hundredths (0.01).
    pub const MIN_HUNDREDTHS: u16 = 1;
    /// Largest coefficient, in hundredths (10.00).
    pub const MAX_HUNDREDTHS: u16 = 1000;

    /// `30` is 0.30. Refuses what is outside 1..=1000.
    pub fn from_hundredths(hundredths: u16) -> Result<Self, OutOfRange> {
        if (Self::MIN_HUNDREDTHS..=Self::MAX_HUNDREDTHS).contains(&hundredths) {
            return Ok(Self(hundredths));
        }
        Err(Self::out_of_range(hundredths.into()))
    }

    /// The coefficient in hundredths: 0.30 is 30.
    #[must_use]
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    const fn out_of_range(value: u64) -> OutOfRange {
        OutOfRange { min: Self::MIN_HUNDREDTHS as u64, max: Self::MAX_HUNDREDTHS as u64, value }
    }
}

impl TryFrom<f64> for Coefficient {
    type Error = CoefficientError;

    fn try_from(number: f64) -> Result<Self, CoefficientError> {
        let hundredths = (number * 100.0).round();
        // Division is correctly rounded, so a two-place decimal comes back as the very same
        // double; anything else had more places (NaN and infinities never compare equal).
        if hundredths / 100.0 != number || !number.is_finite() {
            return Err(CoefficientError::TooPrecise(number));
        }
        // `as` saturates: negative numbers become 0 and huge ones u16::MAX, both out of range.
        Ok(Self::from_hundredths(hundredths as u16)
            .map_err(|_| Self::out_of_range(hundredths as u64))?)
    }
}

impl From<Coefficient> for f64 {
    fn from(coefficient: Coefficient) -> Self {
        f64::from(coefficient.0) / 100.0
    }
}

impl fmt::Display for Coefficient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Clicks that one channel's goal needs: `viewers × coefficient`, halves rounded up, and at least
/// `minimum` (and never 0).
#[must_use]
pub fn individual(viewers: u32, coefficient: Coefficient, minimum: u32) -> u32 {
    let share = (u64::from(viewers) * u64::from(coefficient.hundredths()) + 50) / 100;
    u32::try_from(share).unwrap_or(u32::MAX).max(minimum).max(1)
}

/// The objective of a goal that several channels share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupObjective {
    /// Each channel's own part, in the order of the viewer counts given.
    pub local_objectives: Vec<u32>,
    /// Clicks needed in all: the sum of the parts.
    pub target: u32,
}

/// Each channel's objective first, so that each small channel keeps its minimum, then the sum.
///
/// Without any channel the target is the minimum.
#[must_use]
pub fn group(viewers: &[u32], coefficient: Coefficient, minimum: u32) -> GroupObjective {
    let local_objectives: Vec<u32> =
        viewers.iter().map(|&count| individual(count, coefficient, minimum)).collect();
    let sum = local_objectives.iter().fold(0_u32, |sum, &part| sum.saturating_add(part));
    let target = if viewers.is_empty() { minimum.max(1) } else { sum };
    GroupObjective { local_objectives, target }
}

/// Whether an audience changed so much that an active goal is recalculated: by at least 20 % of the
/// old count.
#[must_use]
pub fn is_another_audience(old_viewers: u32, new_viewers: u32) -> bool {
    let change = u64::from(old_viewers.abs_diff(new_viewers));
    change != 0 && change * 100 >= u64::from(old_viewers) * RECALCULATION_PERCENT_MIN
}

/// The new target of an active goal after the audience changed, `None` when it stays as it is.
///
/// It stays when the audience changed by less than 20 % of the old count, and when the result is
/// the current target. A new target always leaves at least one click to do.
#[must_use]
pub fn recalculated(
    old_viewers: u32,
    new_viewers: u32,
    coefficient: Coefficient,
    minimum: u32,
    current_target: u32,
    progress: u32,
) -> Option<u32> {
    if !is_another_audience(old_viewers, new_viewers) {
        return None;
    }
    let wanted = individual(new_viewers, coefficient, minimum);
    let target = wanted.max(progress.saturating_add(1));
    (target != current_target).then_some(target)
}

/// Progress in whole percent, halves rounded up, 0 to 100; 100 when the target is 0.
#[must_use]
pub fn percentage(progress: u32, target: u32) -> u8 {
    if target == 0 {
        return 100;
    }
    let (progress, target) = (u64::from(progress), u64::from(target));
    let percent = (200 * progress + target) / (2 * target);
    u8::try_from(percent.min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests;
