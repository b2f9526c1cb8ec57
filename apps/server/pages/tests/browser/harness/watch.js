/**
 * Watches a page for what no page of ours does: scripts that fail, a violation of its policy, a
 * request to another host. Counts what is transferred.
 */
export class Watch {
  #page;
  #allowed;
  #forgiven = [];
  #problems = [];

  /** `allowed` are the origins that it may ask. */
  static async over(page, allowed) {
    const watch = new Watch();
    watch.#page = page;
    watch.#allowed = allowed;
    page.on("console", (message) => watch.#said(message));
    page.on("pageerror", (error) => watch.#note(`a script failed: ${error.stack ?? error}`));
    page.on("request", (request) => watch.#asked(request.url()));
    await watch.#count();
    return watch;
  }

  /** What the test brings about on purpose is no problem: messages like that. */
  forgive(pattern) {
    this.#forgiven.push(pattern);
  }

  /** What was wrong until now. */
  problems() {
    return this.#problems.filter((text) => !this.#forgiven.some((pattern) => pattern.test(text)));
  }

  /** Forgets what was transferred. */
  startCounting() {
    this.bytes = 0;
    this.requests = [];
  }

  async #count() {
    this.startCounting();
    const session = await this.#page.context().newCDPSession(this.#page);
    await session.send("Network.enable");
    const names = new Map();
    session.on("Network.responseReceived", ({ requestId, response }) => {
      names.set(requestId, new URL(response.url).pathname);
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      this.bytes += encodedDataLength;
      this.requests.push(`${names.get(requestId)}: ${encodedDataLength}`);
    });
  }

  #said(message) {
    if (message.type() !== "error") return;
    this.#note(`${message.text()} (${message.location().url})`);
  }

  #asked(url) {
    const { protocol, origin } = new URL(url);
    if (protocol === "data:" || this.#allowed.includes(origin)) return;
    this.#note(`asked another host: ${url}`);
  }

  #note(text) {
    this.#problems.push(text);
  }
}
