// The overlay: what the server says, as it is now, on a transparent page for OBS.
import { Presence } from "./presence.js";
import { Scenes } from "./scenes.js";
import { ServerClock } from "./clock.js";
import { Sighting } from "./seen.js";
import { Sound } from "./sound.js";
import { View } from "./view.js";
import { blank, comparable, forget, reduce } from "./state.js";
import { loadTexts } from "../text.js";
import { openStream } from "../stream.js";
import { optionsOf } from "./options.js";

/** @typedef {import("../stream/connection.js").Frame} Frame */
/** @typedef {import("../stream/connection.js").StreamState} StreamState */
/** @typedef {import("../text.js").Texts} Texts */

/** How often what runs down is shown anew. */
const TICK_MS = 200;
const SOON_MS = 16;
const TEXTS_RETRY_MS = 2_000;

/** What happens on this page. */
class Overlay {
  /**
   * @param {HTMLElement} root
   * @param {Texts} texts
   */
  constructor(root, texts) {
    const options = optionsOf(new URLSearchParams(location.search));
    this.#view = new View(root, texts, options);
    this.#sound = new Sound(options.volume);
    this.#sighting = new Sighting(`${location.pathname}/seen`, () => this.#stream.reconnect());
    this.#stream = openStream(`${location.pathname}/stream`, {
      onFrame: (frame) => this.#hear(frame),
      onState: (state) => this.#become(state),
    });
    this.#sighting.start();
    setInterval(() => this.#show(), TICK_MS);
  }

  #view;
  #sound;
  #sighting;
  #stream;
  #state = blank();
  #scenes = new Scenes();
  #clock = new ServerClock();
  #presence = new Presence();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** What a snapshot of this moment must say too; for checks. */
  get comparable() {
    return comparable(forget(this.#state, this.#now()));
  }

  /** Whether anything is shown. */
  get isShown() {
    return this.#presence.isShown(performance.now());
  }

  #now() {
    return this.#clock.at(Date.now());
  }

  /** @param {Frame} frame */
  #hear(frame) {
    this.#clock.hear(frame, Date.now());
    const { state, effect } = reduce(this.#state, frame);
    this.#state = forget(state, this.#now());
    if (effect === "doubtful") return this.#stream.reload();
    if (effect === "applied") this.#scenes.hear(frame, this.#now());
    if (this.#presence.isOpen) this.#showSoon();
  }

  /** @param {StreamState} state */
  #become(state) {
    this.#presence.become(state, performance.now());
    this.#sighting.become(state === "open");
    this.#show();
  }

  /** Hundreds of facts that come at once are shown at once. */
  #showSoon() {
    this.#timer ??= setTimeout(() => this.#show(), SOON_MS);
  }

  #show() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.isShown) {
      this.#scenes.clear();
      return this.#view.blank();
    }
    const now = this.#now();
    this.#state = forget(this.#state, now);
    this.#view.show(this.#state, now);
    for (const scene of this.#scenes.begin(this.#state, now)) {
      this.#view.play(scene);
      this.#sound.play(scene.kind);
    }
  }
}

/** @returns {Promise<Texts>} When the server gives them; it may be away when OBS starts. */
async function untilLoaded() {
  for (;;) {
    try {
      return await loadTexts(document.documentElement.lang, "overlay");
    } catch {
      await new Promise((resolve) => setTimeout(resolve, TEXTS_RETRY_MS));
    }
  }
}

const root = document.getElementById("overlay");
if (root) {
  const overlay = new Overlay(root, await untilLoaded());
  // Tests compare it with the server's own word.
  Object.defineProperty(window, "overlay", { value: overlay });
}
