//! Opening goals: by the GM, by a trigger; and the part that all openings share.

use super::changes::Changes;
use super::context::{Attempt, Audiences, EventAtTable, Table, participants};
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::admission::admit_opening;
use crate::event::Scope;
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::instance::{GoalScope, Instance, NewGoal, OpenedBy, TriggerData};
use crate::ports::{Lock, StoreError, UnitOfWork};
use crate::redemption::RefusalReason;
use crate::trigger::{Evaluation, TriggerInput};
use serde_json::{Value, json};

/// Whether a goal was opened.
pub(super) enum Opening {
    /// It is open and stored.
    Opened(Box<Instance>),
    /// It may not open.
    Refused(RefusalReason),
    /// Audiences have to be known first.
    NeedsAudience(Vec<StreamerId>),
}

impl Gamification {
    /// Starts a goal by hand.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for the same reasons for which a click would not count;
    /// [`ServiceError::Invalid`] when an individual event names no streamer.
    pub async fn start_goal(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        event: EventId,
        streamer: Option<StreamerId>,
        data: Value,
    ) -> Served<Instance> {
        let mut audiences = Audiences::new();
        loop {
            let attempt = self
                .retrying(|| {
                    Box::pin(self.try_start(actor, campaign, event, streamer, &data, &audiences))
                })
                .await?;
            match attempt {
                Attempt::Done(instance) => return Ok(instance),
                Attempt::NeedsAudience(streamers) => {
                    self.look_up_audiences(&streamers, &mut audiences).await?;
                }
            }
        }
    }

    async fn try_start(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        event: EventId,
        streamer: Option<StreamerId>,
        data: &Value,
        audiences: &Audiences,
    ) -> Served<Attempt<Instance>> {
        let mut uow = self.ports.store.begin().await?;
        let table = self.table(uow.as_mut(), campaign, Lock::Shared).await?;
        let table = table.ok_or(ServiceError::NotFound("campaign"))?;
        let at = self.event_at_table(uow.as_mut(), campaign, event, Lock::Shared).await?;
        let at = at.ok_or(ServiceError::NotFound("event"))?;
        let scope = scope_for(at.event.scope, streamer)
            .ok_or_else(|| ServiceError::invalid("streamerId", "this event is individual"))?;
        let mut changes = Changes::default();
        let trigger =
            TriggerData { opened_by: OpenedBy::Manual, dice_roll: None, custom: data.clone() };
        let opening = self
            .open_unless_refused(uow.as_mut(), &table, &at, scope, trigger, audiences, &mut changes)
            .await?;
        match opening {
            Opening::Refused(reason) => Err(ServiceError::Refused(reason)),
            Opening::NeedsAudience(streamers) => Ok(Attempt::NeedsAudience(streamers)),
            Opening::Opened(instance) => {
                let details = json!({ "instanceId": instance.id, "eventId": event });
                let action = "goal.started";
                self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
                self.finish(uow, changes).await?;
                Ok(Attempt::Done(*instance))
            }
        }
    }

    /// Feeds data to every enabled event with that kind of trigger; the goals that opened.
    ///
    /// # Errors
    /// [`Conflict::Silent`] with the reasons when none opened.
    pub async fn feed_trigger(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        kind: &str,
        streamer: Option<StreamerId>,
        data: Value,
    ) -> Served<Vec<Instance>> {
        self.triggers.get(kind).map_err(|_| ServiceError::NotFound("trigger"))?;
        let mut audiences = Audiences::new();
        loop {
            let attempt = self
                .retrying(|| {
                    Box::pin(self.try_feed(actor, campaign, kind, streamer, &data, &audiences))
                })
                .await?;
            match attempt {
                Attempt::Done(instances) => return Ok(instances),
                Attempt::NeedsAudience(streamers) => {
                    self.look_up_audiences(&streamers, &mut audiences).await?;
                }
            }
        }
    }

    async fn try_feed(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        kind: &str,
        streamer: Option<StreamerId>,
        data: &Value,
        audiences: &Audiences,
    ) -> Served<Attempt<Vec<Instance>>> {
        let mut uow = self.ports.store.begin().await?;
        let table = self.table(uow.as_mut(), campaign, Lock::Shared).await?;
        let table = table.ok_or(ServiceError::NotFound("campaign"))?;
        let configs = uow.configs().campaign_configs(campaign, Lock::Shared).await?;
        let (mut opened, mut silent, mut changes) = (Vec::new(), Vec::new(), Changes::default());
        for config in configs {
            if !config.is_enabled {
                continue;
            }
            let at = self.event_at_table(uow.as_mut(), campaign, config.event_id, Lock::None);
            let Some(at) = at.await?.filter(|at| at.event.trigger.kind == kind) else {
                continue;
            };
            let outcome = self
                .feed_event(uow.as_mut(), &table, &at, streamer, data, audiences, &mut changes)
                .await?;
            match outcome {
                Ok(Opening::Opened(instance)) => opened.push(*instance),
                Ok(Opening::NeedsAudience(who)) => return Ok(Attempt::NeedsAudience(who)),
                Ok(Opening::Refused(reason)) => {
                    silent.push(format!("{}: {reason:?}", at.event.slug));
                }
                Err(reason) => silent.push(format!("{}: {reason}", at.event.slug)),
            }
        }
        if opened.is_empty() {
            let reasons = if silent.is_empty() {
                format!("no enabled event has the trigger {kind}")
            } else {
                silent.join("; ")
            };
            return Err(Conflict::Silent(reasons).into());
        }
        let ids: Vec<_> = opened.iter().map(|goal: &Instance| goal.id).collect();
        let details = json!({ "type": kind, "instanceIds": ids });
        self.note_down(uow.as_mut(), Some(campaign), actor, "trigger.fed", details).await?;
        self.finish(uow, changes).await?;
        Ok(Attempt::Done(opened))
    }

