import { after } from "node:test";
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.GAMIFICATION_CHROMIUM ?? "/usr/bin/chromium";

/** It talks to nobody on its own, and needs neither a graphics card nor a user of its own. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let launched = null;

/** The Chromium of this file of tests, which ends with it. */
export function browser() {
  launched ??= chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  return launched;
}

after(async () => {
  if (launched) await (await launched).close();
});
