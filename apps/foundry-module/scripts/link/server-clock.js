/** How many of the latest messages are believed; with one ping in half a minute, some minutes. */
const HEARD_MAX = 20;

/**
 * The server's clock, as far as its messages tell. A message that was long on its way makes the
 * server seem to lag behind, so of the latest ones the quickest is believed.
 */
export class ServerClock {
  /** @type {number[]} */
  #ahead = [];

  /**
   * A message with this time of sending has just arrived.
   *
   * @param {unknown} timestamp Milliseconds since 1970; anything else is passed by.
   */
  hear(timestamp) {
    if (typeof timestamp !== "number" || !Number.isFinite(timestamp)) return;
    this.#ahead.push(timestamp - Date.now());
    if (this.#ahead.length > HEARD_MAX) this.#ahead.shift();
  }

  /** The server's time now; this computer's until a message was heard. */
  now() {
    return Date.now() + (this.#ahead.length > 0 ? Math.max(...this.#ahead) : 0);
  }
}
