import { Connection } from "./connection.js";

/** @typedef {import("./connection.js").Frame} Frame */
/** @typedef {import("./connection.js").StreamState} StreamState */

/**
 * What a page says to the exchange, and what it hears of it.
 *
 * @typedef {{ kind: "open", url: string } | { kind: "reconnect" } | { kind: "reload" }
 *   | { kind: "here" } | { kind: "close" }} Request
 * @typedef {{ kind: "hello" } | { kind: "alive" } | { kind: "state", state: StreamState }
 *   | { kind: "frame", frame: Frame }} Report
 */

/**
 * A page, as the exchange sees it.
 *
 * @typedef {{ postMessage: (report: Report) => void }} Port
 */

/** A page says that it is there every 10 s, or once a minute while the browser holds it back. */
const PORT_SILENCE_MS = 150_000;
const SWEEP_MS = 15_000;
/** With more than that since the snapshot, who joins late makes everybody begin anew. */
const FRAMES_KEPT_MAX = 500;

/** The pages that read one address, over one line. */
class Channel {
  /**
   * @param {string} url
   * @param {import("./connection.js").World} world
   */
  constructor(url, world) {
    this.#connection = new Connection(url, {
      onFrame: (frame) => this.#frame(frame),
      onState: (state) => this.#state(state),
      onAlive: () => this.#tell({ kind: "alive" }),
    }, world);
    this.#connection.start();
  }

  #connection;
  /** @type {Set<Port>} */
  ports = new Set();
  /** @type {StreamState} */
  #last = "away";
  /** The snapshot and what came after it; null when that became too much. @type {Frame[]|null} */
  #kept = [];

  /** @param {Port} port */
  join(port) {
    this.ports.add(port);
    if (this.#kept === null) return this.#connection.reload();
    for (const { type, body } of this.#kept) {
      const isFact = type !== "snapshot";
      const told = isFact ? { ...body, replayed: true } : body;
      port.postMessage({ kind: "frame", frame: { type, body: told } });
    }
    if (this.#kept.length > 0 || this.#last !== "open") {
      port.postMessage({ kind: "state", state: this.#last });
    }
  }

  reconnect() {
    this.#connection.reconnect();
  }

  reload() {
    this.#connection.reload();
  }

  close() {
    this.#connection.close();
  }

  /** @param {Frame} frame */
  #frame(frame) {
    if (frame.type === "snapshot") this.#kept = [frame];
    else if (frame.type === "reset") this.#kept = [];
    else if (this.#kept && this.#kept.length <= FRAMES_KEPT_MAX) this.#kept.push(frame);
    else this.#kept = null;
    this.#tell({ kind: "frame", frame });
  }

  /** @param {StreamState} state */
  #state(state) {
    this.#last = state;
    if (state === "refused") this.#kept = [];
    this.#tell({ kind: "state", state });
  }

  /** @param {Report} report */
  #tell(report) {
    for (const port of this.ports) port.postMessage(report);
  }
}

/** All streams that the pages of one browser read: one line for each address. */
export class Exchange {
  /** @param {import("./connection.js").World} world */
  constructor(world) {
    this.#world = world;
    this.#sweep();
  }

  #world;
  /** @type {Map<string, Channel>} */
  #channels = new Map();
  /** @type {Map<Port, { url: string|null, heardAt: number }>} */
  #pages = new Map();
  #sweptAt = 0;

  /** @param {Port} port A page that has just come. */
  welcome(port) {
    this.#pages.set(port, { url: null, heardAt: this.#world.now() });
    port.postMessage({ kind: "hello" });
  }

  /**
   * @param {Port} port
   * @param {Request} request
   */
  hear(port, request) {
    const page = this.#pages.get(port);
    if (!page) return;
    page.heardAt = this.#world.now();
    const channel = page.url === null ? undefined : this.#channels.get(page.url);
    if (request.kind === "open") this.#open(port, page, request.url);
    else if (request.kind === "reconnect") channel?.reconnect();
    else if (request.kind === "reload") channel?.reload();
    else if (request.kind === "close") this.#forget(port);
  }

  /**
   * @param {Port} port
   * @param {{ url: string|null }} page
   * @param {string} url
   */
  #open(port, page, url) {
    // A page may only read what is on its own origin.
    if (page.url !== null || !url.startsWith("/") || url.startsWith("//")) return;
    page.url = url;
    const channel = this.#channels.get(url) ?? new Channel(url, this.#world);
    this.#channels.set(url, channel);
    channel.join(port);
  }

  /** @param {Port} port */
  #forget(port) {
    const url = this.#pages.get(port)?.url;
    this.#pages.delete(port);
    const channel = url ? this.#channels.get(url) : undefined;
    channel?.ports.delete(port);
    if (url && channel?.ports.size === 0) {
      channel.close();
      this.#channels.delete(url);
    }
  }

  /** Forgets pages that left without a word, as a crashed one does. */
  #sweep() {
    const now = this.#world.now();
    // While the machine slept nobody could say anything.
    const wasAsleep = Math.abs(now - this.#sweptAt) > 4 * SWEEP_MS;
    this.#sweptAt = now;
    for (const [port, page] of this.#pages) {
      if (wasAsleep) page.heardAt = now;
      else if (now - page.heardAt > PORT_SILENCE_MS) this.#forget(port);
    }
    this.#world.setTimeout(() => this.#sweep(), SWEEP_MS);
  }
}
