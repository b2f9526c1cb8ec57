import { MODULE_ID, STATUS_HOOK } from "../constants.js";
import { say, warn } from "../table/text.js";
import { serverAddress } from "../settings.js";
import { statusOf } from "./status.js";

const TICK_MS = 1_000;

const { ApplicationV2, DialogV2, HandlebarsApplicationMixin } = foundry.applications.api;

/** The window's id, and that of its only instance among Foundry's applications. */
export const PAIRING_WINDOW_ID = "viewer-gamification-pairing";

/** Pairs the world with the server, shows how the link stands, and takes it apart again. */
export class PairingWindow extends HandlebarsApplicationMixin(ApplicationV2) {
  static DEFAULT_OPTIONS = {
    id: PAIRING_WINDOW_ID,
    classes: ["viewer-gamification-pairing"],
    window: { title: "viewer-gamification.pairing.title", icon: "fa-solid fa-link" },
    position: { width: 420, height: "auto" },
    actions: {
      begin: () => PairingWindow.gameMaster?.pairing.begin(),
      cancel: () => PairingWindow.gameMaster?.pairing.cancel(),
      panic: () => PairingWindow.gameMaster?.panic.toggle(),
      unpair,
    },
  };

  static PARTS = {
    main: { template: `modules/${MODULE_ID}/templates/pairing.hbs` },
  };

  /**
   * Whom the windows are about; Foundry makes them without arguments. Null until the world is
   * ready, and for players.
   *
   * @type {import("../game-master.js").GameMaster|null}
   */
  static gameMaster = null;

  /** @type {number|null} */
  #hook = null;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #ticks;

  /** What the template shows. @returns {Promise<object>} */
  async _prepareContext() {
    const master = PairingWindow.gameMaster;
    if (!master) return { isReady: false };
    const { step } = master.pairing;
    const { state } = master.connection;
    const isBusy = step.step === "waiting" || step.step === "asking";
    return {
      isReady: true,
      status: statusOf(master),
      address: serverAddress()?.href ?? say("pairing.noAddress"),
      isPaired: state !== "unpaired",
      isPanicking: master.panic.isActive,
      canBegin: state !== "connected" && !isBusy,
      ...contextOf(step),
    };
  }

  /**
   * Shows what changes from now on.
   *
   * @param {object} context
   * @param {object} options
   */
  async _onFirstRender(context, options) {
    await super._onFirstRender(context, options);
    this.#hook = Hooks.on(STATUS_HOOK, () => this.render());
    this.#ticks = setInterval(() => isWaiting() && this.render(), TICK_MS);
  }

  /**
   * A code that nobody looks at any more is given up.
   *
   * @param {object} options
   */
  _onClose(options) {
    super._onClose(options);
    if (this.#hook !== null) Hooks.off(STATUS_HOOK, this.#hook);
    clearInterval(this.#ticks);
    if (isWaiting()) PairingWindow.gameMaster?.pairing.cancel();
  }
}

function isWaiting() {
  return PairingWindow.gameMaster?.pairing.step.step === "waiting";
}

async function unpair() {
  const confirmed = await DialogV2.confirm({
    window: { title: "viewer-gamification.pairing.unpair" },
    content: `<p>${say("pairing.unpairQuestion")}</p>`,
  });
  if (!confirmed) return;
  try {
    await PairingWindow.gameMaster?.unpair();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn("pairing.unpairedHereOnly", { reason });
  }
}

/** @param {import("../server/pairing.js").PairingStep} step */
function contextOf(step) {
  switch (step.step) {
    case "waiting": {
      const seconds = Math.max(0, Math.ceil((step.expiresAt - Date.now()) / 1000));
      const remaining = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      return { code: step.code, remaining };
    }
    case "failed":
      return { error: say("pairing.failed", { reason: step.error }) };
    case "expired":
      return { error: say("pairing.expired") };
    default:
      return { isAsking: step.step === "asking" };
  }
}
