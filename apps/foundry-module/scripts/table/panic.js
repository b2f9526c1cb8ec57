import { isActingGm } from "./acting.js";
import { MODULE_ID, STATUS_HOOK } from "../constants.js";
import { Setting } from "../settings.js";

/**
 * Whether everything is to stop. The server has the last word; but a GM who presses the key is
 * obeyed at once in every browser, also while the server is away: the request is a setting of the
 * world until the server has repeated it.
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
  #isToldByServer = false;
  #wasActive = false;

  get isActive() {
    return this.#request() ?? this.#isToldByServer;
  }

  /** The GM pressed the key: begins panic, or ends it. */
  async toggle() {
    const active = !this.isActive;
    await game.settings.set(MODULE_ID, Setting.PANIC_REQUEST, { active });
    this.#emit("panic", { active });
  }

  /**
   * A connection begins. The server tells when panic reigns; what was asked for meanwhile is told
   * to it.
   */
  connected() {
    this.#isToldByServer = false;
    const active = this.#request();
    if (active !== null && isActingGm()) this.#emit("panic", { active });
    this.#announce();
  }

  /**
   * The server said `panic {active}`.
   *
   * @param {boolean} active
   */
  async told(active) {
    this.#isToldByServer = active;
    this.#announce();
    if (this.#request() === active && isActingGm()) {
      await game.settings.set(MODULE_ID, Setting.PANIC_REQUEST, {});
    }
  }

  #announce() {
    if (this.isActive && !this.#wasActive) this.#onBegin();
    this.#wasActive = this.isActive;
    Hooks.callAll(STATUS_HOOK);
  }

  /** @returns {boolean|null} */
  #request() {
    const { active } = game.settings.get(MODULE_ID, Setting.PANIC_REQUEST) ?? {};
    return typeof active === "boolean" ? active : null;
  }
}
