import { isActingGm } from "../table/acting.js";

/** @typedef {import("./memory.js").CommandMemory} CommandMemory */
/** @typedef {import("./memory.js").CommandRecord} CommandRecord */
/** @typedef {import("./blind-spot.js").BlindSpot} BlindSpot */
/** @typedef {import("../link/server-clock.js").ServerClock} ServerClock */
/** @typedef {import("./handlers.js").Handler} Handler */

/**
 * A command as it waits for its turn.
 *
 * @typedef {{name: string, requestId: string, payload: any, deadline: number}} Order
 */

/**
 * What is answered: the wire's `command:result` without the id.
 *
 * @typedef {{ok: true, result?: any}|{ok: false, error: string}} Answer
 */

const ORDERS_MAX = 100;
/** How long a command that another browser began may take to show its result. */
const FOREIGN_RESULT_MS = 5_000;
const LOOK_AGAIN_MS = 250;
/** Commands behind one that hangs shall have their chance before their deadlines. */
const PATIENCE_MS = 30_000;

/** What a GM asks for, and no viewer: carried out in a panic, too. */
const OF_GM = new Set([
  "undo",
  "cleanup_all_effects",
  "remove_spell_effect",
  "remove_monster_effect",
  "request_sync",
]);

const OUTCOME_UNKNOWN = Object.freeze({ ok: false, error: "outcome_unknown" });

/**
 * Carries out commands, strictly one after the other and each at most once.
 *
 * A command that is remembered is answered from memory even when it is late or panic reigns: what
 * happened has happened, and the server shall know.
 */
export class CommandDesk {
  /**
   * @param {object} parts
   * @param {ReadonlyMap<string, Handler>} parts.handlers By the command's name.
   * @param {CommandMemory} parts.memory
   * @param {BlindSpot} parts.blindSpot
   * @param {ServerClock} parts.clock
   * @param {() => boolean} parts.isPanicking
   * @param {(result: object) => void} parts.answer
   */
  constructor({ handlers, memory, blindSpot, clock, isPanicking, answer }) {
    this.#handlers = handlers;
    this.#memory = memory;
    this.#blindSpot = blindSpot;
    this.#clock = clock;
    this.#isPanicking = isPanicking;
    this.#answer = answer;
  }

  #handlers;
  #memory;
  #blindSpot;
  #clock;
  #isPanicking;
  #answer;
  /** @type {Order[]} */
  #orders = [];
  #isWorking = false;

