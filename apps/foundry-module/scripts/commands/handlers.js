import { applyMonster, removeMonster } from "./monsters.js";
import { applySpell, removeSpell } from "./spells.js";
import { chatMessage, deleteMessage } from "./messages.js";
import { cleanUp } from "./cleanup.js";
import { custom } from "./custom.js";
import { modifyActor } from "./actors.js";
import { rollDice } from "./dice.js";
import { treasureDrop } from "./treasure.js";
import { undoWith } from "./undo.js";

/** @typedef {import("./inverse.js").InverseStep} InverseStep */

/**
 * What a command came to. `result` goes to the server; a command without `inverse` cannot be
 * undone.
 *
 * @typedef {{result?: object, inverse?: InverseStep[]}} Done
 */

/**
 * Carries a command out, wholly or not at all: what it throws means that nothing happened.
 *
 * @typedef {(payload: any, context: {requestId: string}) => Promise<Done>} Handler
 */

/**
 * Every command of the wire, by its name without `command:`.
 *
 * @param {object} parts
 * @param {import("./memory.js").CommandMemory} parts.memory
 * @param {(actorId?: string) => Promise<object>} parts.sync Reports an actor, or everything.
 * @returns {ReadonlyMap<string, Handler>}
 */
export function handlersWith({ memory, sync }) {
  return new Map(
    Object.entries({
      chat_message: chatMessage,
      delete_message: deleteMessage,
      roll_dice: rollDice,
      modify_actor: modifyActor,
      apply_spell_effect: applySpell,
      remove_spell_effect: removeSpell,
      apply_monster_effect: applyMonster,
      remove_monster_effect: removeMonster,
      cleanup_all_effects: cleanUp,
      treasure_drop: treasureDrop,
      custom,
      undo: undoWith(memory),
      request_sync: async (/** @type {{actorId?: string}} */ { actorId }) => ({
        result: await sync(actorId),
      }),
      // The categories only say which items of an inventory to send, and this module sends none.
      sync_item_categories: async () => ({}),
    }),
  );
}
