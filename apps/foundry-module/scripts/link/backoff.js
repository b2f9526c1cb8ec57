const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** How long to wait before the next try: longer each time, up to half a minute, and for ever. */
export class Backoff {
  #failures = 0;

  /** The next wait, in milliseconds. It varies, so that many tables do not come back at once. */
  next() {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures);
    if (full < LONGEST_MS) this.#failures += 1;
    return full * (0.5 + Math.random() / 2);
  }

  /** All is well again. */
  reset() {
    this.#failures = 0;
  }
}
