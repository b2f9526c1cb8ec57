/** The module's id: its folder, and the scope of its settings and flags. */
export const MODULE_ID = "viewer-gamification";

/** What this module can do beyond the commands of the published client; told in `hello`. */
export const FEATURES = Object.freeze(["treasure_drop", "custom", "undo", "panic"]);

/** The hook by which the parts of this module tell each other that the link's status changed. */
export const STATUS_HOOK = `${MODULE_ID}.status`;

/** Begins the hooks that the command `custom` calls: `viewer-gamification.custom.<name>`. */
export const CUSTOM_HOOK_PREFIX = `${MODULE_ID}.custom.`;

/**
 * The flag on chat messages that a command made: the id of that command. By it the server knows
 * its own rolls again, and a cleanup its own messages.
 */
export const REQUEST_FLAG = "requestId";

/** The flag on spells, and on the marks that make effects visible: what the effect is. */
export const EFFECT_FLAG = "effect";
