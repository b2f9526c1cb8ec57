import {
  isMonsterMark, liftMonsterEffect, planMonsterEffect, putMonsterEffect,
} from "../effects/monster-effects.js";
import { announce } from "../table/chat.js";
import { marksOf } from "../effects/marks.js";
import { Refusal } from "./refusal.js";

/** @typedef {import("./inverse.js").InverseStep} InverseStep */

/**
 * `apply_monster_effect {actorId, combatantId?, monsterImg?, effect}`. Answers
 * `{effectId, armour, hitPoints, messageId?}`: what of it this game system could do.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function applyMonster(payload, { requestId }) {
  const { actorId, monsterImg, effect: wish } = payload;
  if (!wish) throw new Refusal("there is no effect to apply");
  const { actor, combatId } = monsterAt(payload);
  if (marksOf(actor).some(isMonsterMark)) throw new Refusal("that monster has an effect already");
  const plan = planMonsterEffect(actor, wish);
  if (plan.armour === null && Object.keys(plan.updates).length === 0) {
    throw new Refusal(`nothing of it can be done in the system ${game.system.id}`);
  }
  const img = monsterImg || actor.img;
  const mark = await putMonsterEffect(actor, { wish, plan, combatId, img });
  /** @type {InverseStep[]} */
  const inverse = [{ kind: "lift_monster", uuid: mark.uuid }];
  const message = await announce(wish.message, { actorId }, requestId);
  if (message) inverse.push({ kind: "delete", uuid: message.uuid });
  return {
    result: {
      effectId: mark.uuid,
      armour: plan.armour,
      hitPoints: plan.updates,
      messageId: message?.id,
    },
    inverse,
  };
}

/**
 * `remove_monster_effect {actorId, combatantId?}`. Answers `{removed}`.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function removeMonster(payload) {
  const marks = marksOf(monsterAt(payload).actor).filter(isMonsterMark);
  for (const mark of marks) await liftMonsterEffect(mark);
  return { result: { removed: marks.length > 0 } };
}

/**
 * The monster itself rather than its kind: in a combat, tokens of one actor have lives of their
 * own.
 *
 * @param {{actorId: string, combatantId?: string}} payload
 * @returns {{actor: FoundryDocument, combatId: string|null}}
 */
function monsterAt({ actorId, combatantId }) {
  const combats = game.combats.filter((/** @type {FoundryDocument} */ { started }) => started);
  for (const combat of combats) {
    const combatants = /** @type {FoundryDocument[]} */ (combat.combatants.contents);
    const combatant = combatantId
      ? combatants.find(({ id }) => id === combatantId)
      : combatants.find((one) => one.actorId === actorId && !one.isDefeated);
    if (combatant?.actor) return { actor: combatant.actor, combatId: combat.id };
  }
  const actor = game.actors.get(actorId);
  if (!actor || combatantId) throw new Refusal("there is no such monster");
  return { actor, combatId: null };
}
