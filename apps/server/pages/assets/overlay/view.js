import { Card } from "./card.js";
import { element, setList, setText } from "./dom.js";
import { eventName, isolated, told } from "./words.js";
import { placeOf } from "./shapes.js";
import { rollElement, sceneElement } from "./scene-view.js";

/** @typedef {import("./options.js").Options} Options */
/** @typedef {import("./scenes.js").Playing} Playing */
/** @typedef {import("./shapes.js").Cooldown} Cooldown */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("../text.js").Texts} Texts */

/** More would cover the game. */
const CARDS_MAX = 4;
const COOLDOWNS_MAX = 3;
const LEAVE_MS = 600;

/** Everything that is seen. It shows a state; it knows nothing of its own. */
export class View {
  /**
   * @param {HTMLElement} root
   * @param {Texts} texts
   * @param {Options} options
   */
  constructor(root, texts, options) {
    this.#root = root;
    this.#texts = texts;
    root.dataset.position = options.position;
    root.style.setProperty("--scale", String(options.scale));
    this.#told.setAttribute("aria-live", "polite");
    this.#told.setAttribute("role", "status");
    const stack = element("div", "stack", this.#panic, this.#cards, this.#more, this.#cooldowns);
    root.replaceChildren(stack, this.#stage, this.#dice, this.#told);
  }

  #root;
  #texts;
  #panic = element("div", "notice panic");
  #cards = element("div", "cards");
  #more = element("p", "more");
  #cooldowns = element("ul", "cooldowns");
  #stage = element("div", "stage");
  #dice = element("div", "dice");
  #told = element("p", "told");
  /** @type {Map<string, Card>} */
  #shown = new Map();
  /** @type {Map<HTMLElement, Playing>} */
  #playing = new Map();

  /** Shows nothing at all. */
  blank() {
    this.#root.hidden = true;
    this.#stage.replaceChildren();
    this.#dice.replaceChildren();
    this.#cards.replaceChildren();
    this.#shown.clear();
    this.#playing.clear();
    setText(this.#told, "");
  }

  /**
   * @param {State} state
   * @param {number} now Milliseconds of the server.
   */
  show(state, now) {
    this.#root.hidden = false;
    this.#root.classList.toggle("panicked", state.isPanicked);
    const panic = state.isPanicked ? ["overlay-panic", "overlay-panic-note"] : [];
    const lines = panic.map((id) => this.#texts.get(id));
    setList(this.#panic, lines, (line) => element("p", "", line));
    this.#panic.hidden = lines.length === 0;
    this.#showCards(state, now);
    this.#showCooldowns(state, now);
    this.#dropUntrue(state);
  }

  /** @param {Playing} scene */
  play(scene) {
    const { kind, goalId, durationMs } = scene;
    this.#shown.get(goalId)?.strike(kind);
    const sentence = told(scene, this.#texts);
    if (sentence) setText(this.#told, sentence);
    const made = kind === "dice"
      ? rollElement(scene.roll, this.#texts) : sceneElement(scene, this.#texts);
    if (!made) return;
    (kind === "dice" ? this.#dice : this.#stage).append(made);
    this.#playing.set(made, scene);
    setTimeout(() => made.classList.add("leaving"), Math.max(0, durationMs - LEAVE_MS));
    setTimeout(() => this.#drop(made), durationMs);
  }

  /**
   * @param {State} state
   * @param {number} now
   */
  #showCards({ goals, endings, table }, now) {
    const ids = [...Object.keys(goals), ...Object.keys(endings)].sort();
    // Goals are numbered as they open: each keeps its place. What runs goes before what is over.
    const first = ids.filter((id) => goals[id]).slice(0, CARDS_MAX);
    const rest = CARDS_MAX - first.length;
    const over = ids.filter((id) => !goals[id]);
    const kept = new Set([...first, ...over.slice(Math.max(0, over.length - rest))]);
    for (const id of ids.filter((one) => kept.has(one))) {
      const card = this.#card(id);
      if (goals[id]) card.showGoal(goals[id], { table, now });
      else card.showEnding(endings[id]);
    }
    this.#arrange(ids.filter((id) => kept.has(id)));
    const more = Object.keys(goals).length - first.length;
    setText(this.#more, more > 0 ? this.#texts.get("overlay-more", { count: more }) : "");
  }

  /** @param {string} id */
  #card(id) {
    const card = this.#shown.get(id) ?? new Card(this.#texts);
    this.#shown.set(id, card);
    return card;
  }

  /** @param {string[]} ids */
  #arrange(ids) {
    for (const [id, card] of this.#shown) {
      if (ids.includes(id)) continue;
      card.element.remove();
      this.#shown.delete(id);
    }
    ids.forEach((id, index) => {
      const made = this.#card(id).element;
      if (this.#cards.children[index] !== made) {
        this.#cards.insertBefore(made, this.#cards.children[index] ?? null);
      }
    });
  }

  /**
   * @param {State} state
   * @param {number} now
   */
  #showCooldowns({ cooldowns, goals }, now) {
    const busy = new Set(Object.values(goals).map(placeOf));
    const lines = Object.values(cooldowns)
      .filter((cooldown) => !busy.has(placeOf(cooldown)) && cooldown.until > now)
      .sort((a, b) => a.until - b.until)
      .slice(0, COOLDOWNS_MAX)
      .map((cooldown) => this.#cooldownLine(cooldown, now));
    setList(this.#cooldowns, lines, (line) => element("li", "cooldown", line));
  }

  /**
   * @param {Cooldown} cooldown
   * @param {number} now
   */
  #cooldownLine(cooldown, now) {
    const event = isolated(eventName(cooldown, this.#texts));
    const time = this.#texts.countdown(cooldown.until - now);
    return this.#texts.get("overlay-cooldown", { event, time });
  }

  /**
   * Takes away a scene that is not true any more: of a goal that waits, and was stopped meanwhile.
   *
   * @param {State} state
   */
  #dropUntrue({ goals, endings, isPanicked }) {
    for (const [made, { kind, goalId }] of this.#playing) {
      const isWaiting = kind === "armed" || kind === "consumed";
      const isStopped = !goals[goalId] && endings[goalId]?.outcome !== "executed";
      if (isWaiting && (isStopped || isPanicked)) this.#drop(made);
    }
  }

  /** @param {HTMLElement} made */
  #drop(made) {
    made.remove();
    this.#playing.delete(made);
  }
}
