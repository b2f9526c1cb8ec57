import { isActingGm } from "./acting.js";
import { MODULE_ID, STATUS_HOOK } from "../constants.js";
import { Setting } from "../settings.js";

/**
 * Whether everything is to stop. The server has the last word; but a GM who presses the key is
 * obeyed at once in every browser, also while the server is away: what was asked for is a setting
 * of the world until the server has spoken.
 */
export class Panic {
  /**
   * @param {(event: string, body: object) => boolean} emit
   * @param {() => void} onBegin Called when panic begins.
   */
  constructor(emit, onBegin) {
    this.#emit = emit;
    this.#onBegin = onBegin;
    Hooks.on(`${MODULE_ID}.panicRequest`, () => this.#announce());
  }

  #emit;
  #onBegin;
  /** What the server said last, or is about to say. */
  #isBelieved = false;
  #wasActive = false;
  /** Whether the server spoke since the key was pressed. */
  #isAnswered = false;

  get isActive() {
    return this.#request() ?? this.#isBelieved;
  }

  /** The GM pressed the key: begins panic, or ends it. */
  async toggle() {
    const active = !this.isActive;
    this.#isAnswered = false;
    const isSent = this.#emit("panic", { active });
    this.#isBelieved = active;
    this.#announce();
    await this.#ask(isSent && !active ? null : active);
    // Its answer may have been quicker than Foundry's.
    if (this.#isAnswered) await this.#ask(null);
  }

  /**
   * A connection begins. The server tells when panic reigns; what was asked for meanwhile is told
   * to it. It repeats only a panic that begins, so an end that was sent is done with.
   */
  async connected() {
    this.#isBelieved = false;
    this.#announce();
    const active = this.#request();
    if (active === null || !isActingGm()) return;
    if (this.#emit("panic", { active }) && !active) await this.#ask(null);
  }

  /**
   * The server said `panic {active}`.
   *
   * @param {boolean} active
   */
  async told(active) {
    this.#isAnswered = true;
    this.#isBelieved = active;
    this.#announce();
    // Whoever hears it: the acting GM's browser may have no connection.
    if (this.#request() !== null && game.user.isGM) await this.#ask(null);
    this.#announce();
  }

  #announce() {
    if (this.isActive && !this.#wasActive) this.#onBegin();
    this.#wasActive = this.isActive;
    Hooks.callAll(STATUS_HOOK);
  }

  /** @param {boolean|null} active Null when nothing is asked for any more. */
  async #ask(active) {
    const request = active === null ? {} : { active };
    await game.settings.set(MODULE_ID, Setting.PANIC_REQUEST, request);
  }

  /** @returns {boolean|null} */
  #request() {
    const { active } = game.settings.get(MODULE_ID, Setting.PANIC_REQUEST) ?? {};
    return typeof active === "boolean" ? active : null;
  }
}
