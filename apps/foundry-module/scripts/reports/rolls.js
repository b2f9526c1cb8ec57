import { MODULE_ID, REQUEST_FLAG } from "../constants.js";
import { serializeTerms } from "./terms.js";
import { systemWord } from "./system-data.js";

/**
 * Every roll of a chat message as a `dice:roll` event.
 *
 * @param {FoundryDocument} message
 * @returns {object[]}
 */
export function rollReports(message) {
  const speaker = message.speaker ?? {};
  const actor = ChatMessage.implementation.getSpeakerActor(speaker);
  const actorId = speaker.actor ?? actor?.id ?? "unknown";
  const requestId = message.getFlag(MODULE_ID, REQUEST_FLAG);
  const shared = {
    characterId: actorId,
    characterName: actor?.name ?? speaker.alias ?? "Unknown",
    rollId: message.id,
    isHidden: isHidden(message),
    worldId: game.world.id,
    campaignId: game.world.id,
    author: message.author?.id ?? null,
    whisper: [...(message.whisper ?? [])],
    blind: message.blind === true,
    flags: requestId ? { requestId } : {},
  };
  return message.rolls.map((/** @type {any} */ roll, /** @type {number} */ index) => ({
    ...shared,
    rollIndex: index,
    ...rollReport(message, roll, actorId),
  }));
}

/**
 * @param {FoundryDocument} message
 * @param {any} roll
 * @param {string} actorId
 */
function rollReport(message, roll, actorId) {
  const { systemData, ...word } = systemWord(message, roll);
  return {
    rollFormula: roll.formula,
    result: Number.isFinite(roll.total) ? roll.total : 0,
    diceResults: activeValues(roll),
    // The verdict is the server's: it reads the terms.
    isCritical: false,
    criticalType: null,
    severity: null,
    criticalLabel: null,
    criticalCategory: null,
    ...word,
    terms: serializeTerms(roll.terms),
    systemData,
    metadata: {
      foundryMessageId: message.id,
      foundryActorId: actorId === "unknown" ? null : actorId,
      flavor: message.flavor || roll.options?.flavor || "",
      system: game.system.id,
      systemId: game.system.id,
      timestamp: message.timestamp ?? Date.now(),
      parsedFlavor: null,
    },
  };
}

/** @param {any} roll */
function activeValues(roll) {
  const results = roll.dice.flatMap((/** @type {any} */ die) => die.results);
  return results
    .filter((/** @type {any} */ { active }) => active !== false)
    .map((/** @type {any} */ { result }) => result);
}

/**
 * Whether the players cannot see it, or must not know of who rolled.
 *
 * @param {FoundryDocument} message
 */
function isHidden(message) {
  const { scene, token } = message.speaker ?? {};
  const isTokenHidden = game.scenes.get(scene)?.tokens.get(token)?.hidden === true;
  return message.blind === true || (message.whisper?.length ?? 0) > 0 || isTokenHidden;
}
