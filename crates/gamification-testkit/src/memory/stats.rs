use super::state::State;
use gamification_core::ids::{CampaignId, TwitchUserId};
use gamification_core::instance::{Instance, InstanceState};
use gamification_core::redemption::{Direction, Disposition, Redemption};
use gamification_core::stats::{
    CONTRIBUTORS_MAX, CampaignStats, Contributor, FILLED_GOALS_MAX, FilledGoal, GoalCounts, day_of,
    days, fill_times,
};
use gamification_core::time::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl State {
    /// The campaign's statistics.
    pub(super) fn stats(&self, campaign: CampaignId, now: Timestamp) -> CampaignStats {
        let mut goals: Vec<&Instance> =
            self.instances.values().filter(|goal| goal.campaign_id == campaign).collect();
        goals.sort_by_key(|goal| Reverse((goal.started_at, goal.id)));
        let told = self.journal.entries().iter().filter(|entry| entry.campaign_id == campaign);
        let told: Vec<_> =
            told.map(|entry| (day_of(entry.at), entry.fact, u64::from(entry.points))).collect();
        CampaignStats {
            goals: counts(&goals),
            top_contributors: self.contributors(campaign),
            fill_times: fill_times(&self.filled(&goals)),
            days: days(now, &told),
        }
    }

    fn contributors(&self, campaign: CampaignId) -> Vec<Contributor> {
        let mut gave: BTreeMap<&TwitchUserId, Contributor> = BTreeMap::new();
        let rows = self.redemptions.values().map(|row| &row.redemption);
        for row in rows.filter(|row| row.campaign_id == campaign && is_kept(row)) {
            let viewer = gave.entry(&row.viewer_id).or_insert(Contributor {
                viewer_name: String::new(),
                clicks: 0,
                points: 0,
            });
            viewer.viewer_name = viewer.viewer_name.clone().max(row.viewer_name.clone());
            viewer.clicks += 1;
            viewer.points += u64::from(row.cost.get());
        }
        let mut gave: Vec<_> = gave.into_values().collect();
        gave.sort_by_key(|c| (Reverse((c.points, c.clicks)), c.viewer_name.clone()));
        gave.truncate(CONTRIBUTORS_MAX);
        gave
    }

    fn filled(&self, goals: &[&Instance]) -> Vec<FilledGoal> {
        let is_filled = |goal: &&&Instance| match goal.state {
            InstanceState::Armed { .. }
            | InstanceState::Executing { .. }
            | InstanceState::Executed { .. }
            | InstanceState::Failed { .. } => true,
            InstanceState::Active { .. }
            | InstanceState::Expired { .. }
            | InstanceState::Cancelled { .. } => false,
        };
        let filled = goals.iter().filter(is_filled).take(FILLED_GOALS_MAX as usize);
        let filled = filled.filter_map(|goal| {
            let rows = self.redemptions.values().map(|row| &row.redemption);
            let clicks = rows.filter(|row| row.disposition == Disposition::Counted(goal.id));
            let filled_at = clicks.map(|row| row.received_at).max()?;
            let micros = filled_at.as_micros() - goal.started_at.as_micros();
            Some(FilledGoal {
                event_id: goal.event_id,
                slug: goal.label.slug.clone(),
                name: goal.label.name.clone(),
                seconds: u64::try_from(micros / 1_000_000).unwrap_or_default(),
            })
        });
        filled.collect()
    }
}

fn is_kept(row: &Redemption) -> bool {
    use gamification_core::redemption::Settlement::{RefundDue, Refunded};
    matches!(row.disposition, Disposition::Counted(_))
        && row.direction != Some(Direction::Refund)
        && !matches!(row.settlement, RefundDue | Refunded)
}

fn counts(goals: &[&Instance]) -> GoalCounts {
    let mut counts = GoalCounts::default();
    for goal in goals {
        let count = match goal.state {
            InstanceState::Active { .. } => &mut counts.active,
            InstanceState::Armed { .. } => &mut counts.armed,
            InstanceState::Executing { .. } => &mut counts.executing,
            InstanceState::Executed { .. } => &mut counts.executed,
            InstanceState::Failed { .. } => &mut counts.failed,
            InstanceState::Expired { .. } => &mut counts.expired,
            InstanceState::Cancelled { .. } => &mut counts.cancelled,
        };
        *count += 1;
    }
    counts
}
