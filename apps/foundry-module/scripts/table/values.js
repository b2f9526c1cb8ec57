/**
 * Values of a document before and after a change, by path.
 *
 * @typedef {{before: Record<string, any>, after: Record<string, any>}} Change
 */

/**
 * What an update is going to change; to be asked before it.
 *
 * @param {FoundryDocument} subject
 * @param {Record<string, any>} updates By path.
 * @returns {Change}
 */
export function changeOf(subject, updates) {
  return { before: valuesAt(subject, Object.keys(updates)), after: updates };
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
export async function restoreValues(subject, { before, after }) {
  const paths = Object.keys(before);
  const now = valuesAt(subject, paths);
  const isOurs = (/** @type {string} */ path) => Object.is(now[path], after[path]);
  const ours = paths.filter(isOurs).map((path) => [path, before[path]]);
  if (ours.length > 0) await subject.update(Object.fromEntries(ours));
  const theirs = paths.filter((path) => !isOurs(path));
  return { restored: ours.length, kept: theirs.map((path) => `${path} was changed since`) };
}
