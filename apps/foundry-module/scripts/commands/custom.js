import { CUSTOM_HOOK_PREFIX } from "../constants.js";
import { Refusal } from "./refusal.js";

const NAME = /^[a-z0-9_.-]{1,64}$/;

/**
 * `custom {name, data}`: calls the hook `viewer-gamification.custom.<name>` with the data and
 * `{requestId}`. The prefix keeps the wire away from everybody else's hooks. What it does is up to
 * a macro or module that listens; when none does, the command fails, since nothing would happen.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function custom({ name, data }, { requestId }) {
  if (!NAME.test(String(name))) throw new Refusal("not the name of a hook");
  const hook = `${CUSTOM_HOOK_PREFIX}${name}`;
  const listeners = Hooks.events[hook]?.length ?? 0;
  if (listeners === 0) throw new Refusal(`nobody listens to ${hook}`);
  Hooks.callAll(hook, data ?? null, { requestId });
  return { result: { listeners } };
}
