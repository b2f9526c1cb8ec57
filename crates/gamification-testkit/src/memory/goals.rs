use super::state::State;
use super::unit::{MemoryUnit, insert_new, replace};
use async_trait::async_trait;
use gamification_core::announcement::{Announcement, DomainEvent};
use gamification_core::ids::{CampaignId, EventId, InstanceId, StreamerId};
use gamification_core::instance::{Cooldown, GoalScope, Instance};
use gamification_core::ports::{EventLog, InstanceFilter, InstanceRepository, StoreError};
use gamification_core::time::Timestamp;
use std::cmp::Reverse;

type Stored<T> = Result<T, StoreError>;

/// Whether a list with that filter has the goal.
pub(super) fn is_asked_for(goal: &Instance, filter: &InstanceFilter) -> bool {
    let takes_part = |streamer| goal.participants.iter().any(|p| p.streamer_id == streamer);
    filter.status.is_none_or(|status| goal.status() == status)
        && filter.event.is_none_or(|event| goal.event_id == event)
        && filter.streamer.is_none_or(takes_part)
        && filter.search.as_ref().is_none_or(|wanted| goal.label.has_in_it(wanted))
}

impl State {
    /// The open goals of the campaign, oldest first.
    pub(super) fn open_instances(&self, campaign: CampaignId) -> Vec<Instance> {
        let is_asked = |i: &&Instance| i.campaign_id == campaign && i.is_open();
        let mut open: Vec<_> = self.instances.values().filter(is_asked).cloned().collect();
        open.sort_by_key(|i| (i.started_at, i.id));
        open
    }

    /// The goals of the campaign whose cooldown holds, newest first.
    pub(super) fn cooling_instances(&self, campaign: CampaignId, now: Timestamp) -> Vec<Instance> {
        let is_asked = |i: &&Instance| {
            i.campaign_id == campaign && i.cooldown.is_some_and(|cooldown| cooldown.holds(now))
        };
        let mut cooling: Vec<_> = self.instances.values().filter(is_asked).cloned().collect();
        cooling.sort_by_key(|i| Reverse((i.started_at, i.id)));
        cooling
    }
}

impl MemoryUnit {
    /// Ends the cooldowns of goals that match; how many there were.
    fn end_cooldowns(&mut self, matches: impl Fn(&Instance) -> bool) -> Stored<u64> {
        let mut ended = 0;
        for instance in self.write()?.instances.values_mut() {
            if instance.cooldown.is_some() && matches(instance) {
                instance.cooldown = None;
                ended += 1;
            }
        }
        Ok(ended)
    }
}

#[async_trait]
impl InstanceRepository for MemoryUnit {
    async fn insert(&mut self, instance: &Instance) -> Stored<bool> {
        let instances = &mut self.write()?.instances;
        let scope = |i: &Instance| (i.campaign_id, i.event_id, i.scope);
        if instance.is_open()
            && instances.values().any(|i| i.is_open() && scope(i) == scope(instance))
        {
            return Ok(false);
        }
        insert_new(instances, instance.id, instance)?;
        Ok(true)
    }

    async fn lock(&mut self, id: InstanceId) -> Stored<Option<Instance>> {
        Ok(self.read()?.instances.get(&id).cloned())
    }

    async fn lock_open(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        scope: GoalScope,
    ) -> Stored<Option<Instance>> {
        let open = self.lock_all_open(campaign, Some(event)).await?;
        Ok(open.into_iter().find(|instance| instance.scope == scope))
    }

    async fn lock_all_open(
        &mut self,
        campaign: CampaignId,
        event: Option<EventId>,
    ) -> Stored<Vec<Instance>> {
        let instances = &self.read()?.instances;
        Ok(instances
            .values()
            .filter(|i| i.is_open() && i.campaign_id == campaign)
            .filter(|i| event.is_none_or(|event| i.event_id == event))
            .cloned()
            .collect())
    }

    async fn update(&mut self, instance: &Instance) -> Stored<()> {
        replace(&mut self.write()?.instances, &instance.id, instance)
    }

    async fn overdue(&mut self, now: Timestamp, limit: u32) -> Stored<Vec<InstanceId>> {
        let instances = &self.read()?.instances;
        let mut overdue: Vec<_> = instances
            .values()
            .filter_map(|i| i.deadline().filter(|deadline| *deadline <= now).map(|d| (d, i.id)))
            .collect();
        overdue.sort_unstable();
        Ok(overdue.into_iter().take(limit as usize).map(|(_, id)| id).collect())
    }

    async fn cooldown(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        scope: GoalScope,
        now: Timestamp,
    ) -> Stored<Option<Cooldown>> {
        let instances = &self.read()?.instances;
        Ok(instances
            .values()
            .filter(|i| i.campaign_id == campaign && i.event_id == event && i.scope == scope)
            .filter_map(|i| i.cooldown.filter(|cooldown| cooldown.holds(now)))
            .next_back())
    }

    async fn claim_trigger(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        once_key: &str,
        now: Timestamp,
    ) -> Stored<bool> {
        let fired = &mut self.write()?.fired_triggers;
        Ok(insert_new(fired, (campaign, event, once_key.to_owned()), &now).is_ok())
    }

    async fn release_waiting_cooldowns(
        &mut self,
        campaign: CampaignId,
        waited_for: EventId,
        scope: Option<GoalScope>,
    ) -> Stored<u64> {
        self.end_cooldowns(|i| {
            i.campaign_id == campaign
                && i.cooldown == Some(Cooldown::UntilExecuted(waited_for))
                && scope.is_none_or(|scope| i.scope == scope)
        })
    }

    async fn clear_cooldowns(
        &mut self,
        campaign: CampaignId,
        event: Option<EventId>,
        streamer: Option<StreamerId>,
    ) -> Stored<u64> {
        self.end_cooldowns(|i| {
            i.campaign_id == campaign
                && event.is_none_or(|event| i.event_id == event)
                && streamer.is_none_or(|streamer| i.scope == GoalScope::Streamer(streamer))
        })
    }
}

#[async_trait]
impl EventLog for MemoryUnit {
    async fn append(
        &mut self,
        campaign: CampaignId,
        facts: &[Announcement],
        now: Timestamp,
    ) -> Stored<i64> {
        let state = self.write()?;
        let last = state.sequences.entry(campaign).or_insert(0);
        for fact in facts {
            *last += 1;
            let event = DomainEvent {
                campaign_id: campaign,
                sequence: *last,
                at: now,
                announcement: fact.clone(),
            };
            state.log.insert((campaign, *last), event);
        }
        Ok(*last)
    }

    async fn prune(&mut self, before: Timestamp, keep: u32) -> Stored<u64> {
        let state = self.write()?;
        let held = state.log.len();
        let sequences = state.sequences.clone();
        state.log.retain(|(campaign, sequence), event| {
            let newest = sequences.get(campaign).copied().unwrap_or(0);
            event.at >= before || *sequence > newest - i64::from(keep)
        });
        Ok((held - state.log.len()) as u64)
    }
}
