import { announce } from "../table/chat.js";
import { Refusal } from "./refusal.js";

/** @typedef {import("./inverse.js").InverseStep} InverseStep */

const QUANTITY_MAX = 20;
/** From one copy to the next, in pixels of the scene. */
const DISTANCE = 50;

/**
 * `treasure_drop {actorId, position{x,y}, quantity, message?}`: puts copies of the actor's token
 * on the active scene. Answers `{placed, errors}`; when no copy could be placed, it fails.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function treasureDrop({ actorId, position, quantity, message }, { requestId }) {
  const actor = game.actors.get(actorId);
  if (!actor) throw new Refusal("there is no such actor");
  const scene = game.scenes.active ?? canvas.scene;
  if (!scene) throw new Refusal("no scene is active");
  const { tokens, errors } = await place(actor, scene, position, copiesOf(quantity));
  if (tokens.length === 0) throw new Refusal(errors[0] ?? "no copy could be placed");
  /** @type {InverseStep[]} */
  const inverse = tokens.map(({ uuid }) => ({ kind: "delete", uuid }));
  const posted = await announce(message, {}, requestId);
  if (posted) inverse.push({ kind: "delete", uuid: posted.uuid });
  return { result: { placed: tokens.length, errors }, inverse };
}

/**
 * @param {FoundryDocument} actor
 * @param {FoundryDocument} scene
 * @param {{x?: number, y?: number}|undefined} position Of the first copy.
 * @param {number} copies
 */
async function place(actor, scene, position, copies) {
  /** @type {FoundryDocument[]} */
  const tokens = [];
  /** @type {string[]} */
  const errors = [];
  for (let copy = 0; copy < copies; copy += 1) {
    try {
      const x = Number(position?.x ?? 0) + copy * DISTANCE;
      const token = await actor.getTokenDocument({ x, y: Number(position?.y ?? 0), hidden: false });
      const [made] = await scene.createEmbeddedDocuments("Token", [token.toObject()]);
      if (made) tokens.push(made);
      else errors.push(`copy ${copy + 1} was not accepted`);
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { tokens, errors };
}

/** @param {unknown} quantity */
function copiesOf(quantity) {
  return Math.min(Math.max(Number.isInteger(quantity) ? Number(quantity) : 1, 1), QUANTITY_MAX);
}
