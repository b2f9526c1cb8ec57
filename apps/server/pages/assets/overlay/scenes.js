/** @typedef {import("./shapes.js").Ending} Ending */
/** @typedef {import("./shapes.js").Goal} Goal */
/** @typedef {import("./shapes.js").Roll} Roll */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("../stream/connection.js").Frame} Frame */

/**
 * A short animation. What it shows is looked up in the state when it begins, so that it never tells
 * of what is over.
 *
 * @typedef {object} Scene
 * @property {"opened"|"armed"|"consumed"|"executed"|"failed"|"expired"|"cancelled"|"dice"} kind
 * @property {string} goalId Empty for a roll.
 * @property {any} roll The fact of a roll.
 * @property {number} at When it became true, in milliseconds of the server.
 */

/**
 * A scene that is to be played now, with what it is about.
 *
 * @typedef {Scene & { goal: Goal|null, ending: Ending|null, durationMs: number }} Playing
 */

/** What is older is not played any more. */
const FRESH_MS = 5_000;
/** How long a scene may wait for those before it. */
const WAIT_MS_MAX = 12_000;
const QUEUE_MAX = 6;

/** @type {Record<string, Scene["kind"]>} */
const KINDS = {
  "gamification:instance_created": "opened",
  "gamification:instance_armed": "armed",
  "gamification:instance_consumed": "consumed",
  "gamification:instance_expired": "expired",
  "gamification:instance_cancelled": "cancelled",
  "dice:roll": "dice",
};

/** @type {Record<Scene["kind"], number>} */
const DURATIONS_MS = {
  opened: 1_200, armed: 2_600, consumed: 3_000, executed: 6_500, failed: 1_800, expired: 1_800,
  cancelled: 1_800, dice: 5_000,
};

/** The scenes that take the middle of the picture, one after the other. */
const STAGE_KINDS = new Set(["armed", "consumed", "executed"]);

/**
 * The scenes of an overlay: in the middle, one at a time; beside it, the dice; and what happens to
 * a goal's own card, at once.
 */
export class Scenes {
  /** @type {Scene[]} */
  #stage = [];
  /** @type {Scene[]} */
  #dice = [];
  /** @type {Scene[]} */
  #cards = [];
  #stageFreeAt = 0;
  #diceFreeAt = 0;

  /**
   * Hears of a fact that the state has taken in.
   *
   * @param {Frame} frame
   * @param {number} now Milliseconds of the server.
   */
  hear({ type, body }, now) {
    if (type === "reset") return this.clear();
    const kind = type === "gamification:action_executed"
      ? (body.success === true ? "executed" : "failed")
      : KINDS[type];
    const at = Date.parse(body.at);
    const isFresh = body.replayed !== true && now - at <= FRESH_MS;
    if (!kind || !isFresh || body.isHidden === true) return;
    /** @type {Scene} */
    const scene = { kind, goalId: String(body.instanceId ?? ""), roll: body, at };
    const queue = kind === "dice" ? this.#dice : STAGE_KINDS.has(kind) ? this.#stage : this.#cards;
    queue.push(scene);
    // The newest matter most; what was left out is in the state all the same.
    if (queue.length > QUEUE_MAX) queue.shift();
  }

  /** Forgets everything that waits. */
  clear() {
    this.#stage = [];
    this.#dice = [];
    this.#cards = [];
  }

  /**
   * The scenes that begin now.
   *
   * @param {State} state
   * @param {number} now Milliseconds of the server.
   * @returns {Playing[]}
   */
  begin(state, now) {
    const begun = this.#cards.map((scene) => playing(scene, state, now)).filter((s) => s !== null);
    this.#cards = [];
    if (now >= this.#stageFreeAt || now < this.#stageFreeAt - WAIT_MS_MAX) {
      const next = first(this.#stage, state, now);
      this.#stageFreeAt = next ? now + next.durationMs : 0;
      if (next) begun.push(next);
    }
    if (now >= this.#diceFreeAt || now < this.#diceFreeAt - WAIT_MS_MAX) {
      const next = first(this.#dice, state, now);
      this.#diceFreeAt = next ? now + next.durationMs : 0;
      if (next) begun.push(next);
    }
    return begun;
  }
}

/**
 * @param {Scene[]} queue Loses what is taken or over.
 * @param {State} state
 * @param {number} now
 * @returns {Playing|null}
 */
function first(queue, state, now) {
  for (let scene = queue.shift(); scene; scene = queue.shift()) {
    const found = playing(scene, state, now);
    if (found) return found;
  }
  return null;
}

/**
 * @param {Scene} scene
 * @param {State} state
 * @param {number} now
 * @returns {Playing|null} Null when it is over by now.
 */
function playing(scene, state, now) {
  const goal = state.goals[scene.goalId] ?? null;
  const ending = state.endings[scene.goalId] ?? null;
  const isOver = now - scene.at > WAIT_MS_MAX || !isTrue(scene.kind, goal, ending);
  return isOver ? null : { ...scene, goal, ending, durationMs: DURATIONS_MS[scene.kind] };
}

/**
 * Whether a goal still is where the scene says.
 *
 * @param {Scene["kind"]} kind
 * @param {Goal|null} goal
 * @param {Ending|null} ending
 */
function isTrue(kind, goal, ending) {
  if (kind === "dice") return true;
  if (kind === "opened") return goal?.stage === "active";
  if (kind === "armed") return goal?.stage === "armed";
  if (kind === "consumed") return goal?.stage === "executing";
  return ending?.outcome === kind;
}