  /**
   * Takes a command; every one is answered in its turn, unless another browser acts. When too many
   * wait, it is passed by: the server sends it again.
   *
   * @param {string} name Without `command:`.
   * @param {any} body
   */
  take(name, body) {
    const { requestId, timestamp, expiresInSeconds, ...payload } = body ?? {};
    if (typeof requestId !== "string" || !isActingGm()) return;
    if (this.#orders.length >= ORDERS_MAX) return;
    const sentAt = typeof timestamp === "number" ? timestamp : this.#clock.now();
    const deadline =
      typeof expiresInSeconds === "number" ? sentAt + expiresInSeconds * 1000 : Infinity;
    this.#orders.push({ name, requestId, payload, deadline });
    if (!this.#isWorking) this.#work();
  }

  /**
   * Drops the effects of viewers that wait: none was begun, and the server refunds what is never
   * answered.
   */
  dropWaiting() {
    this.#orders = this.#orders.filter(({ name }) => OF_GM.has(name));
  }

  async #work() {
    this.#isWorking = true;
    for (let order = this.#orders.shift(); order; order = this.#orders.shift()) {
      const { requestId } = order;
      const answer = await this.#answerTo(order).catch(failure);
      if (answer) this.#answer({ requestId, ...answer });
    }
    this.#isWorking = false;
  }

  /**
   * @param {Order} order
   * @returns {Promise<Answer|null>} Null when another browser is to answer, or this one did.
   */
  async #answerTo(order) {
    if (!isActingGm()) return null;
    const known = this.#memory.find(order.requestId);
    if (known) return this.#answerOf(order.requestId);
    if (this.#blindSpot.covers(order.requestId)) return OUTCOME_UNKNOWN;
    const handler = this.#handlers.get(order.name);
    const objection = handler ? this.#objectionTo(order) : `unknown command: ${order.name}`;
    if (!handler || objection) return { ok: false, error: objection ?? "" };
    const losses = this.#blindSpot.losses;
    const record = { command: order.name, startedAt: Date.now(), ...undoneBy(order) };
    const isOurs = await this.#memory.claim(order.requestId, record);
    if (!isOurs || losses !== this.#blindSpot.losses) return this.#answerOf(order.requestId);
    return this.#awaitOutcome(order.requestId, this.#carryOut(order, handler));
  }

  /**
   * Waits no longer than the commands behind can wait. What comes of it later is told then: the
   * server takes a certain answer after an unknown one.
   *
   * @param {string} requestId
   * @param {Promise<Answer>} outcome
   * @returns {Promise<Answer|null>} Null when it takes longer, which is answered already.
   */
  async #awaitOutcome(requestId, outcome) {
    const answer = await within(PATIENCE_MS, outcome);
    if (answer) return answer;
    this.#answer({ requestId, ...OUTCOME_UNKNOWN });
    outcome.then((late) => this.#answer({ requestId, ...late })).catch(console.error);
    return null;
  }

  /** @param {Order} order */
  #objectionTo(order) {
    if (this.#clock.now() > order.deadline) return "expired";
    return this.#isPanicking() && !OF_GM.has(order.name) ? "panic" : null;
  }

  /**
   * Acts on a command that is claimed, and remembers how that went. Writing the claim may have
   * taken its time.
   *
   * @param {Order} order
   * @param {Handler} handler
   * @returns {Promise<Answer>}
   */
  async #carryOut(order, handler) {
    const { requestId, payload } = order;
    const objection = this.#objectionTo(order);
    /** @type {Answer} */
    let answer;
    /** @type {CommandRecord["inverse"]} */
    let inverse;
    if (objection) {
      answer = { ok: false, error: objection };
    } else {
      try {
        const done = await handler(payload, { requestId });
        ({ inverse } = done);
        answer = { ok: true, result: done.result ?? {} };
      } catch (error) {
        answer = failure(error);
      }
    }
    await this.#memory
      .finish(requestId, { ...answer, inverse, finishedAt: Date.now() })
      .catch((error) => console.error("viewer-gamification | a result was not stored", error));
    return answer;
  }

  /**
   * The answer that is remembered. Another browser may still be at it; nobody acts a second time.
   *
   * @param {string} requestId
   * @returns {Promise<Answer>}
   */
  async #answerOf(requestId) {
    const until = Date.now() + FOREIGN_RESULT_MS;
    for (;;) {
      const record = this.#memory.find(requestId);
      if (record?.finishedAt !== undefined) {
        const { ok, error = "", result } = record;
        return ok ? { ok, result } : { ok: false, error };
      }
      if (Date.now() >= until) return OUTCOME_UNKNOWN;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

/** @param {Order} order */
function undoneBy({ name, payload }) {
  return name === "undo" ? { undoes: String(payload.undoes) } : {};
}

/**
 * @param {unknown} error
 * @returns {{ok: false, error: string}}
 */
function failure(error) {
  console.warn("viewer-gamification | a command was not carried out:", error);
  return { ok: false, error: error instanceof Error ? error.message : String(error) };
}

/**
 * @param {number} ms
 * @param {Promise<Answer>} answer
 * @returns {Promise<Answer|null>} Null when it takes longer; it may still happen, and is remembered.
 */
function within(ms, answer) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return Promise.race([answer, tooLong]).finally(() => clearTimeout(timer));
}
