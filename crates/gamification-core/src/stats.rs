//! What came of a campaign's evenings, in numbers.

use crate::event::LocalizedText;
use crate::ids::EventId;
use crate::redemption::JournalFact;
use crate::time::Timestamp;

/// How many days of points are told, the present one included.
pub const DAYS: u32 = 30;
/// How many contributors are named.
pub const CONTRIBUTORS_MAX: usize = 10;
/// How many filled goals are looked at, the newest ones.
pub const FILLED_GOALS_MAX: u32 = 1_000;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The statistics of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CampaignStats {
    /// How many goals there are, by where they stand.
    pub goals: GoalCounts,
    /// Who gave most, by points, then by clicks, then by name; at most [`CONTRIBUTORS_MAX`]. What
    /// was given back does not count.
    pub top_contributors: Vec<Contributor>,
    /// How fast the goals of each event filled, ordered by slug.
    pub fill_times: Vec<FillTime>,
    /// Points of the last [`DAYS`] days in UTC, the oldest first, without a gap.
    pub days: Vec<DayPoints>,
}

/// Goals by where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GoalCounts {
    /// They collect clicks.
    pub active: u64,
    /// They wait for their roll.
    pub armed: u64,
    /// The table has to act.
    pub executing: u64,
    /// The table acted.
    pub executed: u64,
    /// The table did not act.
    pub failed: u64,
    /// They ran out of time.
    pub expired: u64,
    /// Somebody or something stopped them.
    pub cancelled: u64,
}

impl GoalCounts {
    /// The share of the goals that ended whose effect happened, in whole percent, halves rounded up;
    /// `None` before one ended.
    #[must_use]
    pub const fn success_percent(&self) -> Option<u64> {
        let ended = self.executed + self.failed + self.expired + self.cancelled;
        if ended == 0 { None } else { Some((200 * self.executed + ended) / (2 * ended)) }
    }
}

/// A viewer who gave points to goals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributor {
    /// The name as the viewer writes it.
    pub viewer_name: String,
    /// Clicks that counted and were not given back.
    pub clicks: u64,
    /// What they cost.
    pub points: u64,
}

/// One goal that filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledGoal {
    /// Of which event.
    pub event_id: EventId,
    /// The event's readable key when the goal opened.
    pub slug: String,
    /// The event's name when the goal opened.
    pub name: LocalizedText,
    /// From its opening to its last counted click.
    pub seconds: u64,
}

/// How fast the goals of an event filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillTime {
    /// The event.
    pub event_id: EventId,
    /// Its readable key, as of its newest goal.
    pub slug: String,
    /// Its name, as of its newest goal.
    pub name: LocalizedText,
    /// How many goals filled.
    pub count: u64,
    /// The fastest of them.
    pub fastest_seconds: u64,
    /// Half of them were at least as fast; of an even number, the mean of the two in the middle,
    /// rounded down.
    pub median_seconds: u64,
}

/// The fill times of events, ordered by slug, from filled goals, the newest first.
#[must_use]
pub fn fill_times(filled: &[FilledGoal]) -> Vec<FillTime> {
    let mut times: Vec<FillTime> = Vec::new();
    for newest in filled {
        if times.iter().any(|known| known.event_id == newest.event_id) {
            continue;
        }
        let same = filled.iter().filter(|goal| goal.event_id == newest.event_id);
        let mut seconds: Vec<u64> = same.map(|goal| goal.seconds).collect();
        seconds.sort_unstable();
        times.push(FillTime {
            event_id: newest.event_id,
            slug: newest.slug.clone(),
            name: newest.name.clone(),
            count: seconds.len() as u64,
            fastest_seconds: seconds.first().copied().unwrap_or_default(),
            median_seconds: median(&seconds),
        });
    }
    times.sort_by(|a, b| (&a.slug, a.event_id).cmp(&(&b.slug, b.event_id)));
    times
}

/// Of numbers in order.
fn median(sorted: &[u64]) -> u64 {
    let middle = sorted.len() / 2;
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    match sorted.len() % 2 {
        _ if sorted.is_empty() => 0,
        0 => (at(middle - 1) + at(middle)) / 2,
        _ => at(middle),
    }
}

