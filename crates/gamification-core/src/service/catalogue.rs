//! The catalogue of events: made, changed, removed. Built-in events are read-only.

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::event::{Completion, Event, EventDraft, HandlerSpec, LocalizedText, ValidEvent};
use crate::ids::{EventId, UserId};
use crate::ports::{StoreError, UnitOfWork};
use serde_json::json;

/// What is to change of an event; what is `None` stays. Numbers are as they were written.
///
/// The scope is not among it: other events may wait for goals of this one in the same scope.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventChanges {
    /// Unique readable key.
    pub slug: Option<String>,
    /// Also the title of its rewards.
    pub name: Option<LocalizedText>,
    /// Also the prompt of its rewards.
    pub description: Option<LocalizedText>,
    /// What opens or feeds a goal besides the viewers.
    pub trigger: Option<HandlerSpec>,
    /// What happens at the table; may not change while the event is in use.
    pub action: Option<HandlerSpec>,
    /// Whether it waits for a roll.
    pub completion: Option<Completion>,
    /// Channel Points per click.
    pub cost: Option<i64>,
    /// Share of the audience that has to click.
    pub objective_coefficient: Option<f64>,
    /// Clicks that are needed however small the audience is.
    pub minimum_objective: Option<i64>,
    /// How long a goal stays active, in seconds.
    pub duration_seconds: Option<i64>,
    /// How long an armed goal waits, in seconds.
    pub armed_ttl_seconds: Option<i64>,
    /// The pause after a completed goal.
    pub cooldown: Option<HandlerSpec>,
    /// Whether an active goal's objective follows the audience.
    pub recalculate_objective: Option<bool>,
    /// The background of its rewards.
    pub reward_colour: Option<String>,
}

impl EventChanges {
    fn applied_to(self, mut draft: EventDraft) -> EventDraft {
        fn replace<T>(field: &mut T, wish: Option<T>) {
            if let Some(wish) = wish {
                *field = wish;
            }
        }
        replace(&mut draft.slug, self.slug);
        replace(&mut draft.name, self.name);
        replace(&mut draft.description, self.description);
        replace(&mut draft.trigger, self.trigger);
        replace(&mut draft.action, self.action);
        replace(&mut draft.completion, self.completion);
        replace(&mut draft.cost, self.cost);
        replace(&mut draft.objective_coefficient, self.objective_coefficient);
        replace(&mut draft.minimum_objective, self.minimum_objective);
        replace(&mut draft.duration_seconds, self.duration_seconds);
        replace(&mut draft.recalculate_objective, self.recalculate_objective);
        draft.armed_ttl_seconds = self.armed_ttl_seconds.or(draft.armed_ttl_seconds);
        draft.cooldown = self.cooldown.or(draft.cooldown);
        draft.reward_colour = self.reward_colour.or(draft.reward_colour);
        draft
    }
}

impl Gamification {
    /// Adds an event to the catalogue.
    ///
    /// # Errors
    /// All fields that are wrong; [`Conflict::SlugTaken`].
    pub async fn create_event(
        &self,
        actor: &Actor,
        author: UserId,
        draft: EventDraft,
    ) -> Served<Event> {
        self.retrying(|| Box::pin(self.try_create_event(actor, author, &draft))).await
    }

