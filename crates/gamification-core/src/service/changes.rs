//! What a transaction has to do and tell besides its own rows, collected while it decides.

use super::{Gamification, Served, ServiceError};
use crate::action::ActionContext;
use crate::announcement::Announcement;
use crate::event::Event;
use crate::ids::{CampaignId, ConnectionId, InstanceId};
use crate::instance::{Effect, FailureReason, GoalScope, Instance, Transition};
use crate::notice::Notice;
use crate::ports::{PendingExecution, StoreError, UnitOfWork, Wakeup};
use crate::vtt::{CommandStatus, PlannedCommand, VttCommand};
use std::collections::BTreeMap;

/// Facts to append and work to wake for, of one transaction.
#[derive(Default)]
pub(super) struct Changes {
    facts: BTreeMap<CampaignId, Vec<Announcement>>,
    begun: Vec<PendingExecution>,
    ended: Vec<InstanceId>,
    notices: Vec<(Notice, Instance)>,
    wakes_workers: bool,
}

impl Changes {
    /// Tells a fact; a run of progress of one goal is told as one.
    pub(super) fn tell(&mut self, campaign: CampaignId, mut fact: Announcement) {
        let facts = self.facts.entry(campaign).or_default();
        if facts.last().is_some_and(|older| fact.absorb(older)) {
            facts.pop();
        }
        facts.push(fact);
    }

    /// Tells a fact of a goal, in its chats too where it is worth a line.
    fn tell_of(&mut self, goal: &Instance, fact: Announcement) {
        if let Some(notice) = Notice::of(fact.kind, goal) {
            self.notices.push((notice, goal.clone()));
        }
        self.tell(goal.campaign_id, fact);
    }

    /// There is something due for the workers.
    pub(super) const fn wake_workers(&mut self) {
        self.wakes_workers = true;
    }

    fn note_state(&mut self, instance: &Instance) {
        self.wakes_workers = true;
        if !instance.is_open() {
            self.ended.push(instance.id);
        } else if let Some(completed_at) = instance.completed_at() {
            self.begun.push(PendingExecution {
                instance_id: instance.id,
                campaign_id: instance.campaign_id,
                event_id: instance.event_id,
                streamer_id: instance.scope.streamer(),
                action_type: instance.label.action_type.clone(),
                event_name: instance.label.name.en.clone(),
                completed_at,
            });
        }
    }
}

impl Gamification {
    /// Stores the goal that a transition made, and does what the transition asks for.
    pub(super) async fn save_transition(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        transition: Transition,
        changes: &mut Changes,
    ) -> Served<Instance> {
        uow.instances().update(&transition.instance).await?;
        self.perform(uow, event, transition, changes).await
    }

    /// Does what a transition asks for, without storing its goal first.
    pub(super) async fn perform(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        transition: Transition,
        changes: &mut Changes,
    ) -> Served<Instance> {
        let Transition { mut instance, mut effects, announcements } = transition;
        for fact in announcements {
            changes.tell_of(&instance, fact);
        }
        let now = self.now();
        while !effects.is_empty() {
            match effects.remove(0) {
                Effect::Execute => {
                    if let Some(failed) = self.plan(uow, event, &instance).await? {
                        uow.instances().update(&failed.instance).await?;
                        for fact in failed.announcements {
                            changes.tell_of(&failed.instance, fact);
                        }
                        instance = failed.instance;
                        effects.extend(failed.effects);
                    }
                }
                Effect::Settle(direction) => {
                    uow.redemptions().decide(instance.id, direction, now).await?;
                    uow.commands().close(instance.id, CommandStatus::Expired).await?;
                }
                Effect::ReleaseWaitingCooldowns => {
                    let (campaign, event) = (instance.campaign_id, instance.event_id);
                    let scope = Some(instance.scope);
                    let instances = uow.instances();
                    instances.release_waiting_cooldowns(campaign, event, scope).await?;
                }
            }
        }
        changes.note_state(&instance);
        Ok(instance)
    }

