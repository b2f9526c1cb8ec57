//! What one click costs a viewer, in Channel Points.

use serde::{Deserialize, Serialize};

/// A number that lies outside what the domain allows (design §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{value} is not between {min} and {max}")]
pub struct OutOfRange {
    /// Smallest value allowed.
    pub min: u64,
    /// Largest value allowed.
    pub max: u64,
    /// The value that was refused.
    pub value: u64,
}

/// The price of one click in Channel Points: 1 to 1,000,000, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Cost(u32);

impl Cost {
    /// The lowest price that Twitch takes for a reward.
    pub const MIN: u32 = 1;
    /// The highest price that this project allows.
    pub const MAX: u32 = 1_000_000;

    /// Refuses 0 and everything above [`Cost::MAX`].
    pub fn new(points: u32) -> Result<Self, OutOfRange> {
        if (Self::MIN..=Self::MAX).contains(&points) {
            return Ok(Self(points));
        }
        Err(OutOfRange { min: Self::MIN.into(), max: Self::MAX.into(), value: points.into() })
    }

    /// The price in Channel Points.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Cost {
    type Error = OutOfRange;

    fn try_from(points: u32) -> Result<Self, OutOfRange> {
        Self::new(points)
    }
}

impl From<Cost> for u32 {
    fn from(cost: Cost) -> Self {
        cost.0
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The price that counts: the streamer's, else the campaign's, else the event's.
///
/// An explicit price wins even when it equals or exceeds the one below it.
#[must_use]
pub fn effective_cost(
    streamer_override: Option<Cost>,
    campaign_override: Option<Cost>,
    event_default: Cost,
) -> Cost {
    streamer_override.or(campaign_override).unwrap_or(event_default)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn cost(points: u32) -> Cost {
        Cost::new(points).unwrap()
    }

    #[test]
    fn the_most_specific_price_wins() {
        let (streamer, campaign) = (Some(cost(500)), Some(cost(300)));
        assert_eq!(effective_cost(streamer, campaign, cost(100)).get(), 500);
        assert_eq!(effective_cost(None, campaign, cost(100)).get(), 300);
        assert_eq!(effective_cost(None, None, cost(100)).get(), 100);
        assert_eq!(effective_cost(Some(cost(1)), campaign, cost(100)).get(), 1);
    }

    #[test]
    fn the_limits_are_inclusive() {
        assert_eq!(Cost::new(0), Err(OutOfRange { min: 1, max: 1_000_000, value: 0 }));
        assert_eq!(cost(1).get(), 1);
        assert_eq!(cost(1_000_000).get(), 1_000_000);
        assert_eq!(
            Cost::new(1_000_001).unwrap_err().to_string(),
            "1000001 is not between 1 and 1000000"
        );
    }

    #[test]
    fn json_is_a_plain_number_and_is_checked() {
        assert_eq!(serde_json::to_string(&cost(750)).unwrap(), "750");
        assert_eq!(serde_json::from_str::<Cost>("750").unwrap(), cost(750));
        assert!(serde_json::from_str::<Cost>("0").is_err());
        assert!(serde_json::from_str::<Cost>("-5").is_err());
    }

    proptest! {
        #[test]
        fn an_effective_cost_is_never_zero(
            streamer in proptest::option::of(1u32..=1_000_000),
            campaign in proptest::option::of(1u32..=1_000_000),
            event in 1u32..=1_000_000,
        ) {
            let result = effective_cost(streamer.map(cost), campaign.map(cost), cost(event));
            prop_assert!(result.get() >= 1);
            prop_assert_eq!(result.get(), streamer.or(campaign).unwrap_or(event));
        }
    }
}