    async fn try_create_event(
        &self,
        actor: &Actor,
        author: UserId,
        draft: &EventDraft,
    ) -> Served<Event> {
        let valid = self.valid(draft.clone())?;
        let mut uow = self.ports.store.begin().await?;
        self.person(uow.as_mut(), author).await?;
        let waits_for = valid.waits_for();
        let event = valid.into_event(self.next_id(), Some(author));
        self.check_waited_for(uow.as_mut(), &event, waits_for).await?;
        self.check_slug(uow.as_mut(), &event).await?;
        match uow.catalogue().insert(&event).await {
            Err(StoreError::AlreadyExists(_)) => return Err(Conflict::SlugTaken.into()),
            inserted => inserted?,
        }
        let details = json!({ "eventId": event.id, "slug": event.slug });
        self.note_down(uow.as_mut(), None, actor, "event.created", details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(event)
    }

    /// Changes an event. Goals that are running keep the rules that they opened with.
    ///
    /// # Errors
    /// All fields that are wrong; [`Conflict::EventIsBuiltIn`]; [`Conflict::SlugTaken`];
    /// [`Conflict::EventInUse`] for another action: viewers may have paid for this one.
    pub async fn change_event(
        &self,
        actor: &Actor,
        id: EventId,
        wish: EventChanges,
    ) -> Served<Event> {
        self.retrying(|| Box::pin(self.try_change_event(actor, id, &wish))).await
    }

    async fn try_change_event(
        &self,
        actor: &Actor,
        id: EventId,
        wish: &EventChanges,
    ) -> Served<Event> {
        let mut uow = self.ports.store.begin().await?;
        let before = self.editable_event(uow.as_mut(), id).await?;
        let valid = self.valid(wish.clone().applied_to(before.clone().into()))?;
        let waits_for = valid.waits_for();
        let event = valid.into_event(id, before.created_by);
        self.check_waited_for(uow.as_mut(), &event, waits_for).await?;
        self.check_slug(uow.as_mut(), &event).await?;
        if event.action != before.action && uow.catalogue().is_in_use(id).await? {
            return Err(Conflict::EventInUse.into());
        }
        uow.catalogue().update(&event).await?;
        let details = json!({ "eventId": id, "slug": event.slug });
        self.note_down(uow.as_mut(), None, actor, "event.changed", details).await?;
        let mut changes = Changes::default();
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(event)
    }

    /// Removes an event from the catalogue. Cooldowns that wait for a goal of it end.
    ///
    /// # Errors
    /// [`Conflict::EventIsBuiltIn`]; [`Conflict::EventInUse`].
    pub async fn delete_event(&self, actor: &Actor, id: EventId) -> Served<()> {
        let campaigns = self.ports.queries.all_campaigns().await?;
        self.retrying(|| {
            Box::pin(async {
                let mut uow = self.ports.store.begin().await?;
                let event = self.editable_event(uow.as_mut(), id).await?;
                if uow.catalogue().is_in_use(id).await? {
                    return Err(Conflict::EventInUse.into());
                }
                for campaign in &campaigns {
                    uow.instances().release_waiting_cooldowns(*campaign, id, None).await?;
                }
                uow.catalogue().delete(id).await?;
                let details = json!({ "eventId": id, "slug": event.slug });
                self.note_down(uow.as_mut(), None, actor, "event.deleted", details).await?;
                let mut changes = Changes::default();
                changes.wake_workers();
                Ok(self.finish(uow, changes).await?)
            })
        })
        .await
    }

    fn valid(&self, draft: EventDraft) -> Served<ValidEvent> {
        draft.validate(&self.triggers, &self.actions).map_err(ServiceError::Invalid)
    }

    async fn editable_event(&self, uow: &mut dyn UnitOfWork, id: EventId) -> Served<Event> {
        let event = uow.catalogue().get(id).await?.ok_or(ServiceError::NotFound("event"))?;
        if event.is_system {
            return Err(Conflict::EventIsBuiltIn.into());
        }
        Ok(event)
    }

    async fn check_slug(&self, uow: &mut dyn UnitOfWork, event: &Event) -> Served<()> {
        let namesake = uow.catalogue().by_slug(&event.slug).await?;
        if namesake.is_some_and(|namesake| namesake.id != event.id) {
            return Err(Conflict::SlugTaken.into());
        }
        Ok(())
    }

    async fn check_waited_for(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        waits_for: Option<EventId>,
    ) -> Served<()> {
        let Some(other) = waits_for else {
            return Ok(());
        };
        let reason = match uow.catalogue().get(other).await? {
            None => "is not the id of an event",
            Some(other) if other.id == event.id => "must be another event",
            Some(other) if other.scope != event.scope => "must be an event of the same scope",
            Some(_) => return Ok(()),
        };
        Err(ServiceError::invalid("cooldown.config.waitForEventId", reason))
    }
}