    #[expect(clippy::too_many_arguments, reason = "one step of try_feed, split for its length")]
    async fn feed_event(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        at: &EventAtTable,
        streamer: Option<StreamerId>,
        data: &Value,
        audiences: &Audiences,
        changes: &mut Changes,
    ) -> Served<Result<Opening, String>> {
        let input = TriggerInput::Data(data);
        let (custom, once_key) = match self.triggers.evaluate(&at.event.trigger, input) {
            Evaluation::Silent { reason } => return Ok(Err(reason)),
            Evaluation::Fires { data, once_key } => (data, once_key),
        };
        let Some(scope) = scope_for(at.event.scope, streamer) else {
            return Ok(Err("this event is individual: name a streamerId".to_owned()));
        };
        let trigger = TriggerData { opened_by: OpenedBy::Trigger, dice_roll: None, custom };
        let opening =
            self.open_unless_refused(uow, table, at, scope, trigger, audiences, changes).await?;
        if let (Opening::Opened(_), Some(key)) = (&opening, once_key) {
            let (campaign, event, now) = (table.campaign.id, at.event.id, self.now());
            if !uow.instances().claim_trigger(campaign, event, &key, now).await? {
                return Err(Conflict::Silent(format!("it fired already for {key}")).into());
            }
        }
        Ok(Ok(opening))
    }

    /// Opens a goal that nobody clicked for, unless something stands against it.
    #[expect(clippy::too_many_arguments, reason = "the whole situation of a goal, borrowed")]
    pub(super) async fn open_unless_refused(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        at: &EventAtTable,
        scope: GoalScope,
        trigger: TriggerData,
        audiences: &Audiences,
        changes: &mut Changes,
    ) -> Served<Opening> {
        let campaign = table.campaign.id;
        let now = self.now();
        let candidates = self.candidates(uow, campaign, &at.event, scope, now).await?;
        let channel = match candidates.first() {
            Some(first) => Some(self.channel(uow, campaign, at.event.id, *first).await?),
            None => None,
        };
        let goal = self.lock_current(uow, campaign, &at.event, scope, changes).await?;
        let cooldown = uow.instances().cooldown(campaign, at.event.id, scope, now).await?;
        let circumstances =
            table.circumstances(at, channel.as_ref(), goal.as_ref(), cooldown.is_some());
        if let Err(reason) = admit_opening(&circumstances, now) {
            return Ok(Opening::Refused(reason));
        }
        self.open(uow, table, at, scope, trigger, audiences, changes).await
    }

    /// Opens a goal in a scope that was found free, and stores it.
    #[expect(clippy::too_many_arguments, reason = "the whole situation of a goal, borrowed")]
    pub(super) async fn open(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        at: &EventAtTable,
        scope: GoalScope,
        trigger: TriggerData,
        audiences: &Audiences,
        changes: &mut Changes,
    ) -> Served<Opening> {
        let campaign_id = table.campaign.id;
        let now = self.now();
        let candidates = self.candidates(uow, campaign_id, &at.event, scope, now).await?;
        let participants = match participants(&candidates, at.event.scope, audiences) {
            Ok(participants) => participants,
            Err(unknown) => return Ok(Opening::NeedsAudience(unknown)),
        };
        let Some(config) = &at.config else {
            return Ok(Opening::Refused(RefusalReason::EventDisabled));
        };
        let transition = Instance::open(
            NewGoal {
                id: self.next_id(),
                campaign_id,
                scope,
                event: &at.event,
                config,
                trigger,
                participants,
                action_needs_roll: at.needs.dice_roll,
            },
            now,
        );
        if !uow.instances().insert(&transition.instance).await? {
            let lost = "another goal opened at the same moment".to_owned();
            return Err(StoreError::Contention(lost).into());
        }
        let instance = self.perform(uow, &at.event, transition, changes).await?;
        Ok(Opening::Opened(Box::new(instance)))
    }
}

/// The scope in which an event opens; `None` when it is individual and nobody was named.
fn scope_for(scope: Scope, streamer: Option<StreamerId>) -> Option<GoalScope> {
    match (scope, streamer) {
        (Scope::Group, _) => Some(GoalScope::Group),
        (Scope::Individual, streamer) => streamer.map(GoalScope::Streamer),
    }
}