/// Points of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayPoints {
    /// When the day begins, in UTC.
    pub begins_at: Timestamp,
    /// Of the clicks that arrived on it.
    pub received: u64,
    /// Of the clicks that ended spent on it, whenever they arrived.
    pub fulfilled: u64,
    /// Of the clicks that were given back on it, whenever they arrived.
    pub refunded: u64,
}

/// The number of a day in UTC, counted from 1970.
#[must_use]
pub const fn day_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(MICROS_PER_DAY)
}

/// When the first of the days that are told begins.
#[must_use]
pub const fn days_begin(now: Timestamp) -> Timestamp {
    begin_of(day_of(now) - DAYS as i64 + 1)
}

const fn begin_of(day: i64) -> Timestamp {
    Timestamp::from_micros(day * MICROS_PER_DAY)
}

/// The days that are told, from what the journal tells of each: day, fact and points. Facts of other
/// days and other facts are left out.
#[must_use]
pub fn days(now: Timestamp, told: &[(i64, JournalFact, u64)]) -> Vec<DayPoints> {
    let first = day_of(days_begin(now));
    let day = |day: i64| {
        let sum = |fact: JournalFact| {
            let of_day = told.iter().filter(|told| told.0 == day && told.1 == fact);
            of_day.map(|told| told.2).sum()
        };
        DayPoints {
            begins_at: begin_of(day),
            received: sum(JournalFact::Received),
            fulfilled: sum(JournalFact::Fulfilled),
            refunded: sum(JournalFact::Refunded),
        }
    };
    (first..first + i64::from(DAYS)).map(day).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, missing_docs)]
    use super::*;
    use uuid::Uuid;

    fn filled(event: u128, seconds: u64) -> FilledGoal {
        FilledGoal {
            event_id: Uuid::from_u128(event).into(),
            slug: format!("event-{}", 9 - event),
            name: LocalizedText::plain(format!("of {seconds}")),
            seconds,
        }
    }

    #[test]
    fn the_share_of_successes_is_of_the_goals_that_ended() {
        for (executed, failed, expired, cancelled, percent) in [
            (0, 0, 0, 0, None),
            (0, 1, 0, 0, Some(0)),
            (1, 0, 0, 0, Some(100)),
            (1, 0, 1, 1, Some(33)),
            (1, 3, 2, 2, Some(13)),
        ] {
            let counts = GoalCounts {
                active: 7,
                executed,
                failed,
                expired,
                cancelled,
                ..Default::default()
            };
            assert_eq!(counts.success_percent(), percent, "{counts:?}");
        }
    }

    #[test]
    fn fill_times_are_told_per_event_with_its_newest_name() {
        assert_eq!(fill_times(&[]), []);
        let times =
            fill_times(&[filled(1, 40), filled(2, 7), filled(1, 10), filled(1, 31), filled(2, 8)]);
        let told: Vec<_> = times
            .iter()
            .map(|t| {
                (t.slug.as_str(), t.name.en.as_str(), t.count, t.fastest_seconds, t.median_seconds)
            })
            .collect();
        assert_eq!(told, [("event-7", "of 7", 2, 7, 7), ("event-8", "of 40", 3, 10, 31)]);
    }

    #[test]
    fn every_one_of_the_last_thirty_days_is_told_once() {
        let now = Timestamp::parse("2026-03-01T00:00:00Z").unwrap();
        let today = day_of(now);
        let told = days(
            now,
            &[
                (today, JournalFact::Received, 5),
                (today - 29, JournalFact::Refunded, 7),
                (today - 29, JournalFact::Stuck, 100),
                (today - 30, JournalFact::Fulfilled, 9),
                (today + 1, JournalFact::Fulfilled, 9),
            ],
        );
        assert_eq!(told.len(), 30);
        assert_eq!(told[29].begins_at, now);
        assert_eq!(told[0].begins_at, days_begin(now));
        assert_eq!(told[0].begins_at, Timestamp::parse("2026-01-31T00:00:00Z").unwrap());
        assert_eq!((told[29].received, told[0].refunded), (5, 7));
        let all = |of: fn(&DayPoints) -> u64| told.iter().map(of).sum::<u64>();
        assert_eq!((all(|d| d.received), all(|d| d.fulfilled), all(|d| d.refunded)), (5, 0, 7));
        let late = Timestamp::parse("2026-02-28T23:59:59.999999Z").unwrap();
        assert_eq!(day_of(late), today - 1);
    }
}
