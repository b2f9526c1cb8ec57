/**
 * Whether this browser acts for the world. Foundry names one GM among those who are there, in every
 * browser the same one.
 */
export function isActingGm() {
  return game.user.isGM && game.users.activeGM?.id === game.user.id;
}
