import { symbolsOf } from "./terms.js";

/**
 * What the game system itself says of a roll: the server decides by it before it looks at dice.
 *
 * @typedef {object} SystemWord
 * @property {string} rollType `damage` for damage, however the system calls it.
 * @property {string|null} skill
 * @property {string|null} ability
 * @property {string[]} modifiers
 * @property {object} systemData
 */

/** How Pathfinder's outcomes are counted. */
const DEGREES = Object.freeze(["criticalFailure", "failure", "success", "criticalSuccess"]);

/**
 * @param {FoundryDocument} message
 * @param {any} roll
 * @returns {SystemWord}
 */
export function systemWord(message, roll) {
  const told = wordOf(message, roll);
  const isDamage = /damage/i.test(`${roll.constructor.name} ${told.rollType ?? ""}`);
  const { PoolTerm } = foundry.dice.terms;
  return {
    rollType: isDamage ? "damage" : (told.rollType ?? "generic"),
    skill: told.skill ?? null,
    ability: told.ability ?? null,
    modifiers: told.modifiers ?? [],
    systemData: {
      isPool: roll.terms.some((/** @type {any} */ term) => term instanceof PoolTerm),
      raw: { options: { ...scalars(roll.options), ...told.options } },
      ...told.verdict,
    },
  };
}

/**
 * @param {FoundryDocument} message
 * @param {any} roll
 * @returns {{rollType?: string, skill?: string, ability?: string, modifiers?: string[],
 *   options?: object, verdict?: object}}
 */
function wordOf(message, roll) {
  const flags = message.flags ?? {};
  switch (game.system.id) {
    case "dnd5e":
      return dnd5e(flags.dnd5e?.roll ?? {}, roll);
    case "pf2e":
      return pf2e(flags.pf2e?.context ?? {}, roll);
    case "wfrp4e":
      return { verdict: outcome(testDataOf(message)?.result?.outcome) };
    case "starwarsffg":
    case "genesys":
      return { verdict: { symbols: symbolsOf(roll.ffg) } };
    default:
      return { rollType: textOf(roll.options?.rollType ?? roll.options?.type) };
  }
}

/**
 * Which numbers are critical stands in the options of the roll or of its d20, by the version.
 *
 * @param {any} told
 * @param {any} roll
 */
function dnd5e(told, roll) {
  const die = roll.dice.find((/** @type {any} */ { faces }) => faces === 20)?.options ?? {};
  const number = (/** @type {any[]} */ ...values) => values.find(Number.isFinite) ?? null;
  const { options = {} } = roll;
  const advantage = { 1: "advantage", "-1": "disadvantage" };
  const mode = /** @type {1|-1} */ (options.advantageMode);
  return {
    rollType: textOf(told.type ?? options.rollType),
    skill: textOf(told.skillId ?? told.skill),
    ability: textOf(told.abilityId ?? told.ability),
    modifiers: advantage[mode] ? [advantage[mode]] : [],
    options: {
      criticalSuccess: number(
        options.criticalSuccess, die.criticalSuccess, options.critical, die.critical,
      ),
      criticalFailure: number(
        options.criticalFailure, die.criticalFailure, options.fumble, die.fumble,
      ),
    },
  };
}

/**
 * @param {any} context
 * @param {any} roll
 */
function pf2e(context, roll) {
  const counted = DEGREES.indexOf(context.outcome);
  const degree = roll.options?.degreeOfSuccess ?? roll.degreeOfSuccess ?? counted;
  const isKnown = Number.isInteger(degree) && degree >= 0;
  return {
    rollType: textOf(context.type),
    verdict: { ...(isKnown ? { degreeOfSuccess: degree } : {}), ...outcome(context.outcome) },
  };
}

/**
 * Warhammer keeps its test in the message, since version 7 in its system data.
 *
 * @param {FoundryDocument} message
 */
function testDataOf(message) {
  return message.system?.testData ?? message.flags?.testData;
}

/** @param {unknown} word */
function outcome(word) {
  return typeof word === "string" && word !== "" ? { outcome: word } : {};
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Options can hold whole documents; what decides anything is a plain value.
 *
 * @param {object|undefined} options
 */
function scalars(options) {
  const isPlain = (/** @type {unknown} */ value) =>
    ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => isPlain(value)));
}
