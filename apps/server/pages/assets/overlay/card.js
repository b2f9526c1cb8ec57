import { drawing, element, named, setList, setText } from "./dom.js";
import { endingNote, eventName, goalNote, refundLines } from "./words.js";
import { kindOf, shapeOf } from "./icons.js";
import { percentage } from "./shapes.js";

/** @typedef {import("./shapes.js").Channel} Channel */
/** @typedef {import("./shapes.js").Ending} Ending */
/** @typedef {import("./shapes.js").Goal} Goal */
/** @typedef {import("../text.js").Texts} Texts */

/** From here on a goal is nearly there. */
const URGENT_PERCENT = 70;
const LAST_MS = 10_000;

/** The place of one goal on the screen, from its opening until it is told where its points went. */
export class Card {
  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.#bar.setAttribute("role", "progressbar");
    this.#bar.setAttribute("aria-valuemin", "0");
    this.#bar.setAttribute("aria-valuemax", "100");
    const head = element("div", "head", this.#name, this.#time);
    const figures = element("div", "figures", this.#progress, this.#percent);
    const body = element("div", "body", head, this.#note, this.#bar, figures, this.#channels,
      this.#contributors, this.#refund);
    this.element = element("article", "card", this.#emblem, body);
  }

  #texts;
  #emblem = element("div", "emblem");
  #name = named("name");
  #time = element("span", "time");
  #note = element("p", "note");
  #fill = element("div", "fill");
  #bar = element("div", "bar", this.#fill);
  #progress = element("span", "progress");
  #percent = element("span", "percent");
  #channels = element("ul", "channels");
  #contributors = element("p", "contributors");
  #refund = element("div", "refund");

  /**
   * @param {Goal} goal
   * @param {{ table: string, now: number }} around
   */
  showGoal(goal, around) {
    const percent = percentage(goal);
    this.#showAny(goal, goal.stage);
    this.#mark("urgent", goal.stage === "active" && percent >= URGENT_PERCENT);
    const left = goal.deadline === null ? null : goal.deadline - around.now;
    setText(this.#time, left === null ? "" : this.#texts.countdown(left));
    this.#mark("last", left !== null && left < LAST_MS);
    setText(this.#note, goalNote(goal, around, this.#texts));
    setList(this.#contributors, goal.contributors, (name) => named("contributor", name));
    this.#refund.replaceChildren();
  }

  /** @param {Ending} ending */
  showEnding(ending) {
    this.#showAny(ending.goal, ending.outcome);
    this.#mark("urgent", false);
    this.#mark("last", false);
    setText(this.#time, this.#texts.get(`overlay-${ending.outcome}`));
    setText(this.#note, endingNote(ending, this.#texts));
    const thanked = ending.outcome === "executed" ? ending.goal.contributors : [];
    setList(this.#contributors, thanked, (name) => named("contributor", name));
    const lines = refundLines(ending, this.#texts);
    const kinds = new Map(lines.map(({ text, kind }) => [text, kind]));
    const line = (/** @type {string} */ text) => element("p", `points ${kinds.get(text)}`, text);
    setList(this.#refund, [...kinds.keys()], line);
  }

  /**
   * Something happened to it just now.
   *
   * @param {string} kind
   */
  strike(kind) {
    delete this.element.dataset.struck;
    // Read, so that the same animation begins again.
    void this.element.offsetWidth;
    this.element.dataset.struck = kind;
  }

  /**
   * @param {Goal} goal
   * @param {string} stage
   */
  #showAny(goal, stage) {
    const { dataset } = this.element;
    const kind = kindOf(goal.actionType);
    if (dataset.kind !== kind) {
      dataset.kind = kind;
      this.#emblem.replaceChildren(drawing("shape", shapeOf(goal.actionType)));
    }
    dataset.stage = stage;
    dataset.scope = goal.streamerId === null ? "group" : "own";
    const percent = percentage(goal);
    const name = eventName(goal, this.#texts);
    setText(this.#name, name);
    this.#bar.setAttribute("aria-label", name);
    this.#bar.setAttribute("aria-valuenow", String(percent));
    this.#fill.style.setProperty("--share", String(percent / 100));
    const { progress, target } = goal;
    setText(this.#progress, this.#texts.get("overlay-progress", { progress, target }));
    setText(this.#percent, this.#texts.get("overlay-percent", { number: percent }));
    this.#showChannels(goal.streamerId === null ? goal.channels : []);
  }

  /** @param {Channel[]} channels */
  #showChannels(channels) {
    while (this.#channels.children.length > channels.length) this.#channels.lastChild?.remove();
    channels.forEach((channel, index) => {
      const row = this.#channels.children[index] ?? this.#channels.appendChild(channelRow());
      this.#showChannel(/** @type {HTMLElement} */ (row), channel);
    });
  }

  /**
   * @param {HTMLElement} row
   * @param {Channel} channel
   */
  #showChannel(row, { name, contributions, objective, hasLeft }) {
    const [label, share, bar] = /** @type {HTMLElement[]} */ ([...row.children]);
    setText(label, name);
    setText(share, hasLeft
      ? this.#texts.get("overlay-left")
      : this.#texts.get("overlay-share", { contributions, objective }));
    const part = objective === 0 ? 1 : Math.min(1, contributions / objective);
    /** @type {HTMLElement} */ (bar.firstChild).style.setProperty("--share", String(part));
    row.classList.toggle("left", hasLeft);
  }

  /**
   * @param {string} mark
   * @param {boolean} isSet
   */
  #mark(mark, isSet) {
    this.element.classList.toggle(mark, isSet);
  }
}

function channelRow() {
  const bar = element("div", "bar", element("div", "fill"));
  return element("li", "channel", named("channel-name"), element("span", "share"), bar);
}
