import { EFFECT_FLAG, MODULE_ID } from "../constants.js";

/**
 * Every actor on which effects of ours can lie: all of the world, and of those that only a token on
 * some scene has, the ones that carry an effect of their own. Foundry builds the actor of a token
 * when it is asked for, and a world may have thousands of tokens.
 *
 * @returns {FoundryDocument[]}
 */
export function actorsWithEffects() {
  const scenes = /** @type {FoundryDocument[]} */ (game.scenes.contents);
  const tokens = scenes.flatMap((scene) => scene.tokens.contents);
  const onTokens = tokens.filter(isMarked).map(({ actor }) => actor);
  return [...game.actors.contents, ...onTokens.filter(Boolean)];
}

/**
 * Whether the stored data of a token's own actor have our flag: what differs from the actor of the
 * world. What it has from there is found there.
 *
 * @param {FoundryDocument} token
 */
function isMarked({ actorLink, _source: { delta } }) {
  if (actorLink || !delta) return false;
  const embedded = [delta.items, delta.effects].flatMap((all) => Object.values(all ?? {}));
  return embedded.some(({ flags }) => flags?.[MODULE_ID]?.[EFFECT_FLAG]);
}
