import { MODULE_ID } from "../constants.js";

/** @typedef {import("./credentials.js").Secrets} Secrets */

const TIMEOUT_MS = 10_000;

/** Why a call to the server failed. */
export class ServerError extends Error {
  /**
   * @param {string} message What the server said, for people.
   * @param {number} status The HTTP status; 0 when there was no answer.
   */
  constructor(message, status) {
    super(message);
    this.name = "ServerError";
    this.status = status;
  }

  /** Whether the server did not accept the credentials; asking again will not help. */
  get isRefusal() {
    return this.status === 401;
  }
}

/** The HTTP side of the link: pairing and tokens. Every call throws {@link ServerError}. */
export class ServerApi {
  /** @param {() => URL|null} address Where the server is; asked for at each call. */
  constructor(address) {
    this.#address = address;
  }

  #address;

  /**
   * Asks for a code that the GM types into the server's console.
   *
   * @param {string} pollToken A secret of this browser: the result goes to nobody else.
   * @returns {Promise<{code: string, expiresIn: number}>}
   */
  requestPairing(pollToken) {
    return this.#post("webhooks/foundry/request-pairing", {
      worldId: game.world.id,
      worldName: game.world.title,
      gmUserId: game.user.id,
      moduleVersion: moduleVersion(),
      gameSystemId: game.system.id,
      gameSystemName: game.system.title,
      pollToken,
    });
  }

  /**
   * How far the pairing with that code has got.
   *
   * @param {string} code
   * @param {string} pollToken
   * @returns {Promise<{status: string, remainingSeconds?: number} & Partial<Secrets>>}
   */
  pairingStatus(code, pollToken) {
    const query = new URLSearchParams({ worldId: game.world.id, code, pollToken });
    return this.#call(`webhooks/foundry/pairing-status?${query}`, {});
  }

  /**
   * Whether the GM allowed a revoked connection again.
   *
   * @param {string} apiKey
   * @returns {Promise<{status: string} & Partial<Secrets>>}
   */
  reauthorizationStatus(apiKey) {
    const query = new URLSearchParams({ worldId: game.world.id });
    const headers = { authorization: `Bearer ${apiKey}` };
    return this.#call(`webhooks/foundry/reauthorization-status?${query}`, { headers });
  }

  /**
   * Takes this world off the server. Twice is the same as once.
   *
   * @param {Secrets} secrets
   */
  async revoke({ connectionId, apiKey }) {
    await this.#post("webhooks/foundry/revoke", { connectionId, apiKey, reason: "unpaired" });
  }

  /**
   * New tokens for old ones.
   *
   * @param {Secrets} secrets
   * @returns {Promise<{sessionToken: string, refreshToken: string}>}
   */
  refresh({ refreshToken, fingerprint }) {
    return this.#post("mj/vtt-connections/refresh-token", { refreshToken, fingerprint });
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  #post(path, body) {
    const headers = { "content-type": "application/json" };
    return this.#call(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /**
   * @param {string} path
   * @param {RequestInit} init
   * @returns {Promise<any>}
   */
  async #call(path, init) {
    const address = this.#address();
    if (!address) throw new ServerError("the server's address is not set", 0);
    const url = `${address.href.replace(/\/+$/, "")}/${path}`;
    const request = { ...init, credentials: /** @type {const} */ ("omit") };
    let response;
    let answer;
    try {
      response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
      answer = await response.json().catch(() => null);
    } catch {
      throw new ServerError("the server does not answer", 0);
    }
    if (response.ok && answer) return answer;
    const said = answer?.detail ?? answer?.error ?? `the server answered ${response.status}`;
    throw new ServerError(String(said), response.status);
  }
}

/** The version of this module as Foundry loaded it. */
export function moduleVersion() {
  return game.modules.get(MODULE_ID)?.version ?? "";
}
