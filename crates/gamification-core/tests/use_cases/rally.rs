//! A world whose individual event is only possible in combat.

use crate::support::change_event;
use gamification_core::action::{ActionContext, ActionHandler, ActionRegistry, Needs, PlanError};
use gamification_core::event::HandlerConfig;
use gamification_core::instance::{ExecutionReport, Instance};
use gamification_core::service::Gamification;
use gamification_core::trigger::TriggerRegistry;
use gamification_core::validation::FieldError;
use gamification_core::vtt::{PlannedCommand, VttCommand};
use gamification_testkit::{World, fixtures};
use std::sync::Arc;

/// An action that is only possible in combat.
#[derive(Debug)]
struct Rally;

impl ActionHandler for Rally {
    fn kind(&self) -> &'static str {
        "rally"
    }

    fn needs(&self) -> Needs {
        Needs { combat: true, ..Needs::default() }
    }

    fn validate_config(&self, _: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        Ok(())
    }

    fn plan(
        &self,
        _: &HandlerConfig,
        _: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        Err(PlanError("nobody rallies".to_owned()))
    }

    fn report(&self, _: &HandlerConfig, _: &Instance, _: &[VttCommand]) -> ExecutionReport {
        ExecutionReport::default()
    }
}

/// The usual world, but its individual event needs a combat.
pub(crate) async fn rallying_world() -> World {
    let mut world = World::new().await;
    let mut actions = ActionRegistry::with_builtin();
    actions.register(Arc::new(Rally)).unwrap();
    let ports = world.game.ports().clone();
    world.game = Arc::new(Gamification::new(ports, TriggerRegistry::with_builtin(), actions));
    change_event(&world, &world.invert, |event| event.action.kind = "rally".to_owned()).await;
    world
}

/// The table fights the first turn of its combat.
pub(crate) async fn fight(world: &World) {
    let combat = fixtures::combat(1);
    let report = fixtures::combat_sync(1, 1, 0, &combat.combatants);
    world.game.combat_reported(world.connection.id, &report).await.unwrap();
}
