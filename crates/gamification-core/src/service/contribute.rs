//! Clicks, in batches: the hot path. One lock per goal, each click decided in memory, one insert,
//! one update per goal, one append, one commit.

use super::changes::Changes;
use super::context::{Attempt, Audiences, Channel, EventAtTable, Scene, Table};
use super::open::Opening;
use super::{Gamification, Served};
use crate::admission::{ClickFacts, admit_click};
use crate::announcement::Announcement;
use crate::ids::{CampaignId, EventId, InstanceId, RedemptionId, StreamerId, TwitchUserId};
use crate::instance::{Click, GoalScope, Instance, OpenedBy, Transition, TriggerData};
use crate::ports::{Lock, StoreError, UnitOfWork};
use crate::redemption::{
    Direction, Disposition, IncomingRedemption, Redemption, RefusalReason, Settlement,
};
use crate::reward::Reward;
use serde_json::Value;
use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What became of a click. Whatever it is, it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contribution {
    /// Its reward is not one of ours; it is never touched.
    NotOurs,
    /// It is in the ledger already.
    Duplicate,
    /// It counts for this goal.
    Counted(InstanceId),
    /// It does not count; the points go back.
    Refused(RefusalReason),
}

/// The clicks on one event, in the order in which they arrived.
struct EventBatch<'a> {
    event: EventId,
    clicks: Vec<(usize, &'a IncomingRedemption, &'a Reward)>,
}

/// What the decisions of a batch came to.
#[derive(Default)]
struct Decisions {
    rows: Vec<Redemption>,
    transitions: Vec<(EventId, Transition)>,
    outcomes: Vec<(usize, Contribution)>,
    switch_off: BTreeSet<(CampaignId, StreamerId, EventId)>,
}

/// A scope while its clicks are decided.
struct ScopeState {
    goal: Option<Instance>,
    transition: Option<Transition>,
    is_cooling_down: bool,
    channels: BTreeMap<StreamerId, Channel>,
}

