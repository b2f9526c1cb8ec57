/**
 * The item whose use a chat message announces, as far as the systems tell: dnd5e and pf2e by their
 * flags, many others by the id on their chat card.
 *
 * @param {FoundryDocument} message Also one that is about to be created.
 * @returns {FoundryDocument|null}
 */
export function itemUsedBy(message) {
  const { dnd5e, pf2e } = message.flags ?? {};
  const uuid = dnd5e?.item?.uuid ?? dnd5e?.use?.itemUuid ?? pf2e?.origin?.uuid;
  if (typeof uuid === "string") return itemAt(uuid);
  const [, id] = /data-item-id="([^"]+)"/.exec(message.content ?? "") ?? [];
  const actor = ChatMessage.implementation.getSpeakerActor(message.speaker ?? {});
  return (id && actor?.items.get(id)) || null;
}

/**
 * Whether a chat message is the damage of something that was used before, as far as the systems
 * tell.
 *
 * @param {FoundryDocument} message Also one that is about to be created.
 */
export function isDamageRoll(message) {
  const { dnd5e, pf2e } = message.flags ?? {};
  return dnd5e?.roll?.type === "damage" || pf2e?.context?.type === "damage-roll";
}

/** @param {string} uuid */
function itemAt(uuid) {
  try {
    const found = fromUuidSync(uuid);
    return found?.documentName === "Item" && found.parent ? found : null;
  } catch {
    // Items in compendia cannot be had at once, and carry no effects.
    return null;
  }
}
