import { actorsWithEffects } from "../table/actors.js";
import { MODULE_ID, REQUEST_FLAG } from "../constants.js";
import { isMonsterMark, liftMonsterEffect } from "../effects/monster-effects.js";
import { liftSpellEffect, spellEffectOf } from "../effects/spell-effects.js";
import { marksOf } from "../effects/marks.js";

/**
 * `cleanup_all_effects {cleanChat?}`: ends every effect of ours in the world, and with `cleanChat`
 * deletes our messages. Answers `{effects, messages}`.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function cleanUp({ cleanChat }) {
  let effects = 0;
  for (const actor of actorsWithEffects()) {
    for (const spell of actor.items.filter(spellEffectOf)) {
      effects += Number(await liftSpellEffect(spell));
    }
    for (const mark of marksOf(actor)) {
      if (isMonsterMark(mark)) await liftMonsterEffect(mark);
      else await mark.delete();
      effects += 1;
    }
  }
  return { result: { effects, messages: cleanChat ? await deleteOurMessages() : 0 } };
}

async function deleteOurMessages() {
  const ours = game.messages.filter((/** @type {FoundryDocument} */ message) =>
    message.getFlag(MODULE_ID, REQUEST_FLAG),
  );
  const ids = ours.map((/** @type {FoundryDocument} */ { id }) => id);
  if (ids.length > 0) await ChatMessage.implementation.deleteDocuments(ids);
  return ids.length;
}
