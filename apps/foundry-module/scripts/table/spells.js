import { EFFECT_FLAG, MODULE_ID } from "../constants.js";

/** The item types that are magic to be cast, in all systems. */
const TYPES = new Set(["spell", "power"]);
/** For systems that do not grade their magic: anything above 0, which means a cantrip. */
const LEVEL_UNKNOWN = 1;

/**
 * @typedef {object} SpellReport
 * @property {string} id
 * @property {string} name
 * @property {string} img
 * @property {number} level 0 for cantrips.
 * @property {string|null} school
 * @property {boolean|null} prepared Null where the system has no such thing.
 * @property {{type: string}|null} activeEffect
 */

/**
 * The spells of an actor, for the server to choose from.
 *
 * @param {FoundryDocument} actor
 * @returns {SpellReport[]}
 */
export function spellsOf(actor) {
  return actor.items.filter(isSpell).map((/** @type {FoundryDocument} */ item) => {
    const path = preparedPath(item);
    const effect = item.getFlag(MODULE_ID, EFFECT_FLAG);
    return {
      id: item.id,
      name: item.name,
      img: item.img,
      level: levelOf(item),
      school: textOf(item.system.school),
      prepared: path ? Boolean(foundry.utils.getProperty(item, path)) : null,
      activeEffect: effect ? { type: effect.type } : null,
    };
  });
}

/** @param {FoundryDocument} item */
export function isSpell(item) {
  return TYPES.has(item.type);
}

/**
 * Where the system keeps whether the spell is prepared; null where it does not.
 *
 * @param {FoundryDocument} item
 * @returns {string|null}
 */
export function preparedPath(item) {
  if (game.system.id !== "dnd5e") return null;
  // dnd5e 5.1 moved it; asking for the old place there would only bring a warning.
  if (foundry.utils.hasProperty(item, "system.prepared")) return "system.prepared";
  const old = "system.preparation.prepared";
  return foundry.utils.hasProperty(item, old) ? old : null;
}

/** @param {FoundryDocument} item */
function levelOf(item) {
  const { level, traits, rank } = item.system;
  if (Array.isArray(traits?.value) && traits.value.includes("cantrip")) return 0;
  const told = [level?.value, level, rank].find((value) => typeof value === "number");
  return Number.isFinite(told) ? told : LEVEL_UNKNOWN;
}

/** @param {unknown} value */
function textOf(value) {
  const isInner = typeof value === "object" && value !== null && "value" in value;
  const text = isInner ? value.value : value;
  return typeof text === "string" && text !== "" ? text : null;
}
