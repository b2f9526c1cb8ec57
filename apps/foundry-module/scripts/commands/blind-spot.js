/** @typedef {import("../link/server-clock.js").ServerClock} ServerClock */

/** What the clocks may differ by, beyond what the server's messages tell. */
const MARGIN_MS = 5_000;

/**
 * The time of which this browser cannot know what other browsers did: Foundry never sends again
 * what a client missed while its own connection was lost. What another GM wrote into the memory
 * of commands then is unknown here until the page is loaded again, so commands of that time are
 * not carried out.
 */
export class BlindSpot {
  /** @param {ServerClock} clock */
  constructor(clock) {
    this.#clock = clock;
    game.socket?.on("disconnect", () => this.#lost());
    game.socket?.on("connect", () => this.#found());
  }

  #clock;
  #isBlind = false;
  #losses = 0;
  #endedAt = 0;

  /** How often Foundry was lost. When that grows during a write, what is read then is doubtful. */
  get losses() {
    return this.#losses;
  }

  /**
   * Whether another browser may have carried out that command unseen.
   *
   * @param {string} requestId A UUID of version 7, which tells when it was made; any other id
   *   counts as made in the blind time.
   */
  covers(requestId) {
    if (this.#isBlind) return true;
    if (this.#losses === 0) return false;
    return (madeAt(requestId) ?? 0) <= this.#endedAt + MARGIN_MS;
  }

  #lost() {
    this.#isBlind = true;
    this.#losses += 1;
  }

  #found() {
    if (!this.#isBlind) return;
    this.#isBlind = false;
    this.#endedAt = this.#clock.now();
  }
}

/** @param {string} id */
function madeAt(id) {
  const digits = id.replaceAll("-", "");
  return /^[0-9a-f]{12}7[0-9a-f]{19}$/i.test(digits) ? parseInt(digits.slice(0, 12), 16) : null;
}
