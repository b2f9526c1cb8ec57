/**
 * Where game systems keep hit points, or what they have in their place: an object with `value` and
 * mostly `max`. The first that an actor has is taken.
 */
const PATHS = Object.freeze([
  "system.attributes.hp",
  "system.hp",
  "system.attribs.hp",
  "system.derivedStats.hp",
  "system.status.wounds",
  "system.stats.wounds",
  "system.wounds",
  "system.health",
]);

/** @param {unknown} value */
const number = (value) => (Number.isFinite(Number(value ?? NaN)) ? Number(value) : null);

/**
 * The path below which the actor's hit points are.
 *
 * @param {FoundryDocument} actor
 * @returns {string|null}
 */
export function hitPointsPath(actor) {
  const has = (/** @type {string} */ path) =>
    number(foundry.utils.getProperty(actor, `${path}.value`)) !== null;
  return PATHS.find(has) ?? null;
}

/**
 * The hit points as the sheet shows them; null where the system has none that are known.
 *
 * @param {FoundryDocument} actor
 * @returns {{value: number|null, max: number|null, temp: number|null}|null}
 */
export function hitPoints(actor) {
  const path = hitPointsPath(actor);
  if (!path) return null;
  const { value, max, temp } = foundry.utils.getProperty(actor, path);
  return { value: number(value), max: number(max), temp: number(temp) };
}
