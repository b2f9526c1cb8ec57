/**
 * The server's time, as far as it can be known from here. A snapshot tells it; a fact tells that it
 * is at least that late.
 */
export class ServerClock {
  #offsetMs = 0;

  /**
   * @param {import("../stream/connection.js").Frame} frame
   * @param {number} here Milliseconds of the clock of this machine.
   */
  hear({ type, body }, here) {
    const told = Date.parse(body.at) - here;
    if (Number.isNaN(told)) return;
    this.#offsetMs = type === "snapshot" ? told : Math.max(told, this.#offsetMs);
  }

  /** @param {number} here Milliseconds of the clock of this machine. */
  at(here) {
    return here + this.#offsetMs;
  }
}
