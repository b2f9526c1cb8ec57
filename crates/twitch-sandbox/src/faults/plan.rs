//! What is to go wrong, and how often.

use serde::{Deserialize, Serialize};

/// What goes wrong, by seed.
///
/// **What is deterministic.** Events are counted per subscription type, calls per method and
/// path. Whether, and how, the n-th of its kind goes wrong depends on the seed, the kind and n
/// only: not on the clock, nor on what else happens meanwhile. Setting a plan starts all counts
/// at zero. **What is not:** which event or call *is* the n-th when several are under way at
/// once, and how the delays of different messages overtake each other.
///
/// Faults are about `/helix/…` and about notifications. `/sandbox/…`, the token endpoints, and
/// the challenges and revocations of EventSub always go right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultPlan {
    /// Another seed, other events and calls go wrong.
    pub seed: u64,
    /// What happens to notifications.
    pub events: EventFaults,
    /// What happens to Helix calls.
    pub calls: CallFaults,
    /// The Helix calls that may go wrong; all of them when absent. Each is a path below
    /// `/helix`, such as `/channel_points/custom_rewards`, exact or with a `*` at its end for
    /// everything below it; a method and a space may come first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<Vec<String>>,
}

/// What happens to notifications, in percent of them. A dropped one has no other fault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EventFaults {
    /// How many never come.
    pub drop_percent: u8,
    /// How many come twice; half of those the second time under a new message id.
    pub duplicate_percent: u8,
    /// How many come late.
    pub delay_percent: u8,
    /// The longest that a late one is late, in milliseconds; at least 1 when any is late.
    pub delay_max_ms: u64,
    /// How many come after the one that happened next, or a second later when none happens.
    pub reorder_percent: u8,
}

/// What happens to Helix calls that would be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CallFaults {
    /// How many calls fail, in percent.
    pub fail_percent: u8,
    /// The ways to fail, equally likely among those that suit the call.
    pub kinds: Vec<CallFault>,
    /// How long a call that runs out of time takes, in milliseconds: longer than the patience
    /// of the client that is tested. Whoever waits longer gets a 504.
    pub timeout_ms: u64,
}

impl Default for CallFaults {
    fn default() -> Self {
        Self { fail_percent: 0, kinds: CallFault::ALL.to_vec(), timeout_ms: 30_000 }
    }
}

/// One way for a call to fail. In JSON the numbers are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum CallFault {
    /// 401, although the token is good; nothing happened.
    Unauthorized,
    /// 403; nothing happened.
    Forbidden,
    /// 404; nothing happened.
    NotFound,
    /// 429 with an empty bucket that is full a second later; nothing happened.
    TooManyRequests,
    /// 500; nothing happened.
    InternalError,
    /// 503; nothing happened.
    Unavailable,
    /// `timeoutBefore`: no answer in time; nothing happened.
    TimeoutBefore,
    /// `timeoutAfterEffect`: no answer in time; everything happened.
    TimeoutAfterEffect,
    /// `halfBatch`: 500 after half of the redemptions, rounded up, were settled. Settlements
    /// only.
    HalfBatch,
}

/// A kind as JSON has it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Status(u16),
    Name(String),
}

impl CallFault {
    const ALL: [Self; 9] = [
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::TooManyRequests,
        Self::InternalError,
        Self::Unavailable,
        Self::TimeoutBefore,
        Self::TimeoutAfterEffect,
        Self::HalfBatch,
    ];

    /// The name in a plan and in the counts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unauthorized => "401",
            Self::Forbidden => "403",
            Self::NotFound => "404",
            Self::TooManyRequests => "429",
            Self::InternalError => "500",
            Self::Unavailable => "503",
            Self::TimeoutBefore => "timeoutBefore",
            Self::TimeoutAfterEffect => "timeoutAfterEffect",
            Self::HalfBatch => "halfBatch",
        }
    }
}

impl TryFrom<Written> for CallFault {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let name = match written {
            Written::Status(status) => status.to_string(),
            Written::Name(name) => name,
        };
        let known = Self::ALL.into_iter().find(|fault| fault.name() == name);
        known.ok_or_else(|| format!("there is no fault {name:?}"))
    }
}

impl From<CallFault> for Written {
    fn from(fault: CallFault) -> Self {
        let name = fault.name();
        name.parse().map_or_else(|_| Self::Name(name.to_owned()), Self::Status)
    }
}

impl FaultPlan {
    /// Whether it can be followed.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let events = &self.events;
        let percents = [
            events.drop_percent,
            events.duplicate_percent,
            events.delay_percent,
            events.reorder_percent,
            self.calls.fail_percent,
        ];
        if percents.iter().any(|percent| *percent > 100) {
            return Err("a percentage is 0 to 100");
        }
        if events.delay_percent > 0 && events.delay_max_ms == 0 {
            return Err("late events need a delayMaxMs");
        }
        if self.calls.fail_percent > 0 && self.calls.kinds.is_empty() {
            return Err("failing calls need kinds");
        }
        Ok(())
    }

    /// Whether calls like this one may go wrong; `path` lies below `/helix`.
    pub(crate) fn is_about(&self, method: &str, path: &str) -> bool {
        let Some(wanted) = &self.paths else { return true };
        wanted.iter().any(|wanted| {
            let (only, wanted) = match wanted.split_once(' ') {
                Some((only, wanted)) => (Some(only), wanted),
                None => (None, wanted.as_str()),
            };
            let matches = match wanted.strip_suffix('*') {
                Some(start) => path.starts_with(start),
                None => path == wanted,
            };
            matches && only.is_none_or(|only| only.eq_ignore_ascii_case(method))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_plan_reads_and_writes_as_the_control_api_has_it() {
        let written = json!({
            "seed": 7,
            "events": {
                "dropPercent": 10, "duplicatePercent": 0, "delayPercent": 0, "delayMaxMs": 0,
                "reorderPercent": 0,
            },
            "calls": {
                "failPercent": 20, "kinds": [429, 500, "timeoutAfterEffect"], "timeoutMs": 50,
            },
            "paths": ["PATCH /channel_points/*"],
        });
        let plan: FaultPlan = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(plan.calls.kinds[2], CallFault::TimeoutAfterEffect);
        assert_eq!(serde_json::to_value(&plan).unwrap(), written);
        assert!(plan.is_about("PATCH", "/channel_points/custom_rewards"));
        assert!(!plan.is_about("GET", "/channel_points/custom_rewards"));
        assert!(!plan.is_about("PATCH", "/users"));
        assert!(FaultPlan::default().is_about("GET", "/users"));
    }

    #[test]
    fn a_plan_that_cannot_be_followed_is_refused() {
        let plan = |json| serde_json::from_value::<FaultPlan>(json);
        assert!(plan(json!({ "calls": { "kinds": [418] } })).is_err());
        assert!(plan(json!({ "calls": { "kinds": ["odd"] } })).is_err());
        assert!(plan(json!({ "odd": 1 })).is_err());
        for wrong in [
            json!({ "events": { "dropPercent": 101 } }),
            json!({ "events": { "delayPercent": 1 } }),
            json!({ "calls": { "failPercent": 1, "kinds": [] } }),
        ] {
            assert!(plan(wrong.clone()).unwrap().check().is_err(), "{wrong}");
        }
    }
}