impl Gamification {
    /// Takes redemptions as they arrive; the answers come in the same order and after the commit.
    /// When the batch as a whole cannot be stored, each is tried alone, so that one bad row holds
    /// up nobody else.
    pub async fn contribute(&self, batch: &[IncomingRedemption]) -> Vec<Served<Contribution>> {
        match self.contribute_together(batch).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) if batch.len() == 1 => vec![Err(error)],
            Err(_) => {
                let mut outcomes = Vec::with_capacity(batch.len());
                for redemption in batch {
                    let alone = self.contribute_together(std::slice::from_ref(redemption)).await;
                    outcomes.push(alone.map(|one| one[0]));
                }
                outcomes
            }
        }
    }

    async fn contribute_together(&self, batch: &[IncomingRedemption]) -> Served<Vec<Contribution>> {
        let mut audiences = Audiences::new();
        loop {
            match self.retrying(|| Box::pin(self.try_contribute(batch, &audiences))).await? {
                Attempt::Done(outcomes) => return Ok(outcomes),
                Attempt::NeedsAudience(streamers) => {
                    self.look_up_audiences(&streamers, &mut audiences).await?;
                }
            }
        }
    }

    async fn try_contribute(
        &self,
        batch: &[IncomingRedemption],
        audiences: &Audiences,
    ) -> Served<Attempt<Vec<Contribution>>> {
        let mut uow = self.ports.store.begin().await?;
        let mut outcomes = vec![Contribution::Duplicate; batch.len()];
        let rewards = rewards_of(uow.as_mut(), batch).await?;
        let known = self.known(uow.as_mut(), batch).await?;
        let mut campaigns: BTreeMap<CampaignId, BTreeMap<EventId, EventBatch<'_>>> =
            BTreeMap::new();
        let mut seen = HashSet::new();
        for (index, redemption) in batch.iter().enumerate() {
            let Some(reward) = rewards.get(redemption.reward_id.as_str()) else {
                outcomes[index] = Contribution::NotOurs;
                continue;
            };
            if !known.contains(&redemption.id) && seen.insert(&redemption.id) {
                let events = campaigns.entry(reward.campaign_id).or_default();
                let event = reward.event_id;
                let clicks = events.entry(event);
                let clicks = clicks.or_insert_with(|| EventBatch { event, clicks: Vec::new() });
                clicks.clicks.push((index, redemption, reward));
            }
        }
        if campaigns.is_empty() {
            return Ok(Attempt::Done(outcomes));
        }
        let mut changes = Changes::default();
        for (campaign, events) in campaigns {
            let unknown = self
                .contribute_to(
                    uow.as_mut(),
                    campaign,
                    events,
                    audiences,
                    &mut changes,
                    &mut outcomes,
                )
                .await?;
            if !unknown.is_empty() {
                return Ok(Attempt::NeedsAudience(unknown));
            }
        }
        self.finish(uow, changes).await?;
        Ok(Attempt::Done(outcomes))
    }

    async fn known(
        &self,
        uow: &mut dyn UnitOfWork,
        batch: &[IncomingRedemption],
    ) -> Served<HashSet<RedemptionId>> {
        let ids: Vec<_> = batch.iter().map(|redemption| redemption.id.clone()).collect();
        Ok(uow.redemptions().known(&ids).await?.into_iter().collect())
    }

    async fn contribute_to(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        events: BTreeMap<EventId, EventBatch<'_>>,
        audiences: &Audiences,
        changes: &mut Changes,
        outcomes: &mut [Contribution],
    ) -> Served<Vec<StreamerId>> {
        let table = self.table(uow, campaign, Lock::Shared).await?;
        let mut decisions = Decisions::default();
        let mut loaded = BTreeMap::new();
        for (event, batch) in events {
            let at = self.event_at_table(uow, campaign, event, Lock::Shared).await?;
            let (Some(table), Some(at)) = (&table, at) else {
                self.refuse_all(&batch, RefusalReason::EventDisabled, &mut decisions);
                continue;
            };
            let unknown = self
                .decide_event(
                    uow,
                    Scene { table, at: &at, audiences },
                    batch,
                    changes,
                    &mut decisions,
                )
                .await?;
            if !unknown.is_empty() {
                return Ok(unknown);
            }
            loaded.insert(event, at);
        }
        self.store(uow, &loaded, decisions, changes, outcomes).await?;
        Ok(Vec::new())
    }

    async fn decide_event(
        &self,
        uow: &mut dyn UnitOfWork,
        scene: Scene<'_>,
        batch: EventBatch<'_>,
        changes: &mut Changes,
        decisions: &mut Decisions,
    ) -> Served<Vec<StreamerId>> {
        let Scene { table, at, .. } = scene;
        let counted = self.counted_before(uow, table, at, &batch).await?;
        let mut counted: HashMap<TwitchUserId, u32> = counted.into_iter().collect();
        let mut scopes: BTreeMap<GoalScope, ScopeState> = BTreeMap::new();
        for (index, redemption, reward) in &batch.clicks {
            let scope = GoalScope::of(at.event.scope, reward.streamer_id);
            let state = match scopes.entry(scope) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    new.insert(self.scope_state(uow, table, at, scope, changes).await?)
                }
            };
            if !state.channels.contains_key(&reward.streamer_id) {
                let streamer = reward.streamer_id;
                let channel = self.channel(uow, table.campaign.id, batch.event, streamer).await?;
                state.channels.insert(streamer, channel);
            }
            let facts = ClickFacts {
                redemption,
                streamer_id: reward.streamer_id,
                is_reward_retired: !reward.status.is_live(),
                duration_seconds: at.event.settings(at.config.as_ref()).duration_seconds,
                counted_before: counted.get(&redemption.viewer_id).copied().unwrap_or(0),
                now: self.now(),
            };
            let channel = state.channels.get(&reward.streamer_id);
            let goal = state.goal.as_ref();
            let here = table.circumstances(at, channel, goal, state.is_cooling_down);
            let disposition = match admit_click(&here, &facts) {
                Err(reason) => Disposition::Refused(reason),
                Ok(()) => {
                    if state.goal.is_none() {
                        let opening = self.open_for_click(uow, scene, scope, changes).await?;
                        match opening {
                            Opening::NeedsAudience(unknown) => return Ok(unknown),
                            Opening::Opened(goal) => state.goal = Some(*goal),
                            Opening::Refused(_) => {}
                        }
                    }
                    self.count(state, reward.streamer_id, redemption)?
                }
            };
            if matches!(disposition, Disposition::Counted(_)) {
                *counted.entry(redemption.viewer_id.clone()).or_default() += 1;
            }
            self.note(decisions, *index, redemption, reward, disposition);
        }
        let transitions = scopes.into_values().filter_map(|state| state.transition);
        decisions.transitions.extend(transitions.map(|transition| (at.event.id, transition)));
        Ok(Vec::new())
    }

    async fn counted_before(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        at: &EventAtTable,
        batch: &EventBatch<'_>,
    ) -> Served<Vec<(TwitchUserId, u32)>> {
        let is_limited = at.config.as_ref().is_some_and(|c| c.max_contributions_per_viewer > 0);
        let (true, Some(since)) = (is_limited, table.campaign.in_session_since()) else {
            return Ok(Vec::new());
        };
        let viewers: BTreeSet<_> =
            batch.clicks.iter().map(|(_, redemption, _)| redemption.viewer_id.clone()).collect();
        let viewers: Vec<_> = viewers.into_iter().collect();
        let redemptions = uow.redemptions();
        let counted =
            redemptions.counted_by_viewers(table.campaign.id, at.event.id, &viewers, since);
        Ok(counted.await?)
    }

    async fn scope_state(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        at: &EventAtTable,
        scope: GoalScope,
        changes: &mut Changes,
    ) -> Served<ScopeState> {
        let campaign = table.campaign.id;
        let goal = self.lock_current(uow, campaign, &at.event, scope, changes).await?;
        let cooldown = match goal {
            Some(_) => None,
            None => uow.instances().cooldown(campaign, at.event.id, scope, self.now()).await?,
        };
        Ok(ScopeState {
            goal,
            transition: None,
            is_cooling_down: cooldown.is_some(),
            channels: BTreeMap::new(),
        })
    }

    async fn open_for_click(
        &self,
        uow: &mut dyn UnitOfWork,
        scene: Scene<'_>,
        scope: GoalScope,
        changes: &mut Changes,
    ) -> Served<Opening> {
        let trigger =
            TriggerData { opened_by: OpenedBy::Redemption, dice_roll: None, custom: Value::Null };
        self.open(uow, scene, scope, trigger, changes).await
    }

    /// Counts an admitted click in the goal of its scope. A channel that is offline while others of
    /// a new group goal are live does not take part in it.
    fn count(
        &self,
        state: &mut ScopeState,
        streamer: StreamerId,
        redemption: &IncomingRedemption,
    ) -> Served<Disposition> {
        let Some(goal) = state.goal.take() else {
            return Ok(Disposition::Refused(RefusalReason::EventDisabled));
        };
        if goal.participant(streamer).is_none() {
            state.goal = Some(goal);
            return Ok(Disposition::Refused(RefusalReason::NotParticipating));
        }
        let id = goal.id;
        let click = Click { streamer_id: streamer, viewer_name: &redemption.viewer_name };
        let mut next = goal.contribute(click, self.now())?;
        state.goal = Some(next.instance.clone());
        if let Some(before) = state.transition.take() {
            next.effects.splice(0..0, before.effects);
            next.announcements = merged(before.announcements, next.announcements);
        }
        state.transition = Some(next);
        Ok(Disposition::Counted(id))
    }

    fn refuse_all(&self, batch: &EventBatch<'_>, reason: RefusalReason, decisions: &mut Decisions) {
        for (index, redemption, reward) in &batch.clicks {
            self.note(decisions, *index, redemption, reward, Disposition::Refused(reason));
        }
    }

    fn note(
        &self,
        decisions: &mut Decisions,
        index: usize,
        redemption: &IncomingRedemption,
        reward: &Reward,
        disposition: Disposition,
    ) {
        let outcome = match disposition {
            Disposition::Counted(instance) => Contribution::Counted(instance),
            Disposition::Refused(reason) => Contribution::Refused(reason),
        };
        if outcome == Contribution::Refused(RefusalReason::AlreadyFulfilled) {
            let opt_in = (reward.campaign_id, reward.streamer_id, reward.event_id);
            decisions.switch_off.insert(opt_in);
        }
        decisions.outcomes.push((index, outcome));
        decisions.rows.push(self.row(redemption, reward, disposition));
    }

    fn row(
        &self,
        redemption: &IncomingRedemption,
        reward: &Reward,
        disposition: Disposition,
    ) -> Redemption {
        let now = self.now();
        let direction = matches!(disposition, Disposition::Refused(_)).then_some(Direction::Refund);
        Redemption {
            id: redemption.id.clone(),
            reward_key: reward.key,
            streamer_id: reward.streamer_id,
            campaign_id: reward.campaign_id,
            event_id: reward.event_id,
            viewer_id: redemption.viewer_id.clone(),
            viewer_name: redemption.viewer_name.clone(),
            cost: redemption.cost,
            redeemed_at: redemption.redeemed_at,
            received_at: now,
            source: redemption.source,
            disposition,
            settlement: direction.map_or(Settlement::Pending, Settlement::due),
            direction,
            settled_by: None,
            settled_at: None,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            stuck_reason: None,
        }
    }

    async fn store(
        &self,
        uow: &mut dyn UnitOfWork,
        loaded: &BTreeMap<EventId, EventAtTable>,
        decisions: Decisions,
        changes: &mut Changes,
        outcomes: &mut [Contribution],
    ) -> Served<()> {
        for (_, transition) in &decisions.transitions {
            uow.instances().update(&transition.instance).await?;
        }
        let recorded = uow.redemptions().record(&decisions.rows).await?;
        if recorded.len() != decisions.rows.len() {
            let lost = "a redemption was recorded by somebody else meanwhile".to_owned();
            return Err(StoreError::Contention(lost).into());
        }
        for (event, transition) in decisions.transitions {
            if let Some(at) = loaded.get(&event) {
                self.perform(uow, &at.event, transition, changes).await?;
            }
        }
        for (campaign, streamer, event) in decisions.switch_off {
            self.switch_off_skipped_queue(uow, campaign, streamer, event).await?;
        }
        if decisions.rows.iter().any(|row| row.settlement == Settlement::RefundDue) {
            changes.wake_workers();
        }
        for (index, outcome) in decisions.outcomes {
            outcomes[index] = outcome;
        }
        Ok(())
    }

    /// Somebody switched the request queue of the reward off: its points cannot be given back any
    /// more, so the channel must not offer it.
    async fn switch_off_skipped_queue(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Served<()> {
        let config = uow.configs().streamer_config(campaign, streamer, event).await?;
        if let Some(mut config) = config.filter(|config| config.is_enabled) {
            config.is_enabled = false;
            let reason = "the reward's request queue was switched off on Twitch";
            config.switched_off_reason = Some(reason.to_owned());
            uow.configs().save_streamer_config(&config).await?;
        }
        Ok(())
    }
}

async fn rewards_of(
    uow: &mut dyn UnitOfWork,
    batch: &[IncomingRedemption],
) -> Served<HashMap<String, Reward>> {
    let ids: BTreeSet<_> = batch.iter().map(|redemption| redemption.reward_id.clone()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let rewards = uow.rewards().by_twitch_ids(&ids).await?;
    let by_id = rewards.into_iter().filter_map(|reward| {
        let id = reward.twitch_id.as_ref()?.as_str().to_owned();
        Some((id, reward))
    });
    Ok(by_id.collect())
}

/// The facts of two transitions in a row; progress that the later one tells too is told once.
fn merged(mut earlier: Vec<Announcement>, later: Vec<Announcement>) -> Vec<Announcement> {
    for mut fact in later {
        if earlier.last().is_some_and(|older| fact.absorb(older)) {
            earlier.pop();
        }
        earlier.push(fact);
    }
    earlier
}
