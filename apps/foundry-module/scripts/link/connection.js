import { Backoff } from "./backoff.js";

/** @typedef {import("../server/credentials.js").Credentials} Credentials */
/** @typedef {import("../server/server-api.js").ServerApi} ServerApi */

/**
 * Where the link stands. `revoked`: the GM took the access back and may give it again.
 *
 * @typedef {"unpaired"|"away"|"connected"|"revoked"} LinkState
 */

/**
 * @typedef {object} Listeners
 * @property {() => void} onOpen The socket is open, and nothing was said on it yet.
 * @property {(event: string, body: any) => void} onEvent The server said something.
 * @property {() => void} onClose The socket that was open is closed.
 * @property {() => void} onState The state changed.
 */

const HANDSHAKE_TIMEOUT_MS = 15_000;
const REAUTHORIZATION_POLL_MS = 30_000;
/** The first question comes soon: the GM may have allowed it while this browser was closed. */
const FIRST_POLL_MS = 2_000;
/** A connection that held this long was a good one: the next failure is a first one. */
const STABLE_MS = 5_000;

/**
 * The socket to the server. It comes back for ever, whatever ended it, until the server takes the
 * access back. Socket.IO's own reconnecting is off: it gives up when the server refuses or closes
 * the namespace, which a restarting server may well do.
 */
export class Connection {
  /**
   * @param {object} parts
   * @param {Credentials} parts.credentials
   * @param {ServerApi} parts.api
   * @param {() => URL|null} parts.address
   * @param {Listeners} parts.listeners
   */
  constructor({ credentials, api, address, listeners }) {
    this.#credentials = credentials;
    this.#api = api;
    this.#address = address;
    this.#listeners = listeners;
  }

  #credentials;
  #api;
  #address;
  #listeners;
  #backoff = new Backoff();
  /** @type {SocketIoSocket|null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** @type {LinkState} */
  #state = "unpaired";
  #openedAt = 0;
  /** One refresh per refusal: a server that refuses fresh tokens too is asked more slowly. */
  #mayRefresh = true;
  /** Counts starts and stops: an answer that comes after the next one is of no interest. */
  #run = 0;

  /** @returns {LinkState} */
  get state() {
    return this.#state;
  }

  /** Connects with the secrets that are stored now; a connection that is open is replaced. */
  start() {
    this.stop();
    this.#backoff.reset();
    this.#mayRefresh = true;
    this.#attempt();
  }

  /** Closes, and stays closed. */
  stop() {
    this.#run += 1;
    clearTimeout(this.#timer);
    this.#dropSocket();
    this.#become(this.#credentials.read() ? "away" : "unpaired");
  }

  /**
   * Says something.
   *
   * @param {string} event
   * @param {object} body
   * @returns {boolean} False when the socket is not open: nothing is kept for later.
   */
  emit(event, body) {
    if (!this.#socket?.connected) return false;
    this.#socket.emit(event, body);
    return true;
  }

  #attempt() {
    const secrets = this.#credentials.read();
    const address = this.#address();
    if (!secrets) return this.#become("unpaired");
    this.#become("away");
    if (!address) return;
    const prefix = address.pathname.replace(/\/+$/, "");
    const socket = io(`${address.origin}/vtt`, {
      path: `${prefix}/socket.io/`,
      auth: { token: secrets.sessionToken },
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
      timeout: HANDSHAKE_TIMEOUT_MS,
    });
    this.#socket = socket;
    const whileCurrent = (/** @type {(...heard: any[]) => void} */ act) =>
      (/** @type {any[]} */ ...heard) => {
        if (this.#socket === socket) act(...heard);
      };
    socket.on("connect", whileCurrent(() => this.#opened()));
    socket.on("connect_error", whileCurrent((error) => this.#failed(error, secrets.sessionToken)));
    socket.on("disconnect", whileCurrent(() => this.#lost()));
    socket.onAny(whileCurrent((event, body) => this.#heard(event, body)));
  }

  #opened() {
    this.#openedAt = Date.now();
    this.#mayRefresh = true;
    this.#become("connected");
    this.#listeners.onOpen();
  }

  /** Also after a disconnect that the server asked for: that one comes with a restart, too. */
  #lost() {
    if (Date.now() - this.#openedAt >= STABLE_MS) this.#backoff.reset();
    this.#dropSocket();
    this.#become("away");
    this.#retryLater();
  }

  /**
   * @param {string} event
   * @param {any} body
   */
  #heard(event, body) {
    if (event === "connection:revoked") return void this.#accessLost();
    if (event === "campaign:deleted") return void this.#campaignGone();
    this.#listeners.onEvent(event, body);
  }

  /**
   * @param {Error & {type?: string}} error
   * @param {string} token The session token that was refused.
   */
  async #failed(error, token) {
    this.#dropSocket();
    // Errors of the transport have a type; what the server itself says has none.
    const said = error.type === undefined ? error.message : "";
    if (said.startsWith("CAMPAIGN_DELETED:")) return this.#campaignGone();
    if (/revoked/.test(said)) return this.#accessLost();
    if (!/expired|invalid/.test(said) || !this.#mayRefresh) {
      this.#mayRefresh = true;
      return this.#retryLater();
    }
    this.#mayRefresh = false;
    const run = this.#run;
    const outcome = await this.#refresh(token);
    if (run !== this.#run) return;
    if (outcome === "fresh") return this.#attempt();
    if (outcome === "refused") return this.#accessLost();
    this.#mayRefresh = true;
    this.#retryLater();
  }

  /**
   * @param {string} refused The session token that does not hold any more.
   * @returns {Promise<"fresh"|"refused"|"unanswered">}
   */
  async #refresh(refused) {
    const secrets = this.#credentials.read();
    // Another tab of this browser has renewed them already.
    if (!secrets || secrets.sessionToken !== refused) return "fresh";
    try {
      // Stored before they are used: the old ones end two minutes after this call.
      await this.#credentials.store(await this.#api.refresh(secrets));
      return "fresh";
    } catch (error) {
      return isRefusal(error) ? "refused" : "unanswered";
    }
  }

  #retryLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#attempt(), this.#backoff.next());
  }

  /** The tokens are worth nothing now, but the GM may give the access back. */
  #accessLost(pollMs = FIRST_POLL_MS) {
    clearTimeout(this.#timer);
    this.#dropSocket();
    this.#become("revoked");
    this.#timer = setTimeout(() => this.#askForReauthorization(), pollMs);
  }

  async #askForReauthorization() {
    const secrets = this.#credentials.read();
    if (!secrets) return this.#become("unpaired");
    const run = this.#run;
    let answer;
    try {
      answer = await this.#api.reauthorizationStatus(secrets.apiKey);
    } catch (error) {
      answer = { status: isRefusal(error) ? "not_found" : "still_revoked" };
    }
    if (run !== this.#run) return;
    if (answer.status === "reauthorized") {
      await this.#credentials.store(answer);
      this.start();
    } else if (answer.status === "still_revoked") {
      this.#accessLost(REAUTHORIZATION_POLL_MS);
    } else {
      await this.#forget();
    }
  }

  async #campaignGone() {
    this.#dropSocket();
    await this.#forget();
  }

  async #forget() {
    await this.#credentials.forget();
    this.stop();
  }

  #dropSocket() {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    const wasConnected = this.#state === "connected";
    socket.close();
    if (wasConnected) this.#listeners.onClose();
  }

  /** @param {LinkState} state */
  #become(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#listeners.onState();
  }
}

/** @param {unknown} error */
function isRefusal(error) {
  return error instanceof Error && "isRefusal" in error && error.isRefusal === true;
}
