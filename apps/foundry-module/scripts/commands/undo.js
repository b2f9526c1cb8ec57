import { Refusal } from "./refusal.js";
import { takeBack } from "./inverse.js";

/**
 * `undo {undoes}`: takes back the earlier command with that id. Answers `{undone, kept}`: how many
 * of its parts were taken back, and what stays because the table changed it since.
 *
 * @param {import("./memory.js").CommandMemory} memory
 * @returns {import("./handlers.js").Handler}
 */
export function undoWith(memory) {
  return async ({ undoes }) => {
    const record = memory.find(String(undoes));
    if (!record) throw new Refusal("that command is not known here");
    if (record.ok !== true) throw new Refusal("that command did not happen");
    if (memory.isUndone(String(undoes))) throw new Refusal("that command was undone already");
    if (!record.inverse) throw new Refusal(`${record.command} cannot be undone`);
    return { result: await takeBack(record.inverse) };
  };
}
