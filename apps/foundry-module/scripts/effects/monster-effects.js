import { EFFECT_FLAG, MODULE_ID } from "../constants.js";
import { canChangeArmour, createMark, marksOf } from "./marks.js";
import { changeOf, restoreValues } from "../table/values.js";
import { hitPointsPath } from "../table/hit-points.js";
import { actorsWithEffects } from "../table/actors.js";
import { say } from "../table/text.js";

/**
 * What lies on a monster; kept in the flag of its mark.
 *
 * @typedef {object} MonsterEffect
 * @property {"monster"} kind
 * @property {"buff"|"debuff"} type
 * @property {string|null} combatId It ends with this combat.
 * @property {import("../table/values.js").Change} hitPoints
 */

/**
 * Whether a mark is that of an effect on a monster.
 *
 * @param {FoundryDocument} mark
 */
export function isMonsterMark(mark) {
  return mark.getFlag(MODULE_ID, EFFECT_FLAG)?.kind === "monster";
}

/**
 * What lies on the actor, for the reports.
 *
 * @param {FoundryDocument|null|undefined} actor
 * @returns {{type: string}|null}
 */
export function monsterEffectOn(actor) {
  const mark = actor && marksOf(actor).find(isMonsterMark);
  return mark ? { type: mark.getFlag(MODULE_ID, EFFECT_FLAG).type } : null;
}

/**
 * What of a wish this system can do; `armour` is null where it knows no armour class to change.
 *
 * @param {FoundryDocument} actor
 * @param {any} wish `effect` of the wire.
 */
export function planMonsterEffect(actor, wish) {
  const armour = Number(wish.acBonus ?? 0) - Number(wish.acPenalty ?? 0);
  return {
    armour: armour !== 0 && canChangeArmour() ? armour : null,
    updates: hitPointUpdates(actor, Number(wish.tempHp ?? 0), Number(wish.maxHpReduction ?? 0)),
  };
}

/**
 * Puts an effect on an actor: a mark that carries the armour, and the hit points by update.
 *
 * @param {FoundryDocument} actor
 * @param {object} parts
 * @param {any} parts.wish
 * @param {ReturnType<typeof planMonsterEffect>} parts.plan
 * @param {string|null} parts.combatId
 * @param {string} parts.img
 * @returns {Promise<FoundryDocument>} The mark.
 */
export async function putMonsterEffect(actor, { wish, plan, combatId, img }) {
  const type = wish.type === "debuff" ? "debuff" : "buff";
  const hitPoints = changeOf(actor, plan.updates);
  const mark = await createMark(actor, {
    name: say(`effects.monster.${type}`),
    img,
    color: wish.highlightColor,
    description: wish.triggeredBy ? say("effects.by", { who: wish.triggeredBy }) : "",
    armour: plan.armour ?? 0,
    effect: { kind: "monster", type, combatId, hitPoints },
  });
  try {
    if (Object.keys(plan.updates).length > 0) await actor.update(plan.updates);
  } catch (error) {
    await mark.delete();
    throw error;
  }
  return mark;
}

/**
 * Takes an effect off: hit points that were not touched since become what they were.
 *
 * @param {FoundryDocument} mark
 * @returns {Promise<string[]>} What stays, and why.
 */
export async function liftMonsterEffect(mark) {
  const effect = mark.getFlag(MODULE_ID, EFFECT_FLAG);
  const actor = mark.parent;
  await mark.delete();
  return (await restoreValues(actor, effect.hitPoints)).kept;
}

/**
 * Ends the effects that belong to a combat.
 *
 * @param {string} combatId
 */
export async function endWithCombat(combatId) {
  const marks = actorsWithEffects().flatMap(marksOf).filter(isMonsterMark);
  for (const mark of marks) {
    if (mark.getFlag(MODULE_ID, EFFECT_FLAG).combatId === combatId) await liftMonsterEffect(mark);
  }
}

/**
 * @param {FoundryDocument} actor
 * @param {number} temp Hit points on top of those that are there, also temporary ones.
 * @param {number} reduction Of the maximum.
 * @returns {Record<string, number>}
 */
function hitPointUpdates(actor, temp, reduction) {
  const path = hitPointsPath(actor);
  const source = path ? foundry.utils.getProperty(actor.toObject(), path) : null;
  /** @type {Record<string, number>} */
  const updates = {};
  if (!source) return updates;
  if (temp > 0 && "temp" in source) updates[`${path}.temp`] = Number(source.temp ?? 0) + temp;
  if (reduction > 0) {
    const derived = Number(foundry.utils.getProperty(actor, `${path}.max`));
    const max = Math.max(1, derived - reduction);
    if ("tempmax" in source) {
      updates[`${path}.tempmax`] = Number(source.tempmax ?? 0) - (derived - max);
    } else if (typeof source.max === "number") {
      updates[`${path}.max`] = max;
    } else {
      return updates;
    }
    if (Number(source.value) > max) updates[`${path}.value`] = max;
  }
  return updates;
}
