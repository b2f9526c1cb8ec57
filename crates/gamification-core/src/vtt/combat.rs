//! The fight that runs at a table.

use crate::campaign::{CharacterKind, HitPoints};
use crate::ids::{VttActorId, VttCombatId, VttCombatantId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// For how long the end of a combat waits for a sign that only the scene changed, in seconds.
pub const COMBAT_END_SECONDS: u32 = 5;

/// A running combat, as its table told it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Combat {
    /// The VTT's key.
    pub id: VttCombatId,
    /// The round, from 1; 0 before it has begun.
    pub round: u32,
    /// Whose turn it is: the place in `combatants`, while anybody's is.
    pub turn: Option<u32>,
    /// In the order of their turns.
    pub combatants: Vec<Combatant>,
    /// When it was first heard of.
    pub started_at: Timestamp,
    /// When it is over, unless a sign of life comes first.
    pub ends_at: Option<Timestamp>,
}

/// Somebody who fights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Combatant {
    /// The VTT's key; several combatants may share an actor.
    pub id: VttCombatantId,
    /// The actor, if there is one.
    pub actor_id: Option<VttActorId>,
    /// The name at the table. Secret while it is not visible.
    pub name: String,
    /// The address of the picture.
    pub image: Option<String>,
    /// Player's, game master's, or hostile.
    pub kind: CharacterKind,
    /// Whether it fights against the players. Our module tells; the published one does not, and
    /// whoever is no player's counts as hostile there.
    pub is_hostile: bool,
    /// Whether it is out of the fight.
    pub is_defeated: bool,
    /// Whether players can see it, as its client says.
    pub is_visible: bool,
    /// Whether streams and overlays may show it: it is visible, and the client that says so knows
    /// who is hidden. The published module does not, so of it only players' characters are shown.
    pub is_shown: bool,
    /// Its hit points, if the table told.
    pub hit_points: Option<HitPoints>,
    /// Whether an effect of ours lasts on it.
    pub is_affected: bool,
}

impl Combatant {
    /// Whether a monster action may choose it: hostile, visible, undefeated, and not under an effect
    /// of ours.
    #[must_use]
    pub const fn is_eligible(&self) -> bool {
        self.is_hostile
            && self.is_visible
            && !self.is_defeated
            && !self.is_affected
            && self.actor_id.is_some()
    }
}
