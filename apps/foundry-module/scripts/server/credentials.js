import { MODULE_ID } from "../constants.js";
import { Setting } from "../settings.js";

/**
 * What opens this world's connection.
 *
 * @typedef {object} Secrets
 * @property {string} connectionId
 * @property {string} apiKey For the HTTP calls.
 * @property {string} sessionToken For the socket.
 * @property {string} refreshToken For the next session token.
 * @property {string} fingerprint Goes with the refresh token.
 */

const FIELDS = Object.freeze(
  /** @type {const} */ (["connectionId", "apiKey", "sessionToken", "refreshToken", "fingerprint"]),
);

/**
 * The secrets of this world in this browser. Only game masters read or write them. Browsers keep
 * client settings per origin, and one Foundry serves many worlds there, so they are kept by world.
 */
export class Credentials {
  /**
   * Read anew each time: another tab of this browser may have renewed them.
   *
   * @returns {Secrets|null}
   */
  read() {
    if (!game.user.isGM) return null;
    const secrets = this.#all()[game.world.id];
    return FIELDS.every((field) => typeof secrets?.[field] === "string") ? secrets : null;
  }

  /**
   * Resolves when they are stored, so that nothing is used that a reload would lose.
   *
   * @param {Partial<Secrets>} secrets Those that are new; the others stay.
   */
  async store(secrets) {
    if (!game.user.isGM) return;
    const kept = { ...this.#all()[game.world.id] };
    for (const field of FIELDS) {
      if (typeof secrets[field] === "string") kept[field] = secrets[field];
    }
    await this.#save({ ...this.#all(), [game.world.id]: kept });
  }

  /** Forgets those of this world. */
  async forget() {
    if (!game.user.isGM) return;
    const others = Object.entries(this.#all()).filter(([world]) => world !== game.world.id);
    await this.#save(Object.fromEntries(others));
  }

  /** @returns {Record<string, any>} */
  #all() {
    return game.settings.get(MODULE_ID, Setting.CREDENTIALS) ?? {};
  }

  /** @param {Record<string, any>} all */
  async #save(all) {
    await game.settings.set(MODULE_ID, Setting.CREDENTIALS, all);
  }
}
