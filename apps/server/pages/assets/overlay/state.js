import { end, endMissed, isShown, refund } from "./endings.js";
import {
  CONTRIBUTORS_MAX, cooldownOf, goalOf, list, moment, placeOf, rollOf, text,
} from "./shapes.js";

/** @typedef {import("./shapes.js").Cooldown} Cooldown */
/** @typedef {import("./shapes.js").Ending} Ending */
/** @typedef {import("./shapes.js").Goal} Goal */
/** @typedef {import("./shapes.js").Stage} Stage */
/** @typedef {import("../stream/connection.js").Frame} Frame */

/**
 * Everything that is shown follows from this. It is what the last snapshot said, and every fact
 * after it; `endings` alone is more: goals that ended a moment ago, which a snapshot does not tell.
 *
 * @typedef {object} State
 * @property {number} sequence Up to which fact it holds everything.
 * @property {boolean} isPanicked
 * @property {string} session
 * @property {string} table Whether the table can be reached: `not_paired`, `present` or `away`.
 * @property {Record<string, Goal>} goals By their id.
 * @property {Record<string, Cooldown>} cooldowns By their place.
 * @property {Record<string, Ending>} endings By the id of the goal.
 */

/**
 * What became of a frame. `old`: the state had it already; it may tell more about an ending.
 * `doubtful`: it speaks of something that should be known and is not.
 *
 * @typedef {"applied"|"old"|"doubtful"} Effect
 */

/** @type {Stage[]} */
const ORDER = ["active", "armed", "executing"];

/** @returns {State} Nothing is known. */
export function blank() {
  return {
    sequence: 0, isPanicked: false, session: "never", table: "not_paired",
    goals: {}, cooldowns: {}, endings: {},
  };
}

/**
 * @param {State} state Not changed.
 * @param {Frame} frame
 * @returns {{ state: State, effect: Effect }}
 */
export function reduce(state, { type, body }) {
  if (type === "reset") return { state: blank(), effect: "applied" };
  if (type === "snapshot") return { state: fromSnapshot(state, body), effect: "applied" };
  const isOld = body.sequence <= state.sequence;
  const change = (isOld ? ENDING_FACTS : FACTS)[type];
  if (!change) return { state: at(state, body, isOld), effect: isOld ? "old" : "applied" };
  const changed = change(state, body);
  if (changed === null) return { state: at(state, body, isOld), effect: "doubtful" };
  return { state: at(changed, body, isOld), effect: isOld ? "old" : "applied" };
}

/**
 * @param {State} state
 * @param {any} body
 * @param {boolean} isOld
 * @returns {State}
 */
function at(state, body, isOld) {
  return isOld ? state : { ...state, sequence: body.sequence };
}

/**
 * @param {State} before
 * @param {any} body
 * @returns {State}
 */
function fromSnapshot(before, body) {
  const goals = objects(body.instances).map((goal) => {
    const known = goalOf(goal, stageOf(goal.status));
    return { ...known, contributors: before.goals[known.id]?.contributors ?? [] };
  });
  const cooldowns = objects(body.cooldowns).map((cooldown) => cooldownOf(cooldown));
  return {
    sequence: body.sequence,
    isPanicked: body.isPanicked === true,
    session: text(body.session?.state),
    table: text(body.vtt?.status),
    goals: Object.fromEntries(goals.map((goal) => [goal.id, goal])),
    cooldowns: Object.fromEntries(
      cooldowns.filter((cooldown) => cooldown !== null).map((c) => [placeOf(c), c]),
    ),
    endings: before.endings,
  };
}

/** @param {unknown} value */
function objects(value) {
  return list(value).filter((item) => typeof item === "object" && item !== null);
}

/**
 * @param {unknown} status
 * @returns {Stage}
 */
function stageOf(status) {
  if (status === "active" || status === "armed") return status;
  return "executing";
}

/**
 * A change by a fact; null when it cannot be.
 *
 * @typedef {(state: State, body: any) => State|null} Change
 */

/**
 * Facts that change what is open.
 *
 * @type {Record<string, Change>}
 */