    /// Stores the commands of a completed goal; the failed goal when there can be none.
    async fn plan(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        instance: &Instance,
    ) -> Served<Option<Transition>> {
        let connection = uow.vtt().connection_of(instance.campaign_id).await?;
        let (campaign, streamer) = (instance.campaign_id, instance.scope.streamer());
        let needs = self.actions.needs(&event.action);
        let found = self.surroundings(uow, needs, campaign, streamer, connection.as_ref()).await?;
        let context = ActionContext {
            instance,
            surroundings: found.as_surroundings(),
            random: self.ports.random.as_ref(),
        };
        let planned = match (self.actions.plan(&event.action, context), connection) {
            (Err(error), _) => Err(error.to_string()),
            (Ok(_), None) => Err("no table is paired with the campaign".to_owned()),
            (Ok(_), Some(c)) if c.is_revoked() => Err("the table's pairing was revoked".to_owned()),
            (Ok(steps), Some(connection)) => Ok((steps, connection.id)),
        };
        let (steps, connection) = match planned {
            Ok(planned) => planned,
            Err(message) => {
                let reason = FailureReason::Unplannable;
                return Ok(Some(instance.clone().fail(reason, message, self.now())?));
            }
        };
        let commands: Vec<_> = (0..)
            .zip(steps)
            .map(|(step, command)| self.new_command(instance, connection, step, command))
            .collect();
        uow.commands().insert(&commands).await?;
        Ok(None)
    }

    fn new_command(
        &self,
        instance: &Instance,
        connection: ConnectionId,
        step: u32,
        command: PlannedCommand,
    ) -> VttCommand {
        let deadline = instance.deadline().unwrap_or_else(|| self.now());
        let campaign = instance.campaign_id;
        VttCommand {
            instance_id: Some(instance.id),
            step,
            ..VttCommand::new(self.next_id(), campaign, connection, command, deadline)
        }
    }

    /// Ends the goal of a scope if its time is over; the goal if it is still open.
    pub(super) async fn still_open(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        goal: Option<Instance>,
        changes: &mut Changes,
    ) -> Served<Option<Instance>> {
        match goal {
            Some(goal) if goal.deadline().is_some_and(|deadline| deadline <= self.now()) => {
                let ended = self.end_overdue(uow, event, goal, changes).await?;
                Ok(ended.is_open().then_some(ended))
            }
            goal => Ok(goal),
        }
    }

    /// The open goal of a scope, locked; one whose time is over is ended first.
    pub(super) async fn lock_current(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        event: &Event,
        scope: GoalScope,
        changes: &mut Changes,
    ) -> Served<Option<Instance>> {
        let goal = uow.instances().lock_open(campaign, event.id, scope).await?;
        self.still_open(uow, event, goal, changes).await
    }

    /// Queues the notices, appends the facts, commits, and only then tells the caches and the
    /// subscribers.
    pub(super) async fn finish(
        &self,
        mut uow: Box<dyn UnitOfWork>,
        changes: Changes,
    ) -> Result<(), StoreError> {
        self.push_notices(uow.as_mut(), &changes.notices).await?;
        for (campaign, facts) in &changes.facts {
            uow.log().append(*campaign, facts, self.now()).await?;
        }
        uow.commit().await?;
        for pending in &changes.begun {
            self.remember_pending(pending).await;
        }
        for instance in changes.ended {
            self.forget_pending(instance).await;
        }
        for campaign in changes.facts.into_keys() {
            self.ports.broadcaster.wake(Wakeup::Campaign(campaign));
        }
        if changes.wakes_workers {
            self.ports.broadcaster.wake(Wakeup::Work);
        }
        Ok(())
    }

    /// The event of a goal, which outlives neither its configs nor its goals.
    pub(super) async fn event_of(
        &self,
        uow: &mut dyn UnitOfWork,
        instance: &Instance,
    ) -> Served<Event> {
        let event = uow.catalogue().get(instance.event_id).await?;
        event.ok_or_else(|| ServiceError::Store(StoreError::Missing("event of a goal".into())))
    }
}
