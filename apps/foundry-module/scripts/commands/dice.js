import { postMessage, speakerOf } from "../table/chat.js";
import { Refusal } from "./refusal.js";

/**
 * `roll_dice {formula, forcedResult?, flavor?, speaker?}`: rolls in the chat; the server escaped
 * the flavour. Answers `{total, messageId, values}`.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function rollDice({ formula, forcedResult, flavor, speaker }, { requestId }) {
  if (typeof formula !== "string" || !Roll.validate(formula)) {
    throw new Refusal(`not a formula: ${formula}`);
  }
  const fair = await Roll.create(formula).evaluate({ allowInteractive: false });
  const roll = Number.isInteger(forcedResult) ? forced(fair, forcedResult) : fair;
  const message = await postMessage(requestId, {
    rolls: [roll],
    content: String(roll.total),
    flavor: flavor ?? "",
    speaker: speakerOf(speaker),
    sound: CONFIG.sounds.dice,
  });
  return {
    result: { total: roll.total, messageId: message.id, values: shownValues(roll) },
    inverse: [{ kind: "delete", uuid: message.uuid }],
  };
}

/**
 * The same roll with another first result of its first die. The total is computed anew from the
 * terms, by Foundry itself.
 *
 * @param {FoundryRoll} roll Evaluated.
 * @param {number} value
 * @returns {FoundryRoll}
 */
function forced(roll, value) {
  if (!forceFirstDie(roll.terms, value)) throw new Refusal("the formula has no die to force");
  return Roll.fromTerms(roll.terms, { ...roll.options });
}

/**
 * @param {any[]} terms
 * @param {number} value
 * @returns {boolean} Whether there was a die.
 */
function forceFirstDie(terms, value) {
  const { DiceTerm, ParentheticalTerm, PoolTerm } = foundry.dice.terms;
  for (const term of terms) {
    if (term instanceof DiceTerm) {
      forceDie(term, value);
      return true;
    }
    if (term instanceof ParentheticalTerm && forceFirstDie(term.roll.terms, value)) {
      term.roll = Roll.fromTerms(term.roll.terms);
      return true;
    }
    // Which dice of a pool are kept was decided with the die that fell.
    if (term instanceof PoolTerm) throw new Refusal("a die in a pool cannot be forced");
  }
  return false;
}

/**
 * Shows `value` on the first die. What its modifiers made of the fair result (explosions, rerolls,
 * dropped dice) would contradict it, so the other dice count as they fell, and nothing is added.
 *
 * @param {any} die
 * @param {number} value
 */
function forceDie(die, value) {
  if (!Number.isInteger(die.faces) || value < 1 || value > die.faces) {
    throw new Refusal(`a d${die.faces} does not show ${value}`);
  }
  const others = die.results.slice(1, die.number);
  die.modifiers = [];
  die.results = [
    { result: value, active: true },
    ...others.map((/** @type {any} */ { result }) => ({ result, active: true })),
  ];
}

/** @param {FoundryRoll} roll */
function shownValues(roll) {
  const results = roll.dice.flatMap((/** @type {any} */ die) => die.results);
  return results
    .filter((/** @type {any} */ { active }) => active)
    .map((/** @type {any} */ { result }) => result);
}
