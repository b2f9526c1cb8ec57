const ENTITIES = Object.freeze({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
});

/**
 * Text for a place that Foundry shows as HTML: chat messages and descriptions of effects. Viewers
 * choose names and words.
 *
 * @param {string} text
 */
export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[/** @type {keyof ENTITIES} */ (letter)]);
}

/**
 * Shows a warning. Foundry inserts notifications as HTML; names and reasons are others' words.
 *
 * @param {string} key Of the text, as for `say`.
 * @param {Record<string, string|number>} [values]
 */
export function warn(key, values) {
  ui.notifications.warn(escapeHtml(say(key, values)));
}

/**
 * A text of this module in the language of this browser.
 *
 * @param {string} key Below `viewer-gamification.`.
 * @param {Record<string, string|number>} [values] For the braces in it; not escaped.
 */
export function say(key, values = {}) {
  return game.i18n.format(`viewer-gamification.${key}`, values);
}
