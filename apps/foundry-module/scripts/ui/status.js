import { say } from "../table/text.js";
import { isActingGm } from "../table/acting.js";

/**
 * What the icon and the window show.
 *
 * @typedef {"panic"|"connected"|"unpaired"|"revoked"|"away"} StatusKind
 */

/** @type {Readonly<Record<StatusKind, string>>} */
const ICONS = Object.freeze({
  panic: "fa-solid fa-hand",
  connected: "fa-solid fa-link",
  unpaired: "fa-solid fa-plug",
  revoked: "fa-solid fa-lock",
  away: "fa-solid fa-link-slash",
});

/**
 * How things stand, in one word, an icon and a sentence.
 *
 * @param {import("../game-master.js").GameMaster} gameMaster
 * @returns {{kind: StatusKind, icon: string, text: string}}
 */
export function statusOf({ connection, panic }) {
  const kind = panic.isActive ? "panic" : connection.state;
  const isOther = kind === "connected" && !isActingGm();
  const text = isOther
    ? say("status.standby", { name: game.users.activeGM?.name ?? "" })
    : say(`status.${kind}`);
  return { kind, icon: ICONS[kind], text };
}
