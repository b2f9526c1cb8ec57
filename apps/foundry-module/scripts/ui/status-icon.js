import { STATUS_HOOK } from "../constants.js";
import { statusOf } from "./status.js";

const ID = "viewer-gamification-status";

/**
 * A small button in the list of players, for GMs only: how the link stands, and the way into the
 * pairing window.
 *
 * @param {import("../game-master.js").GameMaster} gameMaster
 * @param {() => void} onClick
 */
export function showStatusIcon(gameMaster, onClick) {
  const show = () => render(gameMaster, onClick);
  Hooks.on(STATUS_HOOK, show);
  // The list is drawn anew whenever users come and go; version 13 renamed it.
  Hooks.on(game.release.generation >= 13 ? "renderPlayers" : "renderPlayerList", show);
  show();
}

/**
 * @param {import("../game-master.js").GameMaster} gameMaster
 * @param {() => void} onClick
 */
function render(gameMaster, onClick) {
  const players = document.getElementById("players");
  if (!players) return;
  const { kind, icon, text } = statusOf(gameMaster);
  const button = document.getElementById(ID) ?? newButton(onClick);
  if (button.parentElement !== players) players.prepend(button);
  button.className = `viewer-gamification-status ${kind}`;
  button.title = text;
  button.setAttribute("aria-label", text);
  const symbol = document.createElement("i");
  symbol.className = icon;
  button.replaceChildren(symbol);
}

/** @param {() => void} onClick */
function newButton(onClick) {
  const button = document.createElement("button");
  button.id = ID;
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}
