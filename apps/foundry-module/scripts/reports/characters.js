import { hitPoints } from "../table/hit-points.js";
import { spellsOf } from "../table/spells.js";

/** Actor types that play nothing, in any system. */
const THINGS = new Set(["group", "party", "vehicle", "loot", "hazard", "army", "encounter"]);

/**
 * `pc` for what a player may have; a `monster` is hostile; everybody else is an `npc`.
 *
 * @param {FoundryDocument} actor
 * @param {FoundryDocument|null} [token] Of the one that is meant; else what the actor begins with.
 * @returns {"pc"|"npc"|"monster"}
 */
export function characterType(actor, token) {
  if (actor.hasPlayerOwner || actor.type === "character") return "pc";
  const disposition = token?.disposition ?? actor.prototypeToken?.disposition;
  return disposition === CONST.TOKEN_DISPOSITIONS.HOSTILE ? "monster" : "npc";
}

/** Whether the actor is somebody whom a player plays. @param {FoundryDocument} actor */
export function isPlayed(actor) {
  return !THINGS.has(actor.type) && characterType(actor) === "pc";
}

/**
 * The event `character:update`. Of inventory and features nothing is sent: no action needs them,
 * and they make the event large.
 *
 * @param {FoundryDocument} actor
 */
export function characterReport(actor) {
  return {
    characterId: actor.id,
    name: actor.name,
    avatarUrl: actor.img ?? null,
    characterType: characterType(actor),
    stats: { hp: hitPoints(actor) },
    inventory: [],
    spells: spellsOf(actor),
    features: [],
    vttData: { type: actor.type, systemId: game.system.id },
    worldId: game.world.id,
    campaignId: game.world.id,
  };
}
