/** @typedef {import("../stream/connection.js").StreamState} StreamState */

/** So long an overlay goes on showing what it knows while the server is away. */
const BLANK_AFTER_MS = 3_000;

/**
 * Whether the overlay may show what it knows. Without the server nobody knows whether it is still
 * true, so after a moment it shows nothing.
 */
export class Presence {
  /** @type {StreamState} */
  #state = "away";
  #since = Number.NEGATIVE_INFINITY;

  /**
   * @param {StreamState} state
   * @param {number} now Milliseconds of a clock that only goes on.
   */
  become(state, now) {
    if (state !== this.#state) this.#since = now;
    this.#state = state;
  }

  /** @param {number} now */
  isShown(now) {
    if (this.#state === "away") return now - this.#since < BLANK_AFTER_MS;
    return this.#state === "open";
  }

  /** Whether the state of the server is here and stays so. */
  get isOpen() {
    return this.#state === "open";
  }
}
