import { FrameReader } from "./frames.js";

/**
 * A fact or a snapshot. `body` is what the server said, parsed.
 *
 * @typedef {{ type: string, body: Record<string, any> }} Frame
 */

/**
 * Where a stream stands. `open`: the state of the server is here and stays so. `away`: it is tried
 * again all the time. `refused`: the server knows no such address, or not for us; it is asked again
 * now and then, for an address may come back.
 *
 * @typedef {"away"|"open"|"refused"} StreamState
 */

/**
 * @typedef {object} Listener
 * @property {(frame: Frame) => void} onFrame
 * @property {(state: StreamState) => void} onState Also when it is the same after another attempt.
 * @property {() => void} onAlive Something came, be it a comment.
 */

/**
 * What a connection needs of the world.
 *
 * @typedef {object} World
 * @property {(url: string, init: RequestInit) => Promise<Response>} fetch
 * @property {() => number} now Milliseconds of the wall clock.
 * @property {(act: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random
 */

/** The server says something at least every 15 s; this much silence is a dead line. */
const SILENCE_MS = 40_000;
/** After a sleep a line is believed dead sooner: two comments did not come. */
const SILENCE_AFTER_SLEEP_MS = 17_000;
const TICK_MS = 1_000;
/** A tick that comes so late had the machine asleep, or its clock set. */
const SLEEP_MS = 5_000;
const CONNECT_MS = 10_000;
const REFUSED_MS = 30_000;
const RETRY_MS_MAX = 15_000;

/** @returns {World} The browser. */
export function browserWorld() {
  return {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    setTimeout: (act, ms) => setTimeout(act, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    random: () => Math.random(),
  };
}

/**
 * One event stream that comes back for ever. It keeps the number of the last fact, so that it is
 * told what it missed, and begins anew without it when it doubts what it read.
 */
export class Connection {
  /**
   * @param {string} url
   * @param {Listener} listener
   * @param {World} world
   */
  constructor(url, listener, world) {
    this.#url = url;
    this.#listener = listener;
    this.#world = world;
  }

  #url;
  #listener;
  #world;
  /** @type {string|null} */
  #lastId = null;
  /** @type {AbortController|null} */
  #attempt = null;
  /** @type {any} */
  #retryTimer = null;
  /** @type {any} */
  #tickTimer = null;
  #tickedAt = 0;
  #heardAt = 0;
  #hasSnapshot = false;
  #failures = 0;
  #retryMs = 2_000;

  /** Connects, and stays at it until it is closed. */
  start() {
    this.#tickedAt = this.#world.now();
    this.#tick();
    this.reconnect();
  }

  /** Ends it. */
  close() {
    this.#world.clearTimeout(this.#tickTimer);
    this.#drop();
  }

  /** Opens another line at once; what is missed meanwhile is told. */
  reconnect() {
    this.#drop();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#heardAt = this.#world.now();
    this.#hasSnapshot = false;
    this.#run(attempt).catch((error) => {
      if (this.#attempt === attempt) this.#failed(error);
    });
  }

  /** Opens another line soon that begins anew: what was read cannot be trusted. */
  reload() {
    this.#lastId = null;
    this.#drop();
    this.#listener.onState("away");
    this.#retryIn(this.#delay());
    this.#failures += 1;
  }

  #drop() {
    this.#world.clearTimeout(this.#retryTimer);
    this.#attempt?.abort();
    this.#attempt = null;
  }

  /** @param {AbortController} attempt */
  async #run(attempt) {
    const answer = await this.#ask(attempt);
    if (this.#attempt !== attempt) return;
    if (answer.status !== 200 || !answer.body) return this.#refused(answer.status);
    const frames = new FrameReader();
    const text = new TextDecoder();
    const bytes = answer.body.getReader();
    for (;;) {
      const { value, done } = await bytes.read();
      if (this.#attempt !== attempt) return;
      if (done) throw new Error("the stream ended");
      this.#heardAt = this.#world.now();
      this.#listener.onAlive();
      for (const frame of frames.read(text.decode(value, { stream: true }))) {
        this.#take(frame);
        if (this.#attempt !== attempt) return;
      }
      this.#retryMs = frames.retryMs;
    }
  }

  /** @param {AbortController} attempt */
  async #ask(attempt) {
    /** @type {Record<string, string>} */
    const headers = { accept: "text/event-stream" };
    if (this.#lastId !== null) headers["last-event-id"] = this.#lastId;
    const timer = this.#world.setTimeout(() => {
      if (this.#attempt === attempt) this.#failed(new Error("no answer in time"));
    }, CONNECT_MS);
    const init = { headers, cache: /** @type {const} */ ("no-store"), signal: attempt.signal };
    try {
      return await this.#world.fetch(this.#url, init);
    } finally {
      this.#world.clearTimeout(timer);
    }
  }

  /** @param {import("./frames.js").RawFrame} raw */
  #take({ type, id, data }) {
    let body;
    try {
      body = JSON.parse(data);
    } catch {
      return this.reload();
    }
    const isFirst = type === "snapshot" || type === "reset";
    if (!Number.isSafeInteger(body?.sequence) || (!isFirst && !this.#hasSnapshot)) {
      return this.reload();
    }
    if (type === "reset") this.#lastId = null;
    this.#hasSnapshot ||= type === "snapshot";
    this.#lastId = id ?? this.#lastId;
    this.#listener.onFrame({ type, body });
    if (type === "snapshot") {
      this.#failures = 0;
      this.#listener.onState("open");
    }
  }

  /** @param {number} status */
  #refused(status) {
    const isRefusal = status === 401 || status === 403 || status === 404;
    if (!isRefusal) return this.#failed(new Error(`answer ${status}`));
    this.#lastId = null;
    this.#drop();
    this.#listener.onState("refused");
    this.#retryIn(REFUSED_MS);
  }

  /** @param {unknown} _error Why it ended does not matter: it comes back. */
  #failed(_error) {
    this.#drop();
    this.#listener.onState("away");
    this.#retryIn(this.#delay());
    this.#failures += 1;
  }

  /** Soon at first, then slower; never all at once when a server comes back to many readers. */
  #delay() {
    const patience = Math.max(0, this.#failures - 5);
    const longest = Math.min(this.#retryMs * 2 ** patience, RETRY_MS_MAX);
    return longest * (0.25 + 0.75 * this.#world.random());
  }

  /** @param {number} ms */
  #retryIn(ms) {
    this.#retryTimer = this.#world.setTimeout(() => this.reconnect(), ms);
  }

  #tick() {
    const now = this.#world.now();
    const wasAsleep = Math.abs(now - this.#tickedAt) > SLEEP_MS;
    this.#tickedAt = now;
    const silence = Math.abs(now - this.#heardAt);
    const isDead = silence > (wasAsleep ? SILENCE_AFTER_SLEEP_MS : SILENCE_MS);
    if (this.#attempt && isDead) {
      this.#listener.onState("away");
      this.reconnect();
    }
    this.#tickTimer = this.#world.setTimeout(() => this.#tick(), TICK_MS);
  }
}
