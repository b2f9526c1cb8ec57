/**
 * Every actor of the world, and those that only a token on some scene has.
 *
 * @returns {FoundryDocument[]}
 */
export function allActors() {
  const scenes = /** @type {FoundryDocument[]} */ (game.scenes.contents);
  const tokens = scenes.flatMap((scene) => scene.tokens.contents);
  const onTokens = tokens.filter(({ actorLink }) => !actorLink).map(({ actor }) => actor);
  return [...game.actors.contents, ...onTokens.filter(Boolean)];
}
