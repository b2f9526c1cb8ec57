//! Combats that begin, go on and end, and goals that need one.

use crate::evening::Evening;
use gamification_core::action::{
    ActionContext, ActionHandler, ActionRegistry, DiceInvert, Needs, PlanError,
};
use gamification_core::event::HandlerConfig;
use gamification_core::instance::{ExecutionReport, Instance};
use gamification_core::ports::Queries;
use gamification_core::service::Gamification;
use gamification_core::trigger::TriggerRegistry;
use gamification_core::validation::FieldError;
use gamification_core::vtt::{CombatNews, CombatReport, PlannedCommand, VttCommand};
use gamification_testkit::{World, fixtures};
use std::sync::Arc;

/// An inversion that only happens in combat.
struct Feud;

impl ActionHandler for Feud {
    fn kind(&self) -> &'static str {
        "feud"
    }

    fn needs(&self) -> Needs {
        Needs { combat: true, ..DiceInvert.needs() }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        DiceInvert.validate_config(config)
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        DiceInvert.plan(config, context)
    }

    fn report(
        &self,
        config: &HandlerConfig,
        instance: &Instance,
        steps: &[VttCommand],
    ) -> ExecutionReport {
        DiceInvert.report(config, instance, steps)
    }
}

/// The service with an action that needs combat.
pub(crate) fn with_feuds(world: &World) -> Arc<Gamification> {
    let mut actions = ActionRegistry::with_builtin();
    actions.register(Arc::new(Feud)).unwrap();
    let ports = world.game.ports().clone();
    Arc::new(Gamification::new(ports, TriggerRegistry::with_builtin(), actions))
}

impl Evening {
    /// The table tells of a combat: one of two, in any order, some of it twice.
    pub(crate) async fn fight(&mut self) {
        let n = if self.dice.chance(90) { 1 } else { 2 };
        let round = u32::try_from(self.dice.below(8)).unwrap();
        let fallen = || {
            let combatant = "combatant-2".into();
            fixtures::combat_report(n, CombatNews::Defeated { combatant, is_defeated: true })
        };
        let report = match self.dice.below(10) {
            0..7 => fixtures::combat_sync(n, round, 0, &fixtures::combat(n).combatants),
            7 => fallen(),
            _ => fixtures::combat_report(n, CombatNews::Ends),
        };
        for _ in 0..=self.dice.below(2) {
            self.report_combat(&report).await;
        }
    }

    /// The evening begins with a fight, so that goals open in it.
    pub(crate) async fn begin_fight(&self) {
        self.report_combat(&fixtures::combat_sync(1, 1, 0, &fixtures::combat(1).combatants)).await;
        self.world.clock.advance(5);
        self.world.work_until_idle().await;
    }

    async fn report_combat(&self, report: &CombatReport) {
        self.note(format!("combat: {report:?}"));
        let connection = self.world.connection.id;
        let taken = self.world.game.combat_reported(connection, report).await;
        self.judge("the combat", taken);
    }

    /// What is known of a combat never says two things, and none lasts beyond its end.
    pub(crate) async fn check_combat(&self) {
        let id = self.world.connection.id;
        let connection = self.world.store.connection(id).await.unwrap().unwrap();
        let combat = self.world.store.combat(id).await.unwrap();
        let is_fought = combat.is_some_and(|combat| combat.has_begun());
        assert_eq!(connection.is_in_combat, is_fought);
        if is_fought {
            return;
        }
        for goal in self.world.store.open_instances(self.world.campaign.id).await.unwrap() {
            let needs_combat = goal.label.action_type == "feud" && goal.completed_at().is_none();
            assert!(!needs_combat, "{goal:?} goes on without its combat");
        }
    }
}
