import assert from "node:assert/strict";
import { Watch } from "./watch.js";
import { browser } from "./chromium.js";
import { keepPicture } from "./pictures.js";

const PATIENCE_MS = 15_000;

/** A person's browser with one page: cookies, language and wishes of its own. */
export class Visit {
  #name;

  /**
   * `options`: `language` ("en", "fr"), `hasScripts`, `wantsLessMotion`, `viewport`. The last
   * picture is kept under `name`.
   */
  static async begin(place, name, options = {}) {
    const visit = new Visit();
    visit.place = place;
    visit.#name = name;
    const launched = await browser();
    visit.context = await launched.newContext(contextOptions(place, options));
    visit.context.setDefaultTimeout(PATIENCE_MS);
    await visit.#openPage();
    return visit;
  }

  async #openPage() {
    this.page = await this.context.newPage();
    const allowed = [this.place.base, new URL(this.place.twitch.base).origin];
    this.watch = await Watch.over(this.page, allowed);
  }

  /** Opens a page of the server; answers its response. */
  goto(path) {
    return this.page.goto(`${this.place.base}${path}`);
  }

  /** Signs in as a person of the sandbox, and is led to `path` afterwards. */
  async signIn(login, { path = "/", asStreamer = false } = {}) {
    const purpose = asStreamer ? "&for=streamer" : "";
    await this.goto(`/auth/twitch?as=${login}&return=${encodeURIComponent(path)}${purpose}`);
    await this.page.waitForURL((url) => url.origin === this.place.base);
  }

  /** Ends the sign-in as time does: what the browser sends is worth nothing any more. */
  async expire() {
    const kept = await this.context.cookies();
    const other = kept.filter(({ name }) => name !== "session");
    await this.context.clearCookies();
    await this.context.addCookies(other);
  }

  /**
   * Loads a page as if for the first time, and answers how many bytes that took. `isThere` waits
   * until it shows everything.
   */
  async measure(path, isThere) {
    const session = await this.context.newCDPSession(this.page);
    await session.send("Network.clearBrowserCache");
    this.watch.startCounting();
    await this.goto(path);
    await isThere(this.page);
    const { bytes, requests } = this.watch;
    return { bytes, requests };
  }

  /** Closes the browser; throws when the page did what `Watch` does not allow. */
  async end() {
    if (!this.page.isClosed()) await keepPicture(this.page, this.#name);
    await this.context.close();
    assert.deepEqual(this.watch.problems(), [], "what the page did");
  }
}

function contextOptions({ base }, options) {
  const { language = "en", hasScripts = true, wantsLessMotion = false } = options;
  return {
    baseURL: base,
    locale: language === "fr" ? "fr-FR" : "en-GB",
    timezoneId: "Europe/Paris",
    colorScheme: "dark",
    javaScriptEnabled: hasScripts,
    reducedMotion: wantsLessMotion ? "reduce" : "no-preference",
    viewport: options.viewport ?? { width: 1280, height: 800 },
  };
}
