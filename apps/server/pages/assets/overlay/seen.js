const PERIOD_MS = 10_000;
const PATIENCE_MS = 5_000;

/**
 * Tells the server that this overlay is there, every ten seconds and when that changes: whether it
 * can be seen, and, where OBS says so, whether it is on air.
 */
export class Sighting {
  /**
   * @param {string} path Where it is told.
   * @param {() => void} onSilence The server did not answer: the stream may be dead too.
   */
  constructor(path, onSilence) {
    this.#path = path;
    this.#onSilence = onSilence;
  }

  #path;
  #onSilence;
  #isConnected = false;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** What OBS says of this source; null outside of OBS. @type {boolean|null} */
  #isVisible = null;
  /** @type {boolean|null} */
  #isActive = null;
  /** @type {boolean|null} */
  #isStreaming = null;

  /** Listens to OBS and the browser; called once. */
  start() {
    addEventListener("obsSourceVisibleChanged", ({ detail }) => {
      this.#isVisible = detail.visible;
      this.#tell();
    });
    addEventListener("obsSourceActiveChanged", ({ detail }) => {
      this.#isActive = detail.active;
      this.#tell();
    });
    addEventListener("obsStreamingStarted", () => this.#streams(true));
    addEventListener("obsStreamingStopped", () => this.#streams(false));
    window.obsstudio?.getStatus(({ streaming }) => this.#streams(streaming));
    document.addEventListener("visibilitychange", () => this.#tell());
    setInterval(() => {
      if (performance.now() - this.#toldAt >= PERIOD_MS) this.#tell();
    }, 1_000);
  }

  /** @param {boolean} isConnected Without a stream there is nothing to be seen. */
  become(isConnected) {
    const hasBegun = isConnected && !this.#isConnected;
    this.#isConnected = isConnected;
    if (hasBegun) this.#tell();
  }

  /** What is told. */
  get report() {
    const isVisible = this.#isVisible ?? document.visibilityState === "visible";
    const isKnown = this.#isStreaming !== null && this.#isActive !== null;
    return { isVisible, isOnAir: isKnown ? this.#isStreaming && this.#isActive : null };
  }

  /** @param {boolean} isStreaming */
  #streams(isStreaming) {
    this.#isStreaming = isStreaming;
    this.#tell();
  }

  #tell() {
    if (!this.#isConnected) return;
    this.#toldAt = performance.now();
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
    fetch(this.#path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(this.report),
      credentials: "omit",
      signal: abort.signal,
    }).catch(this.#onSilence).finally(() => clearTimeout(timer));
  }
}
