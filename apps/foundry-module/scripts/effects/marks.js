import { EFFECT_FLAG, MODULE_ID } from "../constants.js";
import { escapeHtml } from "../table/text.js";

/** What an effect can do to armour; by system. @type {Record<string, string>} */
const ARMOUR_KEYS = Object.freeze({ dnd5e: "system.attributes.ac.bonus" });
const ICON = "icons/svg/aura.svg";

/**
 * What a mark shows and does.
 *
 * @typedef {object} Wish
 * @property {string} name
 * @property {string} [img]
 * @property {string} [description] A text, not HTML.
 * @property {string} [color] `#rrggbb`.
 * @property {number} [armour] What is added to the armour class.
 * @property {object} effect Kept in the mark's flag.
 */

/** Whether an effect can change the armour class in this system. */
export function canChangeArmour() {
  return game.system.id in ARMOUR_KEYS || isPf2e();
}

/**
 * Makes an effect visible on an actor, the way the system shows effects: an ActiveEffect, or an
 * effect item in Pathfinder, which has no ActiveEffects.
 *
 * @param {FoundryDocument} actor
 * @param {Wish} wish
 * @returns {Promise<FoundryDocument>} The mark; deleting it ends what it does.
 */
export async function createMark(actor, wish) {
  const [mark] = isPf2e()
    ? await actor.createEmbeddedDocuments("Item", [pf2eItem(wish)])
    : await actor.createEmbeddedDocuments("ActiveEffect", [activeEffect(wish)]);
  if (!mark) throw new Error("the effect was not created");
  return mark;
}

/**
 * The marks of this module on an actor.
 *
 * @param {FoundryDocument} actor
 * @returns {FoundryDocument[]}
 */
export function marksOf(actor) {
  const documents = isPf2e()
    ? actor.items.filter((/** @type {FoundryDocument} */ { type }) => type === "effect")
    : actor.effects.contents;
  return documents.filter((/** @type {FoundryDocument} */ mark) =>
    mark.getFlag(MODULE_ID, EFFECT_FLAG),
  );
}

function isPf2e() {
  return game.system.id === "pf2e";
}

/** @param {Wish} wish */
function activeEffect({ name, img, description, color, armour, effect }) {
  const data = {
    name,
    img: img || ICON,
    description: escapeHtml(description ?? ""),
    flags: { [MODULE_ID]: { [EFFECT_FLAG]: effect } },
    ...(color ? { tint: color } : {}),
  };
  const key = ARMOUR_KEYS[game.system.id];
  const change = armour && key ? { key, value: String(armour) } : null;
  if (game.release.generation >= 14) {
    const changes = change ? [{ ...change, type: "add" }] : [];
    return { ...data, system: { changes }, showIcon: CONST.ACTIVE_EFFECT_SHOW_ICON.ALWAYS };
  }
  const changes = change ? [{ ...change, mode: CONST.ACTIVE_EFFECT_MODES.ADD }] : [];
  // Until version 14 a token shows the icon only of effects with a duration or a status.
  return { ...data, changes, statuses: [MODULE_ID] };
}

/** @param {Wish} wish */
function pf2eItem({ name, img, description, armour, effect }) {
  const rules = armour ? [{ key: "FlatModifier", selector: "ac", value: armour }] : [];
  return {
    type: "effect",
    name,
    img: img || ICON,
    system: { description: { value: escapeHtml(description ?? "") }, rules },
    flags: { [MODULE_ID]: { [EFFECT_FLAG]: effect } },
  };
}
