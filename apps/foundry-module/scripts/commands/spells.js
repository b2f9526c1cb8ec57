import { announce } from "../table/chat.js";
import { liftSpellEffect, putSpellEffect, spellEffectOf } from "../effects/spell-effects.js";
import { Refusal } from "./refusal.js";

/** @typedef {import("./inverse.js").InverseStep} InverseStep */

const TYPES = Object.freeze(["disable", "buff", "debuff"]);

/**
 * `apply_spell_effect {actorId, spellId, effect}`. Answers `{effectId, until, messageId?}`.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function applySpell({ actorId, spellId, effect: wish }, { requestId }) {
  const item = spellAt(actorId, spellId);
  if (!TYPES.includes(wish?.type)) throw new Refusal(`unknown effect: ${wish?.type}`);
  if (spellEffectOf(item)) throw new Refusal("there is an effect on that spell already");
  const effect = await putSpellEffect(item, wish, requestId);
  /** @type {InverseStep[]} */
  const inverse = [{ kind: "lift_spell", uuid: item.uuid }];
  const message = await announce(wish.message, { actorId }, requestId);
  if (message) inverse.push({ kind: "delete", uuid: message.uuid });
  return {
    result: { effectId: effect.mark, until: effect.until, messageId: message?.id },
    inverse,
  };
}

/**
 * `remove_spell_effect {actorId, spellId}`. Answers `{removed}`: false when there was none.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function removeSpell({ actorId, spellId }) {
  return { result: { removed: await liftSpellEffect(spellAt(actorId, spellId)) } };
}

/**
 * @param {string} actorId
 * @param {string} spellId
 */
function spellAt(actorId, spellId) {
  const item = game.actors.get(actorId)?.items.get(spellId);
  if (!item) throw new Refusal("that actor has no such spell");
  return item;
}
