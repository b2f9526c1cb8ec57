import { characterReport, isPlayed } from "./characters.js";
import { combatReport, combatantReport, runningCombat } from "./combat.js";
import { isActingGm } from "../table/acting.js";
import { RECREATED_OPTION } from "../commands/inverse.js";
import { rollReports } from "./rolls.js";

const DEBOUNCE_MS = 500;
/** The server takes 512 events at once: many characters go out in groups, with a pause. */
const GROUP = 50;
const PAUSE_MS = 200;
/** Stands for the combat that ended unseen: events about combats name one. */
const NO_COMBAT = "none";

/**
 * Tells the server what happens at the table; only the acting GM's browser does. Rolls go into the
 * outbox, since one that is lost cannot be told later; of everything else the present state counts,
 * and that is told anew with each connection.
 */
export class Reporter {
  /**
   * @param {(event: string, body: object) => boolean} emit
   * @param {import("../link/outbox.js").Outbox} outbox
   */
  constructor(emit, outbox) {
    this.#emit = emit;
    this.#outbox = outbox;
  }

  #emit;
  #outbox;
  /** The combats that were told to run. @type {Map<string, {round: number, turn: number}>} */
  #told = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #changed = new Map();

  /** Listens from now on. */
  watch() {
    const whenActing = (/** @type {string} */ hook, /** @type {(...told: any[]) => void} */ act) =>
      Hooks.on(hook, (/** @type {any[]} */ ...told) => {
        if (isActingGm()) act(...told);
      });
    whenActing("createChatMessage", (message, options) => {
      if (options?.[RECREATED_OPTION]) return;
      for (const report of rollReports(message)) this.#outbox.post("dice:roll", report);
    });
    whenActing("createActor", (actor) => this.#actorChanged(actor));
    whenActing("updateActor", (actor) => this.#actorChanged(actor));
    whenActing("deleteActor", (actor) => this.#emit("actor:delete", { actorId: actor.id }));
    for (const hook of ["createItem", "updateItem", "deleteItem"]) {
      whenActing(hook, (item) => item.actor && this.#actorChanged(item.actor));
    }
    whenActing("updateCombat", (combat) => this.#combatChanged(combat));
    whenActing("deleteCombat", (combat) => this.#combatEnded(combat));
    whenActing("createCombatant", (one) => this.#combatantChanged("add", one));
    whenActing("deleteCombatant", (one) => this.#combatantChanged("remove", one));
    whenActing("updateCombatant", (one, changes) => this.#combatantUpdated(one, changes));
    whenActing("canvasReady", () => this.syncCombat());
  }

  /**
   * Tells the present state: who is played, who fights, and whether there is a combat.
   *
   * @param {string} [actorId] Only this actor.
   * @returns {Promise<{actors: number}>}
   */
  async sync(actorId) {
    if (actorId) {
      const actor = game.actors.get(actorId);
      if (actor) this.#emit("character:update", characterReport(actor));
      return { actors: actor ? 1 : 0 };
    }
    this.syncCombat();
    const actors = [...new Set([...game.actors.filter(isPlayed), ...fighters()])];
    for (let first = 0; first < actors.length; first += GROUP) {
      if (first > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      for (const actor of actors.slice(first, first + GROUP)) {
        this.#emit("character:update", characterReport(actor));
      }
    }
    return { actors: actors.length };
  }

  /** Tells of the combat that runs, or that none does. */
  syncCombat() {
    const combat = runningCombat();
    if (combat) return this.#tell("combat:sync", combat);
    const ended = this.#told.size > 0 ? [...this.#told.keys()] : [NO_COMBAT];
    this.#told.clear();
    for (const combatId of ended) {
      const nothing = { worldId: game.world.id, combatId, round: 0, turn: 0, combatants: [] };
      this.#emit("combat:end", nothing);
    }
  }

  /** @param {FoundryDocument} actor */
  #actorChanged(actor) {
    // The actor of a token counts as the one that it was made from.
    const { id } = actor;
    if (!isPlayed(actor) && !fighters().some((fighter) => fighter.id === id)) return;
    clearTimeout(this.#changed.get(id));
    const report = () => {
      this.#changed.delete(id);
      const current = game.actors.get(id);
      if (current) this.#emit("character:update", characterReport(current));
      const combat = runningCombat();
      const fights = combat?.combatants.some((/** @type {any} */ one) => one.actorId === id);
      if (combat && fights) this.#tell("combat:sync", combat);
    };
    this.#changed.set(id, setTimeout(report, DEBOUNCE_MS));
  }

  /** @param {FoundryDocument} combat */
  #combatChanged(combat) {
    if (!combat.started) return;
    const told = this.#told.get(combat.id);
    if (!told) return this.#begin(combat);
    if (told.round !== combat.round) return this.#tell("combat:round", combat);
    this.#tell(told.turn === combat.turn ? "combat:sync" : "combat:turn", combat);
  }

  /** @param {FoundryDocument} combat */
  #begin(combat) {
    this.#tell("combat:start", combat);
    for (const actor of fighters()) this.#emit("character:update", characterReport(actor));
  }

  /** @param {FoundryDocument} combat */
  #combatEnded(combat) {
    if (!this.#told.delete(combat.id)) return;
    this.#emit("combat:end", combatReport(combat));
    // Another one may still run.
    if (runningCombat()) this.syncCombat();
  }

  /**
   * @param {"add"|"remove"|"defeated"} change
   * @param {FoundryDocument} combatant
   */
  #combatantChanged(change, combatant) {
    const { combat } = combatant;
    if (!combat?.started) return;
    const who = { combatant: combatantReport(combatant), combatantId: combatant.id };
    this.#emit(`combat:combatant-${change}`, { ...combatReport(combat), ...who });
    if (change === "add" && combatant.actor) this.#actorChanged(combatant.actor);
  }

  /**
   * @param {FoundryDocument} combatant
   * @param {{defeated?: boolean}} changes
   */
  #combatantUpdated(combatant, changes) {
    if (changes.defeated === true) this.#combatantChanged("defeated", combatant);
    else if (combatant.combat?.started) this.#tell("combat:sync", combatant.combat);
  }

  /**
   * @param {string} event
   * @param {FoundryDocument} combat
   */
  #tell(event, combat) {
    this.#told.set(combat.id, { round: combat.round, turn: combat.turn });
    this.#emit(event, combatReport(combat));
  }
}

/**
 * The actors that fight now; a crowd of one kind is one actor.
 *
 * @returns {FoundryDocument[]}
 */
function fighters() {
  const combatants = /** @type {FoundryDocument[]} */ (runningCombat()?.combatants.contents ?? []);
  const actors = combatants.flatMap(({ actorId }) => game.actors.get(actorId) ?? []);
  return [...new Set(actors)];
}
