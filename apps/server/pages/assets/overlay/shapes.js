/**
 * What the overlay knows, and how it reads what the server says. Nothing here trusts that a field
 * is there.
 */

/** @typedef {"active"|"armed"|"executing"} Stage */
/** @typedef {"executed"|"failed"|"expired"|"cancelled"} Outcome */

/**
 * @typedef {object} Channel
 * @property {string} id
 * @property {string} name
 * @property {number} objective
 * @property {number} contributions
 * @property {boolean} hasLeft
 */

/**
 * @typedef {object} Roll
 * @property {string} characterName
 * @property {string} formula
 * @property {number} result
 * @property {string} criticalType `success` or `failure`.
 */

/**
 * @typedef {object} Goal
 * @property {string} id
 * @property {string} eventId
 * @property {Record<string, string>} names The event's name by language; `en` is always there.
 * @property {string} actionType
 * @property {string|null} streamerId Null for a group goal.
 * @property {Stage} stage
 * @property {number} progress
 * @property {number} target
 * @property {Channel[]} channels
 * @property {number|null} deadline When the stage ends by itself, in milliseconds of the server.
 * @property {number|null} vetoUntil
 * @property {Roll|null} roll
 * @property {string[]} contributors Who clicked last, newest first, as far as it was seen.
 */

/** @typedef {{ count: number, points: number, remaining: number, stuck: number }} Refund */

/**
 * What the table did, or why not.
 *
 * @typedef {object} Result
 * @property {string} message
 * @property {number|null} originalValue
 * @property {number|null} invertedValue
 * @property {string} effectType
 * @property {string} targetName
 * @property {string} characterName
 * @property {number|null} durationSeconds
 */

/**
 * A goal that has just ended.
 *
 * @typedef {object} Ending
 * @property {Goal} goal As it was at its end.
 * @property {Outcome} outcome
 * @property {string} reason
 * @property {Result|null} result
 * @property {Refund|null} refund Null as long as none was told.
 * @property {number} at When it ended, in milliseconds of the server.
 * @property {number} toldAt When something about it was told last.
 * @property {number} sequence Of the fact that was told last.
 */

/**
 * @typedef {object} Cooldown
 * @property {string} eventId
 * @property {string|null} streamerId
 * @property {Record<string, string>} names
 * @property {number} until In milliseconds of the server.
 */

/** How many contributors are kept for a goal. */
export const CONTRIBUTORS_MAX = 5;

/** @param {unknown} value */
export function text(value) {
  return typeof value === "string" ? value : "";
}

/** @param {unknown} value */
export function count(value) {
  const amount = Number(value);
  return Number.isFinite(amount) && amount > 0 ? Math.floor(amount) : 0;
}

/**
 * @param {unknown} value
 * @returns {number|null}
 */
export function number(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/**
 * @param {unknown} value A moment as RFC 3339.
 * @returns {number|null} Milliseconds.
 */
export function moment(value) {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/**
 * @param {unknown} value
 * @returns {any[]}
 */
export function list(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * @param {any} body
 * @returns {Record<string, string>}
 */
export function names(body) {
  const told = Object.entries(body?.eventNames ?? {}).filter(([, name]) => text(name) !== "");
  return { en: text(body?.eventName) || text(body?.eventSlug), ...Object.fromEntries(told) };
}

/**
 * @param {any} roll
 * @returns {Roll|null}
 */
export function rollOf(roll) {
  if (!roll) return null;
  return {
    characterName: text(roll.characterName),
    formula: text(roll.formula),
    result: number(roll.result) ?? 0,
    criticalType: text(roll.criticalType),
  };
}

/**
 * @param {any} channel
 * @returns {Channel}
 */
function channelOf(channel) {
  return {
    id: text(channel?.streamerId),
    name: text(channel?.streamerName),
    objective: count(channel?.localObjective),
    contributions: count(channel?.contributions),
    hasLeft: channel?.hasLeft === true,
  };
}

/** @type {Record<string, (body: any) => unknown>} */
const DEADLINES = {
  active: (body) => body.expiresAt,
  armed: (body) => body.armedUntil,
  executing: (body) => body.executionDeadline,
};

/**
 * @param {any} body A goal of a snapshot, or a fact that tells a goal whole.
 * @param {Stage} stage
 * @returns {Goal}
 */
export function goalOf(body, stage) {
  return {
    id: text(body.instanceId),
    eventId: text(body.eventId),
    names: names(body),
    actionType: text(body.actionType),
    streamerId: text(body.streamerId) || null,
    stage,
    progress: count(body.currentProgress),
    target: count(body.objectiveTarget),
    channels: list(body.streamers).map(channelOf),
    deadline: moment(DEADLINES[stage](body)),
    vetoUntil: moment(body.vetoUntil),
    roll: rollOf(body.diceRoll),
    contributors: [],
  };
}

/**
 * @param {any} body
 * @returns {Result}
 */
export function resultOf(body) {
  return {
    message: text(body.message),
    originalValue: number(body.originalValue),
    invertedValue: number(body.invertedValue),
    effectType: text(body.effectType),
    targetName: text(body.target?.name),
    characterName: text(body.target?.characterName),
    durationSeconds: number(body.durationSeconds),
  };
}

/**
 * @param {any} body
 * @returns {Cooldown|null} Null when it is not one that time ends.
 */
export function cooldownOf(body, until = moment(body.until)) {
  if (until === null) return null;
  const streamerId = text(body.streamerId) || null;
  return { eventId: text(body.eventId), streamerId, names: names(body), until };
}

/**
 * Where a goal's event and place are one: at most one goal is open there, and one cooldown holds.
 *
 * @param {{ eventId: string, streamerId: string|null }} of
 */
export function placeOf({ eventId, streamerId }) {
  return `${eventId} ${streamerId ?? "group"}`;
}

/**
 * Progress in whole percent, 0 to 100.
 *
 * @param {{ progress: number, target: number }} goal
 */
export function percentage({ progress, target }) {
  return target === 0 ? 100 : Math.min(100, Math.round((100 * progress) / target));
}
