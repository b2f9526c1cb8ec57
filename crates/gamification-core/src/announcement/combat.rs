//! The facts about combats.

use super::{Announcement, AnnouncementKind, Visibility};
use crate::campaign::{Character, CharacterKind, Spell};
use crate::ids::VttCombatId;
use crate::vtt::{ShownCombat, ShownCombatant};
use serde_json::{Value, json};

impl Announcement {
    /// What everybody is told of a combat that changed from one view to the next: the whole new
    /// view, so that nobody has to add up what came before. `None` when nothing changed that
    /// everybody may see, or when it ended; see [`combat_ended`](Self::combat_ended).
    #[must_use]
    pub fn combat_changed(before: Option<&ShownCombat>, after: &ShownCombat) -> Option<Self> {
        let before = before.filter(|before| before.combat_id == after.combat_id);
        if before == Some(after) {
            return None;
        }
        let mut payload = json!(after);
        let kind = match before {
            None => AnnouncementKind::CombatStarted,
            Some(before) if (before.round, before.turn) != (after.round, after.turn) => {
                AnnouncementKind::CombatTurn
            }
            Some(before) => match fallen(before, after) {
                fallen if fallen.is_empty() => AnnouncementKind::CombatChanged,
                fallen => {
                    payload["combatantIds"] = json!(fallen);
                    AnnouncementKind::CombatDefeated
                }
            },
        };
        Some(Self::about_campaign(kind, Visibility::Everyone, payload))
    }

    /// Something of a combat changed that only the game master may see, who can read it.
    #[must_use]
    pub fn combat_changed_unseen(combat: &VttCombatId) -> Self {
        let payload = json!({ "combatId": combat });
        Self::about_campaign(AnnouncementKind::CombatChanged, Visibility::GmOnly, payload)
    }

    /// A combat is over. One that never began was the game master's own.
    #[must_use]
    pub fn combat_ended(combat: &VttCombatId, had_begun: bool) -> Self {
        let visibility = if had_begun { Visibility::Everyone } else { Visibility::GmOnly };
        let payload = json!({ "combatId": combat });
        Self::about_campaign(AnnouncementKind::CombatEnded, visibility, payload)
    }

    /// An effect of ours on a spell is over; `reason` says how: `expired` or `consumed`. Of whom
    /// only the game master plays, only the game master is told.
    #[must_use]
    pub fn effect_ended(character: &Character, spell: &Spell, reason: &str) -> Self {
        let visibility = match character.kind {
            CharacterKind::Pc => Visibility::Everyone,
            CharacterKind::Npc | CharacterKind::Monster => Visibility::GmOnly,
        };
        let payload = json!({
            "characterId": character.id,
            "characterName": character.name,
            "spellId": spell.id,
            "spellName": spell.name,
            "effect": spell.active_effect,
            "reason": reason,
        });
        Self::about_campaign(AnnouncementKind::EffectEnded, visibility, payload)
    }
}

/// Who fell or rose.
fn fallen(before: &ShownCombat, after: &ShownCombat) -> Vec<Value> {
    let has_turned = |now: &&ShownCombatant| {
        let was = before.combatants.iter().find(|was| was.id == now.id);
        was.is_some_and(|was| was.is_defeated != now.is_defeated)
    };
    after.combatants.iter().filter(has_turned).map(|turned| json!(turned.id)).collect()
}
