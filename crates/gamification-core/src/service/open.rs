//! Opening goals: by the GM, by a trigger; and the part that all openings share.

use super::changes::Changes;
use super::context::{Attempt, Audiences, Scene, participants};
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::admission::admit_opening;
use crate::event::{Event, Scope};
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::instance::{GoalScope, Instance, NewGoal, OpenedBy, TriggerData};
use crate::ports::{Lock, StoreError, UnitOfWork};
use crate::redemption::RefusalReason;
use crate::trigger::{Evaluation, TriggerInput};
use serde_json::{Value, json};
use std::sync::Arc;

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
        let wish = Wish { campaign, event, streamer };
        self.knowing_audiences(|known| Box::pin(self.try_start(actor, wish, &data, known))).await
    }

    async fn try_start(
        &self,
        actor: &Actor,
        wish: Wish,
        data: &Value,
        audiences: Arc<Audiences>,
    ) -> Served<Attempt<Instance>> {
        let uow = self.ports.store.begin().await?;
        let trigger =
            TriggerData { opened_by: OpenedBy::Manual, dice_roll: None, custom: data.clone() };
        self.open_wished(uow, actor, "goal.started", wish, trigger, audiences).await
    }

    /// Opens a goal that somebody asked for, in a transaction of its own.
    async fn open_wished(
        &self,
        mut uow: Box<dyn UnitOfWork>,
        actor: &Actor,
        action: &str,
        wish: Wish,
        trigger: TriggerData,
        audiences: Arc<Audiences>,
    ) -> Served<Attempt<Instance>> {
        let table = self.table(uow.as_mut(), wish.campaign, Lock::Shared).await?;
        let table = &table.ok_or(ServiceError::NotFound("campaign"))?;
        let at = self.event_at_table(uow.as_mut(), wish.campaign, wish.event, Lock::Shared).await?;
        let at = &at.ok_or(ServiceError::NotFound("event"))?;
        let scope = scope_for(at.event.scope, wish.streamer)
            .ok_or_else(|| ServiceError::invalid("streamerId", "this event is individual"))?;
        let mut changes = Changes::default();
        let scene = Scene { table, at, audiences: &audiences };
        match self.open_unless_refused(uow.as_mut(), scene, scope, trigger, &mut changes).await? {
            Opening::Refused(reason) => Err(ServiceError::Refused(reason)),
            Opening::NeedsAudience(streamers) => Ok(Attempt::NeedsAudience(streamers)),
            Opening::Opened(instance) => {
                let details = json!({ "instanceId": instance.id, "eventId": wish.event });
                let campaign = Some(wish.campaign);
                self.note_down(uow.as_mut(), campaign, actor, action, details).await?;
                self.finish(uow, changes).await?;
                Ok(Attempt::Done(*instance))
            }
        }
    }

    /// Feeds data to every enabled event with that kind of trigger; the goals that opened. Each
    /// event decides on its own: what one refuses does not hold up the others.
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
        let feed = Feed { actor, campaign, streamer, data: &data };
        let (mut opened, mut silent) = (Vec::new(), Vec::new());
        for event in self.events_with_trigger(campaign, kind).await? {
            match self.feed_event(feed, &event).await {
                Ok(goal) => opened.push(goal),
                Err(ServiceError::Refused(reason)) => {
                    silent.push(format!("{}: {reason:?}", event.slug));
                }
                Err(ServiceError::Conflict(Conflict::Silent(reason))) => {
                    silent.push(format!("{}: {reason}", event.slug));
                }
                Err(error) => return Err(error),
            }
        }
        if !opened.is_empty() {
            return Ok(opened);
        }
        if silent.is_empty() {
            silent.push(format!("no enabled event has the trigger {kind}"));
        }
        Err(Conflict::Silent(silent.join("; ")).into())
    }

    async fn events_with_trigger(&self, campaign: CampaignId, kind: &str) -> Served<Vec<Event>> {
        let mut events = Vec::new();
        for config in self.ports.queries.campaign_configs(campaign).await? {
            if config.is_enabled {
                events.extend(self.ports.queries.event(config.event_id).await?);
            }
        }
        events.retain(|event| event.trigger.kind == kind);
        Ok(events)
    }

    async fn feed_event(&self, feed: Feed<'_>, event: &Event) -> Served<Instance> {
        self.knowing_audiences(|known| Box::pin(self.try_feed(feed, event, known))).await
    }

    async fn try_feed(
        &self,
        feed: Feed<'_>,
        event: &Event,
        audiences: Arc<Audiences>,
    ) -> Served<Attempt<Instance>> {
        let input = TriggerInput::Data(feed.data);
        let (custom, once_key) = match self.triggers.evaluate(&event.trigger, input) {
            Evaluation::Silent { reason } => return Err(Conflict::Silent(reason).into()),
            Evaluation::Fires { data, once_key } => (data, once_key),
        };
        let mut uow = self.ports.store.begin().await?;
        if let Some(key) = once_key {
            let instances = uow.instances();
            if !instances.claim_trigger(feed.campaign, event.id, &key, self.now()).await? {
                return Err(Conflict::Silent(format!("it fired already for {key}")).into());
            }
        }
        let trigger = TriggerData { opened_by: OpenedBy::Trigger, dice_roll: None, custom };
        let wish = Wish { campaign: feed.campaign, event: event.id, streamer: feed.streamer };
        self.open_wished(uow, feed.actor, "trigger.fed", wish, trigger, audiences).await
    }

    /// Opens a goal that nobody clicked for, unless something stands against it.
    pub(super) async fn open_unless_refused(
        &self,
        uow: &mut dyn UnitOfWork,
        scene: Scene<'_>,
        scope: GoalScope,
        trigger: TriggerData,
        changes: &mut Changes,
    ) -> Served<Opening> {
        let Scene { table, at, .. } = scene;
        let campaign = table.campaign.id;
        let now = self.now();
        let candidates = self.candidates(uow, campaign, &at.event, scope, now).await?;
        let channel = match candidates.first() {
            Some(first) => Some(self.channel(uow, table, at, *first).await?),
            None => None,
        };
        let goal = self.lock_current(uow, campaign, &at.event, scope, changes).await?;
        let cooldown = uow.instances().cooldown(campaign, at.event.id, scope, now).await?;
        let circumstances =
            table.circumstances(at, channel.as_ref(), goal.as_ref(), cooldown.is_some());
        if let Err(reason) = admit_opening(&circumstances, now) {
            return Ok(Opening::Refused(reason));
        }
        self.open(uow, scene, scope, trigger, None, changes).await
    }

    /// Opens a goal in a scope that was found free, and stores it. Where a click opens it, the
    /// clicked channel has to take part: one that is offline while others of a group are live does
    /// not.
    pub(super) async fn open(
        &self,
        uow: &mut dyn UnitOfWork,
        scene: Scene<'_>,
        scope: GoalScope,
        trigger: TriggerData,
        clicked: Option<StreamerId>,
        changes: &mut Changes,
    ) -> Served<Opening> {
        let Scene { table, at, audiences } = scene;
        let campaign_id = table.campaign.id;
        let now = self.now();
        let candidates = self.candidates(uow, campaign_id, &at.event, scope, now).await?;
        let participants = match participants(&candidates, at.event.scope, audiences) {
            Ok(participants) => participants,
            Err(unknown) => return Ok(Opening::NeedsAudience(unknown)),
        };
        if clicked.is_some_and(|id| participants.iter().all(|p| p.streamer_id != id)) {
            return Ok(Opening::Refused(RefusalReason::NotParticipating));
        }
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
                veto_seconds: table.campaign.policies.veto_seconds,
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

/// A goal that somebody asks for.
#[derive(Clone, Copy)]
struct Wish {
    campaign: CampaignId,
    event: EventId,
    streamer: Option<StreamerId>,
}

/// Data that somebody feeds to the triggers of a campaign.
#[derive(Clone, Copy)]
struct Feed<'a> {
    actor: &'a Actor,
    campaign: CampaignId,
    streamer: Option<StreamerId>,
    data: &'a Value,
}

/// The scope in which an event opens; `None` when it is individual and nobody was named.
fn scope_for(scope: Scope, streamer: Option<StreamerId>) -> Option<GoalScope> {
    match (scope, streamer) {
        (Scope::Group, _) => Some(GoalScope::Group),
        (Scope::Individual, streamer) => streamer.map(GoalScope::Streamer),
    }
}