const FACTS = {
  "gamification:instance_created": (state, body) => advance(state, goalOf(body, "active"), true),
  "gamification:progress": (state, body) => tally(state, body),
  "gamification:objective_changed": (state, body) => tally(state, body),
  "gamification:instance_armed": (state, body) => advance(state, goalOf(body, "armed")),
  "gamification:instance_consumed": (state, body) => {
    const goal = state.goals[text(body.instanceId)];
    if (!goal) return unknown(state, body);
    return withGoal(state, { ...goal, roll: rollOf(body.diceRoll) });
  },
  "gamification:instance_completed": (state, body) => {
    const cooldown = cooldownOf(body, moment(body.cooldownUntil));
    return advance(withCooldown(state, cooldown), goalOf(body, "executing"));
  },
  "gamification:action_executed": (state, body) => {
    const goal = state.goals[text(body.instanceId)];
    const ended = end(state, body, body.success === true ? "executed" : "failed");
    // The cooldown began with the completion, and goes with it.
    return body.success === true || !goal ? ended : without(ended, placeOf(goal));
  },
  "gamification:instance_expired": (state, body) => end(state, body, "expired"),
  "gamification:instance_cancelled": (state, body) => end(state, body, "cancelled"),
  "gamification:contributions_refunded": refund,
  "gamification:cooldowns_released": (state, body) => {
    const isReleased = (/** @type {Cooldown} */ { eventId, streamerId }) =>
      (body.eventId ?? eventId) === eventId && (body.streamerId ?? streamerId) === streamerId;
    const kept = Object.entries(state.cooldowns).filter(([, cooldown]) => !isReleased(cooldown));
    return { ...state, cooldowns: Object.fromEntries(kept) };
  },
  "vtt:status": (state, body) => ({ ...state, table: text(body.status) }),
  "session:started": (state) => ({ ...state, session: "running", cooldowns: {} }),
  "session:ended": (state) => ({ ...state, session: "ended" }),
  "session:panic": (state, body) => ({ ...state, isPanicked: body.isActive === true }),
};

/**
 * Facts that a snapshot has taken in already, but for what they tell of goals that are over.
 *
 * @type {Record<string, Change>}
 */
const ENDING_FACTS = {
  "gamification:action_executed": (state, body) =>
    endMissed(state, body, body.success === true ? "executed" : "failed"),
  "gamification:instance_expired": (state, body) => endMissed(state, body, "expired"),
  "gamification:instance_cancelled": (state, body) => endMissed(state, body, "cancelled"),
  "gamification:contributions_refunded": refund,
};

/**
 * A goal in a later stage; a goal never goes back, whoever tells it again.
 *
 * @param {State} state
 * @param {Goal} told
 * @param {boolean} [mayBeNew]
 */
function advance(state, told, mayBeNew = false) {
  if (state.endings[told.id]) return state;
  const known = state.goals[told.id];
  if (!known) return mayBeNew ? withGoal(state, told) : null;
  if (ORDER.indexOf(told.stage) < ORDER.indexOf(known.stage)) return state;
  const { contributors } = known;
  const progress = Math.max(known.progress, told.progress);
  return withGoal(state, { ...told, progress, contributors, roll: told.roll ?? known.roll });
}

/**
 * @param {State} state
 * @param {any} body
 */
function tally(state, body) {
  const goal = state.goals[text(body.instanceId)];
  if (!goal) return unknown(state, body);
  const { progress, target, channels } = goalOf(body, goal.stage);
  // In a storm a snapshot may be newer than its number: then this is told again, and is older.
  if (progress < goal.progress) return state;
  const seen = list(body.contributors).map(text).filter((name) => name !== "");
  const contributors = [...new Set([...seen, ...goal.contributors])].slice(0, CONTRIBUTORS_MAX);
  return withGoal(state, { ...goal, progress, target, channels, contributors });
}

/**
 * @param {State} state
 * @param {any} body
 */
function unknown(state, body) {
  return state.endings[text(body.instanceId)] ? state : null;
}

/**
 * @param {State} state
 * @param {Goal} goal
 * @returns {State}
 */
function withGoal(state, goal) {
  return { ...state, goals: { ...state.goals, [goal.id]: goal } };
}

/**
 * @param {State} state
 * @param {Cooldown|null} cooldown
 * @returns {State}
 */
function withCooldown(state, cooldown) {
  if (!cooldown) return state;
  return { ...state, cooldowns: { ...state.cooldowns, [placeOf(cooldown)]: cooldown } };
}

/**
 * @param {State} state
 * @param {string} place
 * @returns {State}
 */
function without(state, place) {
  const others = Object.entries(state.cooldowns).filter(([other]) => other !== place);
  return { ...state, cooldowns: Object.fromEntries(others) };
}

/**
 * The state without what time has taken away.
 *
 * @param {State} state
 * @param {number} now Milliseconds of the server.
 * @returns {State} The same object when nothing is to be forgotten.
 */
export function forget(state, now) {
  const endings = Object.entries(state.endings).filter(([, ending]) => isShown(ending, now));
  const cooldowns = Object.entries(state.cooldowns).filter(([, { until }]) => until > now);
  const isSame = endings.length === Object.keys(state.endings).length
    && cooldowns.length === Object.keys(state.cooldowns).length;
  if (isSame) return state;
  return {
    ...state,
    endings: Object.fromEntries(endings),
    cooldowns: Object.fromEntries(cooldowns),
  };
}

/**
 * What a snapshot of the same moment must say too; for checks.
 *
 * @param {State} state
 */
export function comparable({ isPanicked, session, table, goals, cooldowns }) {
  const plain = Object.values(goals).map(({ contributors: _seen, ...goal }) => goal);
  plain.sort((a, b) => (a.id < b.id ? -1 : 1));
  const places = Object.keys(cooldowns).sort().map((place) => [place, cooldowns[place].until]);
  return { isPanicked, session, table, goals: plain, cooldowns: places };
}
