//! The paired worlds, what happens at their tables and the effects intended for them.

mod combat;
mod combat_report;
mod command;
mod connection;
mod pairing;
mod roll;
mod shown_combat;

pub use combat::{COMBAT_END_SECONDS, Combat, Combatant};
pub use combat_report::{
    COMBATANTS_MAX, CombatNews, CombatProgress, CombatReport, ReportedCombatant, TurnOf,
};
pub use command::{CommandKind, CommandResult, CommandStatus, PlannedCommand, VttCommand};
pub use connection::{
    ActingSocket, ClientKind, PRESENCE_SECONDS, VttClient, VttConnection, VttPresence, presence,
};
pub use pairing::{Pairing, VttCredential};
pub use roll::{Attribution, DiceRoll, GoalRoll, LATE_ATTRIBUTION_SECONDS, RollSummary};
pub use shown_combat::{ShownCombat, ShownCombatant};
