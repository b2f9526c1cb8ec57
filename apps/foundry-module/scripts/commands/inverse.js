import { MODULE_ID } from "../constants.js";
import { liftMonsterEffect } from "../effects/monster-effects.js";
import { liftSpellEffect } from "../effects/spell-effects.js";
import { Refusal } from "./refusal.js";
import { restoreValues } from "../table/values.js";

/**
 * One step that takes back a part of what a command did.
 *
 * @typedef {{kind: "delete", uuid: string}
 *   | {kind: "recreate_message", data: any}
 *   | {kind: "restore", uuid: string, change: import("../table/values.js").Change}
 *   | {kind: "lift_spell", uuid: string}
 *   | {kind: "lift_monster", uuid: string}} InverseStep
 */

const DONE = Object.freeze({ restored: 1, kept: [] });
const OVER = Object.freeze({ restored: 0, kept: ["the effect is over already"] });

/** Tells the reports that a message is not a new one. */
export const RECREATED_OPTION = `${MODULE_ID}.recreated`;

/**
 * Takes the steps back, the last one first. What the table changed in the meantime stays as the
 * table has it.
 *
 * @param {readonly InverseStep[]} steps
 * @returns {Promise<{undone: number, kept: string[]}>} How many parts were taken back; what stays,
 *   and why.
 */
export async function takeBack(steps) {
  /** @type {string[]} */
  const kept = [];
  let undone = 0;
  for (const step of [...steps].reverse()) {
    const taken = await takeStepBack(step);
    kept.push(...taken.kept);
    undone += Math.min(taken.restored, 1);
  }
  if (undone === 0 && kept.length > 0) {
    throw new Refusal(`nothing is left to take back: ${kept.join(", ")}`);
  }
  return { undone, kept };
}

/**
 * @param {InverseStep} step
 * @returns {Promise<{restored: number, kept: string[]}>}
 */
async function takeStepBack(step) {
  if (step.kind === "recreate_message") return recreateMessage(step.data);
  const subject = await fromUuid(step.uuid);
  if (!subject) return { restored: 0, kept: [`${step.uuid} is gone`] };
  switch (step.kind) {
    case "delete":
      await subject.delete();
      return DONE;
    case "restore":
      return restoreValues(subject, step.change);
    case "lift_spell":
      return (await liftSpellEffect(subject)) ? DONE : OVER;
    case "lift_monster":
      return { ...DONE, kept: await liftMonsterEffect(subject) };
  }
}

/** @param {any} data */
async function recreateMessage(data) {
  if (game.messages.get(data._id)) return { restored: 0, kept: ["the message is there"] };
  await ChatMessage.implementation.create(data, { keepId: true, [RECREATED_OPTION]: true });
  return DONE;
}
