/** @typedef {import("./credentials.js").Credentials} Credentials */
/** @typedef {import("./server-api.js").ServerApi} ServerApi */

const POLL_MS = 2_000;

/**
 * How far a pairing has got. `error` is for people, in the server's words.
 *
 * @typedef {{step: "idle"|"asking"|"done"|"expired"}
 *   | {step: "waiting", code: string, expiresAt: number}
 *   | {step: "failed", error: string}} PairingStep
 */

/** Pairs this world: shows a code, and waits until the GM typed it into the server's console. */
export class Pairing {
  /**
   * @param {ServerApi} api
   * @param {Credentials} credentials
   * @param {{onStep: () => void, onPaired: () => void}} listeners
   */
  constructor(api, credentials, listeners) {
    this.#api = api;
    this.#credentials = credentials;
    this.#listeners = listeners;
  }

  #api;
  #credentials;
  #listeners;
  /** Counts attempts; what an earlier one still hears is not for the present one. */
  #attempt = 0;
  /** @type {PairingStep} */
  #step = { step: "idle" };

  /** @returns {PairingStep} */
  get step() {
    return this.#step;
  }

  /** Asks for a code; an earlier one is given up. Resolves when the code is there or refused. */
  async begin() {
    const attempt = ++this.#attempt;
    const pollToken = randomSecret();
    this.#become({ step: "asking" });
    try {
      const { code, expiresIn } = await this.#api.requestPairing(pollToken);
      if (attempt !== this.#attempt) return;
      const expiresAt = Date.now() + expiresIn * 1000;
      this.#become({ step: "waiting", code, expiresAt });
      this.#pollLater(attempt, { code, pollToken, expiresAt });
    } catch (error) {
      if (attempt === this.#attempt) this.#become({ step: "failed", error: messageOf(error) });
    }
  }

  /** Stops waiting. A code that was shown ends by itself. */
  cancel() {
    this.#attempt += 1;
    this.#become({ step: "idle" });
  }

  /**
   * @param {number} attempt
   * @param {{code: string, pollToken: string, expiresAt: number}} asked
   */
  #pollLater(attempt, asked) {
    setTimeout(() => this.#poll(attempt, asked), POLL_MS);
  }

  /**
   * @param {number} attempt
   * @param {{code: string, pollToken: string, expiresAt: number}} asked
   */
  async #poll(attempt, asked) {
    if (attempt !== this.#attempt) return;
    let answer;
    try {
      answer = await this.#api.pairingStatus(asked.code, asked.pollToken);
    } catch {
      // The server may be back before the code ends.
      answer = { status: "pending" };
    }
    if (attempt !== this.#attempt) return;
    if (answer.status === "completed") {
      await this.#credentials.store(answer);
      this.#become({ step: "done" });
      this.#listeners.onPaired();
    } else if (answer.status === "pending" && Date.now() < asked.expiresAt) {
      this.#pollLater(attempt, asked);
    } else {
      this.#become({ step: "expired" });
    }
  }

  /** @param {PairingStep} step */
  #become(step) {
    this.#step = step;
    this.#listeners.onStep();
  }
}

function randomSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
