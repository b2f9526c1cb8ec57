import { MODULE_ID } from "./constants.js";

const FALLBACK_ADDRESS = "http://127.0.0.1:8080";

/** The keys of the settings below this module's id. */
export const Setting = Object.freeze({
  ADDRESS: "serverAddress",
  CREDENTIALS: "credentials",
  PANIC_REQUEST: "panicRequest",
});

/**
 * Registers the settings that always exist; the memory of commands registers its own pages.
 *
 * @param {() => void} onAddressChange Called in every browser when the address was changed.
 */
export function registerSettings(onAddressChange) {
  game.settings.register(MODULE_ID, Setting.ADDRESS, {
    name: "viewer-gamification.settings.address.name",
    hint: "viewer-gamification.settings.address.hint",
    scope: "world",
    config: true,
    type: String,
    default: addressOfManifest(),
    onChange: onAddressChange,
  });
  // In the browser and not in the world: every player can read the settings of a world.
  game.settings.register(MODULE_ID, Setting.CREDENTIALS, {
    scope: "client",
    config: false,
    type: Object,
    default: {},
  });
  game.settings.register(MODULE_ID, Setting.PANIC_REQUEST, {
    scope: "world",
    config: false,
    type: Object,
    default: {},
    onChange: () => Hooks.callAll(`${MODULE_ID}.panicRequest`),
  });
}

/**
 * The server's address as the GM set it, without a slash at its end.
 *
 * @returns {URL|null} Null when it is no http(s) address.
 */
export function serverAddress() {
  const written = String(game.settings.get(MODULE_ID, Setting.ADDRESS) ?? "").trim();
  return httpUrl(written.replace(/\/+$/, ""));
}

/** The server hands the module out, so where the manifest came from is a good first guess. */
function addressOfManifest() {
  const manifest = httpUrl(game.modules.get(MODULE_ID)?.manifest ?? "");
  return manifest?.pathname.endsWith("/foundry/module.json") ? manifest.origin : FALLBACK_ADDRESS;
}

/** @param {string} text */
function httpUrl(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
