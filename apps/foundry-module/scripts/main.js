import { forbidSealedSpells } from "./effects/spell-watch.js";
import { GameMaster } from "./game-master.js";
import { MODULE_ID } from "./constants.js";
import { PAIRING_WINDOW_ID, PairingWindow } from "./ui/pairing-window.js";
import { registerSettings } from "./settings.js";
import { showStatusIcon } from "./ui/status-icon.js";

/** @type {GameMaster|null} */
let gameMaster = null;

Hooks.once("init", () => {
  registerSettings(() => gameMaster?.connection.start());
  game.settings.registerMenu(MODULE_ID, "pairing", {
    name: "viewer-gamification.pairing.title",
    label: "viewer-gamification.pairing.open",
    hint: "viewer-gamification.pairing.hint",
    icon: "fa-solid fa-link",
    type: PairingWindow,
    restricted: true,
  });
  game.keybindings.register(MODULE_ID, "panic", {
    name: "viewer-gamification.panic.name",
    hint: "viewer-gamification.panic.hint",
    editable: [{ key: "F9", modifiers: ["Control"] }],
    restricted: true,
    onDown: () => {
      gameMaster?.panic.toggle().catch(console.error);
      return true;
    },
  });
});

Hooks.once("ready", () => {
  forbidSealedSpells();
  if (!game.user.isGM) return;
  gameMaster = new GameMaster();
  PairingWindow.gameMaster = gameMaster;
  showStatusIcon(gameMaster, () => {
    const shown = foundry.applications.instances.get(PAIRING_WINDOW_ID);
    (shown ?? new PairingWindow()).render({ force: true });
  });
  gameMaster.start();
});
