/**
 * The data of a world as a tree of plain objects, and the operations on it. Foundry's server and
 * each client hold a copy, and apply the same operations in the same order.
 */

/** Where embedded documents are kept in their parents. */
export const EMBEDDED = Object.freeze({
  Item: "items",
  ActiveEffect: "effects",
  Token: "tokens",
  Combatant: "combatants",
});

export const KINDS = Object.freeze(["Setting", "User", "Actor", "Scene", "Combat", "ChatMessage"]);

export const clone = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

export const emptyTree = () => Object.fromEntries(KINDS.map((kind) => [kind, {}]));

/** The source at a uuid, or undefined. An actor below a token is the token's own. */
export function sourceAt(tree, uuid) {
  const [kind, id, ...rest] = uuid.split(".");
  let source = tree[kind]?.[id];
  for (let at = 0; source && at < rest.length; at += 2) {
    source = rest[at] === "Actor" ? source.delta : source[EMBEDDED[rest[at]]]?.[rest[at + 1]];
  }
  return source;
}

/** The map in which documents of that kind are, below that parent or at the top. */
export function siblingsAt(tree, kind, parentUuid) {
  if (!parentUuid) return tree[kind];
  const parent = sourceAt(tree, parentUuid);
  if (!parent) return undefined;
  if (kind === "Actor") return { [parent.delta._id]: parent.delta };
  parent[EMBEDDED[kind]] ??= {};
  return parent[EMBEDDED[kind]];
}

export const uuidOf = (kind, id, parentUuid) => (parentUuid ? `${parentUuid}.${kind}.${id}` : `${kind}.${id}`);

/**
 * Applies an operation; whether it changed anything. A document that is gone, or there already,
 * makes it fail.
 */
export function applyOperation(tree, operation) {
  const { action, kind, parentUuid, id } = operation;
  const siblings = siblingsAt(tree, kind, parentUuid);
  if (!siblings) throw new Error(`the parent ${parentUuid} does not exist`);
  if (action === "create") {
    if (siblings[id]) throw new Error(`${kind} ${id} exists already`);
    siblings[id] = clone(operation.source);
    return;
  }
  if (!siblings[id]) throw new Error(`${kind} ${id} does not exist`);
  if (action === "delete") delete siblings[id];
  else if (action === "unset") unset(siblings[id], operation.path);
  else merge(siblings[id], clone(operation.changes));
}

/** Dotted keys become nested objects, at every depth and also within lists. */
export function expand(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(expand);
  const expanded = {};
  for (const [path, inner] of Object.entries(value)) setProperty(expanded, path, expand(inner));
  return expanded;
}

export function getProperty(from, path) {
  return path.split(".").reduce((at, key) => at?.[key], from);
}

export function hasProperty(from, path) {
  return getProperty(from, path) !== undefined;
}

function setProperty(on, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  let at = on;
  for (const key of keys) at = at[key] ??= {};
  at[last] = value;
}

function merge(target, changes) {
  for (const [key, value] of Object.entries(changes)) {
    const isInner = value !== null && typeof value === "object" && !Array.isArray(value);
    const hasInner = target[key] !== null && typeof target[key] === "object";
    if (isInner && hasInner && !Array.isArray(target[key])) merge(target[key], value);
    else target[key] = value;
  }
}

function unset(source, path) {
  const keys = path.split(".");
  const last = keys.pop();
  const parent = getProperty(source, keys.join("."));
  if (parent) delete parent[last];
}
