/**
 * @typedef {object} Letter
 * @property {string} event
 * @property {object} body
 * @property {number} postedAt
 * @property {number} attempts
 */

const LETTERS_MAX = 200;
/** A roll that the server hears of later than this would surprise everybody. */
const AGE_MAX_MS = 60_000;
const ACK_TIMEOUT_MS = 10_000;
const RETRY_MS = 3_000;
const ATTEMPTS_MAX = 5;

/**
 * Reports that must not be lost when the connection is: each is sent when the one before it was
 * acknowledged, and again when it was not. The server knows repetitions by the message and index.
 */
export class Outbox {
  /** @param {(event: string, body: object) => boolean} emit False when nobody can be told now. */
  constructor(emit) {
    this.#emit = emit;
  }

  #emit;
  /** @type {Letter[]} */
  #letters = [];
  #isWaiting = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {string} event
   * @param {object} body
   */
  post(event, body) {
    this.#letters.push({ event, body, postedAt: Date.now(), attempts: 0 });
    if (this.#letters.length > LETTERS_MAX) this.#letters.shift();
    if (!this.#isWaiting) this.#sendNext();
  }

  /** The connection is open: what waited is sent. */
  open() {
    this.#sendNext();
  }

  /** The connection is lost; what was not acknowledged is sent again on the next one. */
  close() {
    clearTimeout(this.#timer);
    this.#isWaiting = false;
  }

  /**
   * The server said something; an acknowledgement of what was sent last is taken.
   *
   * @param {string} event
   * @param {{success?: boolean, error?: string}} [ack]
   */
  hear(event, ack) {
    const [sent] = this.#letters;
    if (!this.#isWaiting || event !== `${sent?.event}:ack`) return;
    clearTimeout(this.#timer);
    const isTransient = ack?.success === false && /again later/.test(ack.error ?? "");
    if (isTransient) {
      this.#timer = setTimeout(() => this.#sendNext(), RETRY_MS);
      return;
    }
    if (ack?.success === false) console.warn(`viewer-gamification | ${event}: ${ack.error}`);
    this.#letters.shift();
    this.#sendNext();
  }

  #sendNext() {
    clearTimeout(this.#timer);
    const oldest = Date.now() - AGE_MAX_MS;
    const isWorthIt = (/** @type {Letter} */ { postedAt, attempts }) =>
      postedAt >= oldest && attempts < ATTEMPTS_MAX;
    this.#letters = this.#letters.filter(isWorthIt);
    const [next] = this.#letters;
    this.#isWaiting = next !== undefined && this.#emit(next.event, next.body);
    if (!next || !this.#isWaiting) return;
    next.attempts += 1;
    this.#timer = setTimeout(() => this.#sendNext(), ACK_TIMEOUT_MS);
  }
}
