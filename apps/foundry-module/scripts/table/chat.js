import { MODULE_ID, REQUEST_FLAG } from "../constants.js";
import { escapeHtml } from "./text.js";

/**
 * Options with which a message is seen by everybody, whatever the GM's chat is set to: an effect
 * that was paid for must not end up whispered.
 */
export function publicMode() {
  return game.release.generation >= 14
    ? { messageMode: "public" }
    : { rollMode: CONST.DICE_ROLL_MODES.PUBLIC };
}

/**
 * Posts a message of this module.
 *
 * @param {string} requestId The command that wanted it.
 * @param {object} data Of the message; `content` and `flavor` are HTML.
 * @returns {Promise<FoundryDocument>}
 */
export async function postMessage(requestId, data) {
  const flags = { [MODULE_ID]: { [REQUEST_FLAG]: requestId } };
  const message = await ChatMessage.implementation.create({ ...data, flags }, publicMode());
  // A hook of another module may forbid it.
  if (!message) throw new Error("the chat message was not created");
  return message;
}

/**
 * Who says it.
 *
 * @param {{alias?: string, actorId?: string}} [speaker] As the wire has it; nobody means the GM.
 */
export function speakerOf(speaker) {
  const actor = speaker?.actorId ? game.actors.get(speaker.actorId) : undefined;
  if (actor) return ChatMessage.implementation.getSpeaker({ actor });
  return speaker?.alias ? { alias: speaker.alias } : {};
}

/**
 * Says in the chat what an effect did. The effect is there by then, so a message that cannot be
 * posted does not make the command fail.
 *
 * @param {unknown} text Not HTML. Nothing is said when there is none.
 * @param {{alias?: string, actorId?: string}} speaker
 * @param {string} requestId
 * @returns {Promise<FoundryDocument|null>}
 */
export async function announce(text, speaker, requestId) {
  if (typeof text !== "string" || text.trim() === "") return null;
  try {
    const content = `<p>${escapeHtml(text)}</p>`;
    return await postMessage(requestId, { content, speaker: speakerOf(speaker) });
  } catch (error) {
    console.warn("viewer-gamification | an effect was not announced", error);
    return null;
  }
}
