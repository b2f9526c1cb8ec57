import { MODULE_ID } from "../constants.js";

/** @typedef {import("./inverse.js").InverseStep} InverseStep */

/**
 * What is remembered of a command. Without `finishedAt` it was begun and nobody knows its end.
 *
 * @typedef {object} CommandRecord
 * @property {string} command
 * @property {number} startedAt
 * @property {number} [finishedAt]
 * @property {boolean} [ok]
 * @property {string} [error]
 * @property {any} [result]
 * @property {InverseStep[]} [inverse] What takes it back; a command without one cannot be undone.
 * @property {string} [undoes] For an undo: the command that it took back.
 */

/** @typedef {Record<string, CommandRecord>} Page By request id. */

const PAGE_PREFIX = "memory-";
/** A page is written as a whole, and deleted messages in it can be large. */
const PAGE_RECORDS_MAX = 50;
const RECORDS_MIN = 1_000;
const AGE_MIN_MS = 24 * 3_600_000;

/**
 * The memory of commands: world settings, so that it outlives reloads and is seen by every GM.
 *
 * Settings are written as a whole and the last writer wins, so two browsers must never write the
 * same one. Each page load writes pages of its own (`memory-<page load>-<number>`), and everybody
 * reads all of them: nothing that was written is ever lost.
 *
 * That also settles who acts when two browsers claim one command. Foundry's server tells every
 * client of each write in one order, a writer of its own by the answer. When the answer to a claim
 * arrives, every claim that was written earlier is known here. So of two claims the later one sees
 * the earlier one, and only who sees no other acts.
 */
export class CommandMemory {
  #writer = foundry.utils.randomID();
  #pageNumber = 0;
  /** The write that is under way; each waits for the one before it, or would undo it. */
  #writing = Promise.resolve();

  /**
   * @param {string} requestId
   * @returns {CommandRecord|undefined} A finished record rather than a begun one.
   */
  find(requestId) {
    const pages = this.#keys().map((key) => this.#read(key));
    const isKnown = (/** @type {Page} */ page) => Object.hasOwn(page, requestId);
    const records = pages.filter(isKnown).map((page) => page[requestId]);
    return records.find((record) => record.finishedAt !== undefined) ?? records[0];
  }

  /**
   * Writes down that a command begins, and waits until that is stored.
   *
   * @param {string} requestId
   * @param {CommandRecord} record
   * @returns {Promise<boolean>} Whether this browser alone claims it. If not, it must not act.
   */
  async claim(requestId, record) {
    if (this.find(requestId)) return false;
    const key = this.#openPage();
    await this.#write(key, (page) => ({ ...page, [requestId]: record }));
    const others = this.#keys().filter((other) => other !== key);
    return !others.some((other) => Object.hasOwn(this.#read(other), requestId));
  }

  /**
   * Writes down how a claimed command ended, and waits until that is stored.
   *
   * @param {string} requestId
   * @param {Partial<CommandRecord>} outcome
   */
  async finish(requestId, outcome) {
    const key = this.#ownKeys().find((own) => Object.hasOwn(this.#read(own), requestId));
    if (!key) throw new Error(`the command ${requestId} was not claimed here`);
    const finished = (/** @type {Page} */ page) => ({ ...page[requestId], ...outcome });
    await this.#write(key, (page) => ({ ...page, [requestId]: finished(page) }));
  }

  /**
   * Whether an undo of that command was carried out.
   *
   * @param {string} requestId
   */
  isUndone(requestId) {
    const records = this.#keys().flatMap((key) => Object.values(this.#read(key)));
    return records.some((record) => record.undoes === requestId && record.ok === true);
  }

  /**
   * Deletes the pages that nobody needs: everything on them is older than a day, and there are a
   * thousand newer records. Whole pages only, so that no page gets a second writer.
   */
  async prune() {
    const newestOn = (/** @type {string} */ key) =>
      Math.max(0, ...Object.values(this.#read(key)).map((record) => record.startedAt));
    const pages = this.#keys()
      .map((key) => ({ key, newest: newestOn(key), count: Object.keys(this.#read(key)).length }))
      .sort((a, b) => b.newest - a.newest);
    let newer = 0;
    for (const { key, newest, count } of pages) {
      const isNeeded = newer < RECORDS_MIN || newest > Date.now() - AGE_MIN_MS;
      if (!isNeeded) await documentOf(key)?.delete();
      newer += count;
    }
  }

  /** The page that this page load writes to now. */
  #openPage() {
    const page = this.#read(this.#ownKey());
    if (Object.keys(page).length >= PAGE_RECORDS_MAX) this.#pageNumber += 1;
    return this.#ownKey();
  }

  #ownKey(number = this.#pageNumber) {
    return `${PAGE_PREFIX}${this.#writer}-${number}`;
  }

  #ownKeys() {
    return Array.from({ length: this.#pageNumber + 1 }, (_, number) => this.#ownKey(number));
  }

  /** The pages of all browsers. */
  #keys() {
    const prefix = `${MODULE_ID}.`;
    const stored = Array.from(game.settings.storage.get("world"), ({ key }) => key);
    const ours = stored.filter((key) => key.startsWith(prefix + PAGE_PREFIX));
    return ours.map((key) => key.slice(prefix.length));
  }

  /**
   * @param {string} key
   * @returns {Page}
   */
  #read(key) {
    register(key);
    return game.settings.get(MODULE_ID, key) ?? {};
  }

  /**
   * @param {string} key
   * @param {(page: Page) => Page} change
   */
  #write(key, change) {
    const written = this.#writing.then(() =>
      game.settings.set(MODULE_ID, key, change(this.#read(key))),
    );
    this.#writing = written.then(
      () => {},
      () => {},
    );
    return written;
  }
}

/** Settings can be read only when they are registered; pages come up as they are written. */
function register(/** @type {string} */ key) {
  if (game.settings.settings.has(`${MODULE_ID}.${key}`)) return;
  game.settings.register(MODULE_ID, key, {
    scope: "world",
    config: false,
    type: Object,
    default: {},
  });
}

/**
 * @param {string} key
 * @returns {FoundryDocument|undefined}
 */
function documentOf(key) {
  const stored = Array.from(game.settings.storage.get("world"));
  return stored.find((setting) => setting.key === `${MODULE_ID}.${key}`);
}
