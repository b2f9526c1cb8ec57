import { countDown, localise } from "./moments.js";
import { openStream } from "./stream.js";

// Parts of a page that follow the server: `data-live` is the address of the part, made anew by the
// server, `data-live-stream` that of the stream whose facts make it worth a look. What changes without
// a fact is looked at every `data-live-seconds`.

/** Facts that come close together are worth one look. */
const GATHER_MS = 150;
/** A part is looked at anew at most so often. */
const PAUSE_MS = 500;

/** @param {HTMLElement} part */
function follow(part) {
  let [isWaiting, isStale, lookedAt] = [false, false, 0];

  const look = async () => {
    isStale = false;
    lookedAt = performance.now();
    const answer = await fetch(part.dataset.live ?? "", { headers: { accept: "text/html" } });
    // Led elsewhere: the sign-in has ended, and the page will say so when it is used.
    if (!answer.ok || answer.redirected) return;
    const html = await answer.text();
    await untilReleased(part);
    swap(part, html);
  };

  const wake = () => {
    isStale = true;
    if (isWaiting) return;
    isWaiting = true;
    const wait = Math.max(GATHER_MS, lookedAt + PAUSE_MS - performance.now());
    setTimeout(async () => {
      // Nobody's hand is moved: what is being filled in stays until it is sent.
      const isBusy = part.contains(document.activeElement) && isField(document.activeElement);
      if (!isBusy && !document.hidden) await look().catch(() => {});
      isWaiting = false;
      if (isStale && !isBusy && !document.hidden) wake();
    }, wait);
  };

  part.addEventListener("focusout", () => isStale && wake());
  document.addEventListener("visibilitychange", () => isStale && wake());
  return wake;
}

/**
 * Nothing is exchanged between the press and the release of a button: it would do nothing.
 *
 * @param {HTMLElement} part
 */
async function untilReleased(part) {
  while (part.matches(":active")) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** @param {Element|null} element */
function isField(element) {
  return element !== null && element.matches("input, select, textarea");
}

/**
 * Puts what the server made into the part. The focus stays on what has the same id; what is marked
 * with `data-say` is told to screen readers when it changed.
 *
 * @param {HTMLElement} part
 * @param {string} html Of our own server, escaped there.
 */
function swap(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const said = words(part);
  part.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  localise(part);
  countDown(part);
  if (focused) document.getElementById(focused)?.focus();
  const news = words(part).filter((word) => !said.includes(word));
  const status = document.getElementById("live-status");
  if (status !== null && news.length > 0) status.textContent = news.join(" ");
}

/** @param {ParentNode} part */
function words(part) {
  return [...part.querySelectorAll("[data-say]")].map((element) => element.textContent ?? "");
}

/** @type {Map<string, (() => void)[]>} */
const byStream = new Map();
for (const part of document.querySelectorAll("[data-live]")) {
  if (!(part instanceof HTMLElement)) continue;
  const { liveStream, liveSeconds } = part.dataset;
  const wake = follow(part);
  if (liveSeconds !== undefined) setInterval(wake, Number(liveSeconds) * 1_000);
  if (liveStream !== undefined) byStream.set(liveStream, [...(byStream.get(liveStream) ?? []), wake]);
}

for (const [path, parts] of byStream) {
  openStream(path, {
    onFrame: () => parts.forEach((wake) => wake()),
    onState: (state) => {
      for (const light of document.querySelectorAll("[data-live-light]")) {
        light.classList.toggle("good", state === "open");
        light.classList.toggle("bad", state !== "open");
        const shown = state === "open" ? "open" : "away";
        light.textContent = light.getAttribute(`data-${shown}`);
      }
    },
  });
}
