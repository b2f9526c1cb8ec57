import { characterType } from "./characters.js";
import { hitPoints } from "../table/hit-points.js";
import { monsterEffectOn } from "../effects/monster-effects.js";

/**
 * The combat that runs, if one does: that of the scene which is shown, else any.
 *
 * @returns {FoundryDocument|null}
 */
export function runningCombat() {
  const isRunning = (/** @type {FoundryDocument|null} */ combat) => combat?.started === true;
  if (isRunning(game.combat)) return game.combat;
  return game.combats.find(isRunning) ?? null;
}

/**
 * What all `combat:*` events carry; the combatants in the order of their turns.
 *
 * @param {FoundryDocument} combat
 */
export function combatReport(combat) {
  return {
    worldId: game.world.id,
    combatId: combat.id,
    round: combat.round ?? 0,
    turn: combat.turn ?? 0,
    combatants: combat.turns.map(combatantReport),
  };
}

/**
 * Hidden combatants are told too, and marked: the server shows them to nobody.
 *
 * @param {FoundryDocument} combatant
 */
export function combatantReport(combatant) {
  const { actor, token } = combatant;
  return {
    id: combatant.id,
    actorId: combatant.actorId ?? null,
    name: combatant.name,
    img: combatant.img ?? null,
    initiative: combatant.initiative ?? null,
    isDefeated: combatant.isDefeated === true,
    isNPC: combatant.isNPC === true,
    characterType: actor ? characterType(actor, token) : "npc",
    isVisible: combatant.hidden !== true && token?.hidden !== true,
    hp: actor ? hitPoints(actor) : null,
    activeEffect: monsterEffectOn(actor),
  };
}
