//! The execution tracker: commands are stored, handed over, confirmed; the goal ends when every
//! required step has happened, or cannot happen any more.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::event::Event;
use crate::ids::{ConnectionId, InstanceId};
use crate::instance::{FailureReason, Instance, InstanceState};
use crate::ports::UnitOfWork;
use crate::vtt::{CommandStatus, VttCommand};
use serde_json::Value;

impl Gamification {
    /// Ends the execution of a goal if its steps allow it.
    pub(super) async fn evaluate_execution(
        &self,
        uow: &mut dyn UnitOfWork,
        goal: Instance,
        changes: &mut Changes,
    ) -> Served<Instance> {
        if !matches!(goal.state, InstanceState::Executing { .. }) {
            return Ok(goal);
        }
        let steps = uow.commands().of_instance(goal.id).await?;
        let event = self.event_of(uow, &goal).await?;
        if let Some(message) = failure_of(&steps) {
            let failed = goal.fail(FailureReason::Table, message, self.now())?;
            return self.save_transition(uow, &event, failed, changes).await;
        }
        if !has_happened(&steps) || steps.iter().any(|step| step.status.is_open()) {
            return Ok(goal);
        }
        self.execute_with(uow, &event, goal, &steps, changes).await
    }

    async fn execute_with(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        goal: Instance,
        steps: &[VttCommand],
        changes: &mut Changes,
    ) -> Served<Instance> {
        let mut report = match self.actions.get(&event.action.kind) {
            Ok(handler) => handler.report(&event.action.config, &goal, steps),
            Err(_) => crate::instance::ExecutionReport::default(),
        };
        let missed = steps.iter().filter(|s| !is_required(s) && !s.status.has_happened());
        for step in missed {
            let failure = format!("{}: {}", step.command.kind.wire_name(), error_of(step));
            if !report.partial_failures.contains(&failure) {
                report.partial_failures.push(failure);
            }
        }
        let executed = goal.executed(report, self.now())?;
        self.save_transition(uow, event, executed, changes).await
    }

    /// Ends a goal whose time is over. An execution whose required steps have all happened is
    /// executed even when a lesser step was never confirmed.
    pub(super) async fn end_overdue(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        goal: Instance,
        changes: &mut Changes,
    ) -> Served<Instance> {
        if matches!(goal.state, InstanceState::Executing { .. }) {
            uow.commands().close(goal.id, CommandStatus::Expired).await?;
            let steps = uow.commands().of_instance(goal.id).await?;
            if has_happened(&steps) {
                return self.execute_with(uow, event, goal, &steps, changes).await;
            }
        }
        let ended = goal.expire(self.now())?;
        self.save_transition(uow, event, ended, changes).await
    }

    /// Takes the confirmation of a whole execution, for clients that confirm over HTTP.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] unless the goal of that world's campaign is being executed.
    pub async fn confirm_execution(
        &self,
        connection: ConnectionId,
        instance: InstanceId,
        success: bool,
        message: Option<String>,
    ) -> Served<Instance> {
        let not_pending = ServiceError::NotFound("pending execution");
        let pending = self.pending_execution(instance).await?;
        let pending = pending.ok_or_else(|| not_pending.clone())?;
        let world = self.ports.queries.connection_of(pending.campaign_id).await?;
        if world.is_none_or(|world| world.id != connection || world.is_revoked()) {
            return Err(not_pending);
        }
        self.retrying(|| Box::pin(self.try_confirm(instance, success, message.clone()))).await
    }

    async fn try_confirm(
        &self,
        instance: InstanceId,
        success: bool,
        message: Option<String>,
    ) -> Served<Instance> {
        let mut uow = self.ports.store.begin().await?;
        let goal = uow.instances().lock(instance).await?;
        let goal = goal.filter(|goal| matches!(goal.state, InstanceState::Executing { .. }));
        let goal = goal.ok_or(ServiceError::NotFound("pending execution"))?;
        let event = self.event_of(uow.as_mut(), &goal).await?;
        let mut changes = Changes::default();
        let ended = if success {
            uow.commands().close(goal.id, CommandStatus::Confirmed).await?;
            let steps = uow.commands().of_instance(goal.id).await?;
            self.execute_with(uow.as_mut(), &event, goal, &steps, &mut changes).await?
        } else {
            let message = message.unwrap_or_else(|| "the table reported a failure".to_owned());
            let failed = goal.fail(FailureReason::Table, message, self.now())?;
            self.save_transition(uow.as_mut(), &event, failed, &mut changes).await?
        };
        self.finish(uow, changes).await?;
        Ok(ended)
    }
}

const fn is_required(step: &VttCommand) -> bool {
    step.command.is_required
}

/// Whether there are required steps and all of them have happened.
fn has_happened(steps: &[VttCommand]) -> bool {
    let mut required = steps.iter().filter(|step| is_required(step)).peekable();
    required.peek().is_some() && required.all(|step| step.status.has_happened())
}

/// What the table said against a required step, if it did.
fn failure_of(steps: &[VttCommand]) -> Option<String> {
    let mut failed = steps.iter().filter(|step| step.status == CommandStatus::Failed);
    failed.find(|step| is_required(step)).map(error_of)
}

fn error_of(step: &VttCommand) -> String {
    let told = step.result.as_ref().and_then(|result| result.get("error")).and_then(Value::as_str);
    told.unwrap_or("not confirmed").to_owned()
}
