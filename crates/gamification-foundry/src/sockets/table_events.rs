//! What clients tell of characters and combats.

use super::events::{Conversation, NotTaken};
use super::updates::CharacterUpdate;
use crate::wire::{
    COMBAT_EVENTS, is_change_of_scene, parse_actor_deletion, parse_combat, parse_effect_end,
};
use gamification_core::service::EffectEndReason;
use gamification_core::vtt::{ClientKind, CombatNews};
use serde_json::Value;

/// The combat that our module names when none runs, whatever was told before.
const NO_COMBAT: &str = "none";

impl Conversation {
    /// Takes an event that is about the table itself; others are received, and nothing follows
    /// from them.
    pub(super) async fn hear(&self, name: &str, body: &Value) -> Result<(), NotTaken> {
        match name {
            "actor:delete" => {
                let actor = parse_actor_deletion(body)?;
                self.desk.game.actor_deleted(self.connection, &actor).await?;
                Ok(())
            }
            "spell:effect:expired" => self.effect_end(body, EffectEndReason::Expired).await,
            "spell:effect:consumed" => self.effect_end(body, EffectEndReason::Consumed).await,
            combat if COMBAT_EVENTS.contains(&combat) => self.combat(combat, body).await,
            _ => Ok(()),
        }
    }

    pub(super) async fn store_character(&self, update: CharacterUpdate) -> Result<(), NotTaken> {
        let CharacterUpdate { report, is_affected } = update;
        let actor = report.actor_id.clone();
        self.desk.game.character_reported(self.connection, report).await?;
        if self.client == ClientKind::Published
            && let Some(lasts) = is_affected
        {
            let game = &self.desk.game;
            game.effect_on_actor_reported(self.connection, &actor, lasts).await?;
        }
        Ok(())
    }

    async fn effect_end(&self, body: &Value, reason: EffectEndReason) -> Result<(), NotTaken> {
        let end = parse_effect_end(body, reason)?;
        Ok(self.desk.game.spell_effect_ended(self.connection, &end).await?)
    }

    async fn combat(&self, name: &str, body: &Value) -> Result<(), NotTaken> {
        let report = parse_combat(name, body, self.client)?;
        if name == "combat:end" && report.combat_id.as_str() == NO_COMBAT {
            return Ok(self.desk.game.combat_in_doubt(self.connection).await?);
        }
        let views = &self.desk.views;
        match report.news {
            CombatNews::Runs(_) => {
                views.show(self.connection, &self.id, &report.combat_id);
                // Somebody who looks at what is prepared does not end what others fight.
                let is_alone = views.is_alone_with(self.connection, &self.id, &report.combat_id);
                if report.news.is_of_a_prepared_combat() && !is_alone {
                    return Ok(());
                }
            }
            CombatNews::Ends => {
                let is_last = views.turn_away(self.connection, &self.id, &report.combat_id);
                if is_change_of_scene(body) && !is_last {
                    return Ok(());
                }
            }
            CombatNews::Joined(_) | CombatNews::Left(_) | CombatNews::Defeated { .. } => {}
        }
        Ok(self.desk.game.combat_reported(self.connection, &report).await?)
    }
}
