import { EFFECT_FLAG, MODULE_ID } from "../constants.js";
import { changeOf, restoreValues, updatesOf } from "../table/values.js";
import { createMark } from "./marks.js";
import { preparedPath } from "../table/spells.js";
import { say } from "../table/text.js";

/**
 * What lies on a spell; kept in a flag of the item.
 *
 * @typedef {object} SpellEffect
 * @property {"spell"} kind
 * @property {"disable"|"buff"|"debuff"} type
 * @property {string} requestId The command that brought it.
 * @property {number|null} until When a seal ends, in milliseconds since 1970.
 * @property {string} label What it does, in words; a text, not HTML.
 * @property {string} mark The uuid of what makes it visible on the actor.
 * @property {import("../table/values.js").Change|null} prepared
 */

/**
 * What lies on a spell, if anything does.
 *
 * @param {FoundryDocument} item
 * @returns {SpellEffect|null}
 */
export function spellEffectOf(item) {
  const effect = item.getFlag(MODULE_ID, EFFECT_FLAG);
  return effect?.kind === "spell" && "mark" in effect ? effect : null;
}

/**
 * Whether the spell cannot be used now.
 *
 * @param {FoundryDocument} item
 */
export function isSealed(item) {
  const effect = spellEffectOf(item);
  return effect?.type === "disable" && (effect.until ?? Infinity) > Date.now();
}

/**
 * Puts an effect on a spell: a flag, a visible mark on the actor, and for a seal the spell is no
 * longer prepared.
 *
 * @param {FoundryDocument} item
 * @param {any} wish `effect` of the wire.
 * @param {string} requestId
 * @returns {Promise<SpellEffect>}
 */
export async function putSpellEffect(item, wish, requestId) {
  const label = labelOf(item.name, wish);
  const mark = await createMark(item.parent, {
    name: label,
    img: item.img,
    color: wish.highlightColor,
    description: wish.triggeredBy ? say("effects.by", { who: wish.triggeredBy }) : "",
    effect: { kind: "spell", type: wish.type },
  });
  const seconds = Number(wish.durationSeconds);
  const isTimed = wish.type === "disable" && seconds > 0;
  /** @type {SpellEffect} */
  const effect = {
    kind: "spell",
    type: wish.type,
    requestId,
    until: isTimed ? Date.now() + seconds * 1000 : null,
    label,
    mark: mark.uuid,
    prepared: wish.type === "disable" ? unprepared(item) : null,
  };
  try {
    await item.update({
      ...updatesOf(effect.prepared ?? []),
      [`flags.${MODULE_ID}.${EFFECT_FLAG}`]: effect,
    });
  } catch (error) {
    await mark.delete();
    throw error;
  }
  return effect;
}

/**
 * Takes the effect off a spell, with all that came with it.
 *
 * @param {FoundryDocument} item
 * @returns {Promise<boolean>} False when there was none.
 */
export async function liftSpellEffect(item) {
  const effect = spellEffectOf(item);
  if (!effect) return false;
  await item.unsetFlag(MODULE_ID, EFFECT_FLAG);
  if (effect.prepared) await restoreValues(item, effect.prepared);
  const mark = await fromUuid(effect.mark);
  await mark?.delete();
  return true;
}

/** @param {FoundryDocument} item */
function unprepared(item) {
  const path = preparedPath(item);
  if (!path) return null;
  // dnd5e counts since 5.1: 0 is not prepared.
  const isCounted = typeof foundry.utils.getProperty(item, path) === "number";
  return changeOf(item, { [path]: isCounted ? 0 : false });
}

/**
 * @param {string} spell
 * @param {any} wish
 */
function labelOf(spell, { type, buffType, debuffType, bonusValue, penaltyValue }) {
  if (type === "disable") return say("effects.sealed", { spell });
  if (type === "buff") {
    return buffType === "bonus"
      ? say("effects.bonus", { spell, value: Number(bonusValue ?? 0) })
      : say("effects.advantage", { spell });
  }
  return debuffType === "penalty"
    ? say("effects.penalty", { spell, value: Number(penaltyValue ?? 0) })
    : say("effects.disadvantage", { spell });
}
