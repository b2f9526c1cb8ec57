// Moments on a page, as the reader's clock shows them.

const language = document.documentElement.lang;
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/**
 * Tells moments in the reader's own time zone.
 *
 * @param {ParentNode} root
 */
export function localise(root) {
  for (const element of root.querySelectorAll("time[datetime]:not([data-countdown])")) {
    const at = new Date(element.getAttribute("datetime") ?? "");
    if (!Number.isNaN(at.getTime())) element.textContent = moment.format(at);
  }
}

/**
 * Has times run down that are marked so. What stands there without scripts is the time as it was
 * when the page was made.
 *
 * @param {ParentNode} root
 */
export function countDown(root) {
  for (const element of root.querySelectorAll("time[data-countdown]")) {
    const seconds = (Date.parse(element.getAttribute("datetime") ?? "") - Date.now()) / 1_000;
    if (Number.isNaN(seconds)) continue;
    const left = Math.max(0, Math.ceil(seconds));
    const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
    const [hours, minutes] = [Math.floor(left / 3_600), Math.floor(left / 60) % 60];
    const rest = `${two(minutes)}:${two(left % 60)}`;
    element.textContent = hours > 0 ? `${hours}:${rest}` : rest;
  }
}
