import { Refusal } from "./refusal.js";
import { changeBetween, valuesAt } from "../table/values.js";

/**
 * `modify_actor {actorId, updates{path: value}}`. Answers `{before, after}` by path.
 *
 * The server allows only paths that it knows. Here it is checked once more that they lead into the
 * system's own data, and that there is something: Foundry passes by what a system does not have,
 * and the viewers would have paid for nothing.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function modifyActor({ actorId, updates }) {
  const actor = game.actors.get(actorId);
  if (!actor) throw new Refusal("there is no such actor");
  const paths = Object.keys(updates ?? {});
  if (paths.length === 0) throw new Refusal("there is nothing to change");
  const before = valuesAt(actor, paths);
  for (const path of paths) {
    if (!path.startsWith("system.") || typeof updates[path] === "object") {
      throw new Refusal(`${path} may not be changed`);
    }
    if (before[path] === undefined) throw new Refusal(`the actor has no ${path}`);
  }
  await actor.update(updates);
  // The system may have rounded or capped a value: what is in place now is what to look for later.
  const after = valuesAt(actor, paths);
  const differs = (/** @type {Record<string, any>} */ values) =>
    paths.some((path) => !Object.is(values[path], before[path]));
  if (differs(updates) && !differs(after)) throw new Refusal("the table refused the change");
  return {
    result: { before, after },
    inverse: [{ kind: "restore", uuid: actor.uuid, change: changeBetween(before, after) }],
  };
}
