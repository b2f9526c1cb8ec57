import { isSealed, liftSpellEffect, spellEffectOf } from "./spell-effects.js";
import { MODULE_ID, REQUEST_FLAG } from "../constants.js";
import { actorsWithEffects } from "../table/actors.js";
import { announce } from "../table/chat.js";
import { warn } from "../table/text.js";
import { isActingGm } from "../table/acting.js";
import { isDamageRoll, itemUsedBy } from "./used-item.js";

const LOOK_MS = 1_000;
/** Flags the message about a used effect as ours, though no command asked for it. */
const USED = "used";

/**
 * Keeps sealed spells from being used; in every browser, since players use their spells in theirs.
 * A hook that answers false forbids what it was asked about.
 */
export function forbidSealedSpells() {
  Hooks.on("preCreateChatMessage", (/** @type {FoundryDocument} */ message) => {
    // The damage of a spell that was cast before the seal is no use of it.
    return isOurs(message) || isDamageRoll(message) || allowUse(itemUsedBy(message));
  });
  Hooks.on("dnd5e.preUseActivity", (/** @type {any} */ activity) => allowUse(activity.item));
  Hooks.on("dnd5e.preUseItem", (/** @type {FoundryDocument} */ item) => allowUse(item));
}

/** @param {FoundryDocument|null} item */
function allowUse(item) {
  if (!item || !isSealed(item)) return true;
  warn("effects.isSealed", { spell: item.name });
  return false;
}

/**
 * Ends effects on spells when their time is over or the spell was used, and tells the server;
 * only the acting GM's browser does.
 */
export class SpellWatch {
  /** @param {(event: string, body: object) => void} report */
  constructor(report) {
    this.#report = report;
  }

  #report;
  /**
   * When which seal ends, by uuid: looking at every item each second would be much.
   *
   * @type {Map<string, number>}
   */
  #ends = new Map();
  #isLooking = false;

  /** Finds the seals that a reload left behind, and looks after them from now on. */
  start() {
    for (const actor of actorsWithEffects()) actor.items.forEach(this.#note);
    Hooks.on("createItem", this.#note);
    Hooks.on("updateItem", this.#note);
    Hooks.on("deleteItem", (/** @type {FoundryDocument} */ item) => this.#gone(item));
    Hooks.on("createChatMessage", (/** @type {FoundryDocument} */ message) => {
      if (isActingGm() && !isOurs(message)) this.#used(itemUsedBy(message));
    });
    setInterval(() => this.#look(), LOOK_MS);
  }

  #note = (/** @type {FoundryDocument} */ item) => {
    const until = spellEffectOf(item)?.until;
    if (until) this.#ends.set(item.uuid, until);
    else this.#ends.delete(item.uuid);
  };

  /**
   * Nothing remains to be seen of an effect on a spell that was deleted.
   *
   * @param {FoundryDocument} item
   */
  async #gone(item) {
    this.#ends.delete(item.uuid);
    const effect = spellEffectOf(item);
    if (effect && isActingGm()) await (await fromUuid(effect.mark))?.delete();
  }

  async #look() {
    if (this.#isLooking || !isActingGm()) return;
    this.#isLooking = true;
    const over = [...this.#ends].filter(([, until]) => until <= Date.now());
    for (const [uuid] of over) {
      this.#ends.delete(uuid);
      await this.#end(await fromUuid(uuid), "spell:effect:expired").catch(console.error);
    }
    this.#isLooking = false;
  }

  /** @param {FoundryDocument|null} item */
  async #used(item) {
    const effect = item && spellEffectOf(item);
    if (!effect || effect.type === "disable") return;
    await this.#end(item, "spell:effect:consumed");
    await announce(effect.label, { actorId: item.parent.id }, USED);
  }

  /**
   * @param {FoundryDocument|null} item
   * @param {string} event
   */
  async #end(item, event) {
    const requestId = item && spellEffectOf(item)?.requestId;
    if (item && (await liftSpellEffect(item))) {
      this.#report(event, { actorId: item.parent.id, spellId: item.id, requestId });
    }
  }
}

/** @param {FoundryDocument} message */
function isOurs(message) {
  return Boolean(message.getFlag(MODULE_ID, REQUEST_FLAG));
}
