//! What everybody may see of a combat. Pure.

use super::combat::{Combat, Combatant};
use crate::campaign::{CharacterKind, HitPoints};
use crate::ids::{VttCombatId, VttCombatantId};
use crate::time::Timestamp;
use serde::Serialize;

/// A combat as everybody may see it: who is hidden is left out, and of hit points only those of
/// players' characters are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownCombat {
    /// The VTT's key.
    pub combat_id: VttCombatId,
    /// The round, from 1.
    pub round: u32,
    /// Whose turn it is: the place in `combatants`; none while it is that of somebody hidden.
    pub turn: Option<u32>,
    /// Who is seen, in the order of their turns.
    pub combatants: Vec<ShownCombatant>,
    /// When it was first heard of.
    pub started_at: Timestamp,
}

/// Somebody who fights, as everybody may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownCombatant {
    /// The VTT's key.
    pub id: VttCombatantId,
    /// The name at the table.
    pub name: String,
    /// The address of the picture.
    pub image: Option<String>,
    /// Player's, game master's, or hostile.
    pub kind: CharacterKind,
    /// Whether it is out of the fight.
    pub is_defeated: bool,
    /// Whether an effect of ours lasts on it.
    pub is_affected: bool,
    /// Of a player's character, if the table told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit_points: Option<HitPoints>,
}

impl ShownCombat {
    /// What everybody may see of that combat; `None` before it has begun.
    #[must_use]
    pub fn of(combat: &Combat) -> Option<Self> {
        if !combat.has_begun() {
            return None;
        }
        let seen: Vec<_> = combat.combatants.iter().filter(|one| one.is_shown).collect();
        let acting = combat.acting().map(|acting| &acting.id);
        let place = acting.and_then(|id| seen.iter().position(|combatant| combatant.id == *id));
        Some(Self {
            combat_id: combat.id.clone(),
            round: combat.round,
            turn: place.and_then(|place| u32::try_from(place).ok()),
            combatants: seen.into_iter().map(ShownCombatant::of).collect(),
            started_at: combat.started_at,
        })
    }
}

impl ShownCombatant {
    fn of(combatant: &Combatant) -> Self {
        Self {
            id: combatant.id.clone(),
            name: combatant.name.clone(),
            image: combatant.image.clone(),
            kind: combatant.kind,
            is_defeated: combatant.is_defeated,
            is_affected: combatant.is_affected,
            hit_points: combatant.hit_points.filter(|_| combatant.kind == CharacterKind::Pc),
        }
    }
}
