import { count, goalOf, moment, resultOf, text } from "./shapes.js";

/** @typedef {import("./shapes.js").Ending} Ending */
/** @typedef {import("./shapes.js").Outcome} Outcome */
/** @typedef {import("./state.js").State} State */

/** How long an ended goal is shown, and after the last news about its refund. */
const ENDING_MS = 10_000;
const REFUND_NEWS_MS = 5_000;
/** Refunds may take hours when Twitch is away; the overlay does not wait for them. */
const ENDING_MS_MAX = 60_000;

/**
 * Whether that ending is still shown.
 *
 * @param {Ending} ending
 * @param {number} now Milliseconds of the server.
 */
export function isShown({ at: endedAt, toldAt, refund: told, outcome, goal }, now) {
  const isRefunded = outcome !== "executed" && goal.progress > 0;
  const isPending = isRefunded && (told === null || told.remaining > 0);
  const last = Math.max(endedAt + ENDING_MS, toldAt + REFUND_NEWS_MS);
  return now < (isPending ? endedAt + ENDING_MS_MAX : Math.min(last, endedAt + ENDING_MS_MAX));
}

/**
 * @param {State} state
 * @param {any} body
 * @param {Outcome} outcome
 * @returns {State}
 */
export function end(state, body, outcome) {
  const id = text(body.instanceId);
  const { [id]: known, ...goals } = state.goals;
  const told = goalOf(body, known?.stage ?? "active");
  const hasTally = body.objectiveTarget !== undefined;
  const { progress, target, channels } = hasTally || !known ? told : known;
  const goal = { ...(known ?? told), progress, target, channels };
  const when = moment(body.at) ?? 0;
  const hasActed = outcome === "executed" || outcome === "failed";
  /** @type {Ending} */
  const ending = {
    goal,
    outcome,
    reason: text(body.reason),
    result: hasActed ? resultOf(body) : null,
    refund: null,
    at: when,
    toldAt: when,
    sequence: body.sequence,
  };
  return { ...state, goals, endings: { ...state.endings, [id]: ending } };
}

/**
 * An ending that was missed; it adds to what is known, and takes nothing away.
 *
 * @param {State} state
 * @param {any} body
 * @param {Outcome} outcome
 */
export function endMissed(state, body, outcome) {
  const id = text(body.instanceId);
  return state.endings[id] || state.goals[id] ? state : end(state, body, outcome);
}

/**
 * How far the refunds of a goal have got. Each tells everything, so the last one is right.
 *
 * @param {State} state
 * @param {any} body
 * @returns {State}
 */
export function refund(state, body) {
  const id = text(body.instanceId);
  const ending = state.endings[id];
  if (!ending || body.sequence <= ending.sequence) return state;
  const { points, remaining, stuck } = body;
  const told = {
    count: count(body.count), points: count(points), remaining: count(remaining),
    stuck: count(stuck),
  };
  const toldAt = moment(body.at) ?? ending.toldAt;
  const newer = { ...ending, refund: told, toldAt, sequence: body.sequence };
  return { ...state, endings: { ...state.endings, [id]: newer } };
}
