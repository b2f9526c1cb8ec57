import { browserWorld, Connection } from "./stream/connection.js";

/** @typedef {import("./stream/connection.js").Listener} Listener */
/** @typedef {import("./stream/exchange.js").Report} Report */
/** @typedef {import("./stream/exchange.js").Request} Request */

/**
 * A stream that is being read.
 *
 * @typedef {object} Stream
 * @property {() => void} reconnect Opens another line at once.
 * @property {() => void} reload Begins anew: what was read is doubtful.
 * @property {() => void} close
 */

/** A worker that has not greeted by then, or says nothing for so long, does not work here. */
const HELLO_MS = 3_000;
const SILENCE_MS = 45_000;
const HERE_MS = 10_000;

/**
 * Reads the event stream at that path for ever. All pages of a browser share one line for each
 * path, through a SharedWorker. Where there is none, or it does not answer or falls silent (OBS
 * kills what it believes idle), the page opens a line of its own.
 *
 * @param {string} path On this origin.
 * @param {Omit<Listener, "onAlive">} listener
 * @returns {Stream}
 */
export function openStream(path, listener) {
  /** @type {Stream} */
  let stream;
  try {
    stream = shared(path, listener, () => {
      stream = direct(path, listener);
    });
  } catch {
    stream = direct(path, listener);
  }
  return {
    reconnect: () => stream.reconnect(),
    reload: () => stream.reload(),
    close: () => stream.close(),
  };
}

/**
 * @param {string} path
 * @param {Omit<Listener, "onAlive">} listener
 * @returns {Stream}
 */
function direct(path, listener) {
  const connection = new Connection(path, { ...listener, onAlive: () => {} }, browserWorld());
  connection.start();
  return connection;
}

/**
 * @param {string} path
 * @param {Omit<Listener, "onAlive">} listener
 * @param {() => void} giveUp Called once, when the worker does not work.
 * @returns {Stream} Throws where there are no such workers.
 */
function shared(path, listener, giveUp) {
  const address = new URL("./stream-worker.js", import.meta.url);
  const worker = new SharedWorker(address, { type: "module", name: "streams" });
  const say = (/** @type {Request} */ request) => worker.port.postMessage(request);
  const startedAt = performance.now();
  let [isOver, heardAt, saidAt] = [false, 0, startedAt];
  const end = () => {
    isOver = true;
    clearInterval(timer);
    say({ kind: "close" });
  };
  const abandon = () => {
    if (isOver) return;
    end();
    giveUp();
  };
  const timer = setInterval(() => {
    const now = performance.now();
    const isMute = heardAt === 0 ? now - startedAt > HELLO_MS : now - heardAt > SILENCE_MS;
    if (isMute) return abandon();
    if (now - saidAt < HERE_MS) return;
    saidAt = now;
    say({ kind: "here" });
  }, 1_000);
  worker.addEventListener("error", abandon);
  worker.port.addEventListener("message", ({ data }) => {
    heardAt = performance.now();
    if (!isOver) pass(data, listener);
  });
  worker.port.start();
  addEventListener("pagehide", (event) => {
    if (!event.persisted) say({ kind: "close" });
  });
  say({ kind: "open", url: path });
  return {
    reconnect: () => say({ kind: "reconnect" }),
    reload: () => say({ kind: "reload" }),
    close: end,
  };
}

/**
 * @param {Report} report
 * @param {Omit<Listener, "onAlive">} listener
 */
function pass(report, listener) {
  if (report.kind === "frame") listener.onFrame(report.frame);
  else if (report.kind === "state") listener.onState(report.state);
}
