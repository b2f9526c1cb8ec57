//! Each click of a batch, decided in memory.

use super::super::changes::Changes;
use super::super::context::{Channel, EventAtTable, Scene, Table};
use super::super::open::Opening;
use super::super::{Gamification, Served};
use super::Contribution;
use crate::admission::{ClickFacts, admit_click};
use crate::announcement::Announcement;
use crate::ids::{CampaignId, EventId, InstanceId, StreamerId, TwitchUserId};
use crate::instance::{Click, GoalScope, Instance, OpenedBy, Transition, TriggerData};
use crate::ports::UnitOfWork;
use crate::redemption::{
    Direction, Disposition, IncomingRedemption, Redemption, RefusalReason, Settlement,
};
use crate::reward::Reward;
use serde_json::Value;
use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, HashMap};

/// The clicks on one event, in the order in which they arrived.
pub(super) struct EventBatch<'a> {
    pub(super) clicks: Vec<(usize, &'a IncomingRedemption, &'a Reward)>,
}

/// What the decisions of a batch came to.
#[derive(Default)]
pub(super) struct Decisions {
    pub(super) rows: Vec<Redemption>,
    pub(super) transitions: Vec<(EventId, Transition)>,
    pub(super) outcomes: Vec<(usize, Contribution)>,
    pub(super) switch_off: BTreeSet<(CampaignId, StreamerId, EventId)>,
}

/// What came of judging one click.
enum Judged {
    /// Decided.
    As(Disposition),
    /// It would open a goal, for which these audiences have to be known first.
    NeedsAudience(Vec<StreamerId>),
}

/// A scope while its clicks are decided.
struct ScopeState {
    goal: Option<Instance>,
    transition: Option<Transition>,
    is_cooling_down: bool,
    channels: BTreeMap<StreamerId, Channel>,
}

impl Gamification {
    /// Decides the clicks on one event; the audiences that are missing for it, if any.
    pub(super) async fn decide_event(
        &self,
        uow: &mut dyn UnitOfWork,
        scene: Scene<'_>,
        batch: EventBatch<'_>,
        changes: &mut Changes,
        decisions: &mut Decisions,
    ) -> Served<Vec<StreamerId>> {
        let Scene { table, at, .. } = scene;
        let counted = self.counted_before(uow, table, at, &batch, changes).await?;
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
                let channel = self.channel(uow, table, at, streamer).await?;
                state.channels.insert(streamer, channel);
            }
            let before = counted.get(&redemption.viewer_id).copied().unwrap_or(0);
            let click = self.facts(at, redemption, reward, before);
            let judged = self.judge(uow, scene, scope, state, click, changes).await?;
            let disposition = match judged {
                Judged::As(disposition) => disposition,
                Judged::NeedsAudience(unknown) => return Ok(unknown),
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

    fn facts<'a>(
        &self,
        at: &EventAtTable,
        redemption: &'a IncomingRedemption,
        reward: &Reward,
        counted_before: u32,
    ) -> ClickFacts<'a> {
        ClickFacts {
            redemption,
            streamer_id: reward.streamer_id,
            is_reward_retired: !reward.status.is_live(),
            duration_seconds: at.event.settings(at.config.as_ref()).duration_seconds,
            counted_before,
            now: self.now(),
        }
    }

    /// Counts one click in the goal of its scope, which it opens when none is open, or refuses it.
    async fn judge(
        &self,
        uow: &mut dyn UnitOfWork,
        scene: Scene<'_>,
        scope: GoalScope,
        state: &mut ScopeState,
        click: ClickFacts<'_>,
        changes: &mut Changes,
    ) -> Served<Judged> {
        let channel = state.channels.get(&click.streamer_id);
        let goal = state.goal.as_ref();
        let here = scene.table.circumstances(scene.at, channel, goal, state.is_cooling_down);
        if let Err(reason) = admit_click(&here, &click) {
            return Ok(Judged::As(Disposition::Refused(reason)));
        }
        let goal = match state.goal.take() {
            Some(goal) => goal,
            None => {
                let streamer = click.streamer_id;
                match self.open_for_click(uow, scene, scope, streamer, changes).await? {
                    Opening::Opened(goal) => *goal,
                    Opening::NeedsAudience(unknown) => return Ok(Judged::NeedsAudience(unknown)),
                    Opening::Refused(reason) => {
                        return Ok(Judged::As(Disposition::Refused(reason)));
                    }
                }
            }
        };
        Ok(Judged::As(Disposition::Counted(self.count(state, goal, click)?)))
    }

    /// What counts against the viewers' limit, if there is one. Goals whose time is over are ended
    /// first: what they give back does not count any more.
    async fn counted_before(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        at: &EventAtTable,
        batch: &EventBatch<'_>,
        changes: &mut Changes,
    ) -> Served<Vec<(TwitchUserId, u32)>> {
        let is_limited = at.config.as_ref().is_some_and(|c| c.max_contributions_per_viewer > 0);
        let (true, Some(since)) = (is_limited, table.campaign.in_session_since()) else {
            return Ok(Vec::new());
        };
        let scopes: BTreeSet<_> = batch
            .clicks
            .iter()
            .map(|(_, _, reward)| GoalScope::of(at.event.scope, reward.streamer_id))
            .collect();
        for scope in scopes {
            self.lock_current(uow, table.campaign.id, &at.event, scope, changes).await?;
        }
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
        streamer: StreamerId,
        changes: &mut Changes,
    ) -> Served<Opening> {
        let trigger =
            TriggerData { opened_by: OpenedBy::Redemption, dice_roll: None, custom: Value::Null };
        self.open(uow, scene, scope, trigger, Some(streamer), changes).await
    }

    /// Counts an admitted click.
    fn count(
        &self,
        state: &mut ScopeState,
        goal: Instance,
        click: ClickFacts<'_>,
    ) -> Served<InstanceId> {
        let id = goal.id;
        let viewer_name = &click.redemption.viewer_name;
        let click = Click { streamer_id: click.streamer_id, viewer_name };
        let mut next = goal.contribute(click, self.now())?;
        state.goal = Some(next.instance.clone());
        if let Some(before) = state.transition.take() {
            next.effects.splice(0..0, before.effects);
            next.announcements = merged(before.announcements, next.announcements);
        }
        state.transition = Some(next);
        Ok(id)
    }

    /// Refuses every click of a batch.
    pub(super) fn refuse_all(
        &self,
        batch: &EventBatch<'_>,
        reason: RefusalReason,
        decisions: &mut Decisions,
    ) {
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
