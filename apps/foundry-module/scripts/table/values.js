/**
 * Values of a document before and after a change. A list, and not objects by path: Foundry expands
 * dotted keys at every depth of what it stores, so they would not come back out of a flag.
 *
 * @typedef {{path: string, before: any, after: any}[]} Change
 */

/**
 * What an update is going to change; to be asked before it.
 *
 * @param {FoundryDocument} subject
 * @param {Record<string, any>} updates By path.
 * @returns {Change}
 */
export function changeOf(subject, updates) {
  return changeBetween(valuesAt(subject, Object.keys(updates)), updates);
}

/**
 * @param {Record<string, any>} before By path.
 * @param {Record<string, any>} after By the same paths.
 * @returns {Change}
 */
export function changeBetween(before, after) {
  return Object.keys(before).map((path) => ({ path, before: before[path], after: after[path] }));
}

/**
 * The update that makes a change.
 *
 * @param {Change} change
 * @returns {Record<string, any>} By path.
 */
export function updatesOf(change) {
  return Object.fromEntries(change.map(({ path, after }) => [path, after]));
}

/**
 * The stored values of a document, without what effects and the system derive from them.
 *
 * @param {FoundryDocument} subject
 * @param {string[]} paths
 * @returns {Record<string, any>}
 */
export function valuesAt(subject, paths) {
  const source = subject.toObject();
  return Object.fromEntries(paths.map((path) => [path, foundry.utils.getProperty(source, path)]));
}

/**
 * Puts old values back, but only where the new ones are still in place: what the table changed
 * since is the table's.
 *
 * @param {FoundryDocument} subject
 * @param {Change} change
 * @returns {Promise<{restored: number, kept: string[]}>} How many values were put back; what stays,
 *   and why, for people.
 */
export async function restoreValues(subject, change) {
  // There is no way back to a value that was not stored.
  const stored = change.filter(({ before }) => before !== undefined);
  const now = valuesAt(subject, stored.map(({ path }) => path));
  const isOurs = (/** @type {Change[number]} */ { path, after }) => Object.is(now[path], after);
  const ours = stored.filter(isOurs).map(({ path, before }) => [path, before]);
  if (ours.length > 0) await subject.update(Object.fromEntries(ours));
  const theirs = stored.filter((one) => !isOurs(one));
  return {
    restored: ours.length,
    kept: theirs.map(({ path }) => `${path} was changed since`),
  };
}
