import { LivelyEvening } from "./lively-evening.js";
import { Stage } from "../browser/harness/stage.js";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { statSync } from "node:fs";
import test from "node:test";
import { until } from "../program/until.js";

const FOLDER = fileURLToPath(new URL("../../../../../docs/pictures/", import.meta.url));
const BYTES_MAX = 150_000;
const PAGE = { width: 1000, height: 720 };
const STREAM = { width: 1280, height: 720 };
/** Where the overlay has its goals, and where its scenes. */
const CORNER = { x: 0, y: 0, width: 480, height: 260 };
const MIDDLE = { x: 330, y: 150, width: 620, height: 420 };

/** Takes what is on the screen, or a part of it, as `docs/pictures/<name>.png`. */
async function take(what, name, clip) {
  const path = join(FOLDER, `${name}.png`);
  await what.screenshot({ path, animations: "disabled", ...(clip && { clip }) });
  const { size } = statSync(path);
  assert.ok(size < BYTES_MAX, `${name}.png has ${size} bytes`);
}

async function pageOf(stage, login, path, options = {}) {
  const visit = await stage.visit({ viewport: PAGE, ...options });
  await visit.signIn(login, { path });
  return visit.page;
}

/** Something dark, as the game's video, behind the transparent overlay. */
function putVideoBehind(page) {
  return page.evaluate(() => {
    document.documentElement.style.background = "#2b3a38";
  });
}

test("the pages of an evening", async (t) => {
  const stage = await Stage.open(t);
  const front = await stage.visit({ viewport: PAGE });
  await front.goto("/");
  await take(front.page, "front");
  const evening = await LivelyEvening.begin(stage);
  const console = `/console/${evening.game.id}`;
  await evening.turnTheDie();
  await evening.stopOne();
  await evening.click("spell-disable", 5);
  const page = await pageOf(stage, "gm", console);
  await page.getByText("5 of 8 clicks").waitFor();
  await take(page, "console");
  await page.goto(`${console}/events/${evening.events["dice-invert"]}`);
  await take(page, "difficulty");
  await page.goto(`${console}/table`);
  await take(page, "table");
  await page.goto(`${console}/ledger`);
  await take(page, "ledger");
  const channel = await pageOf(stage, "alice", `/channel/${evening.game.id}`);
  await channel.getByText("Live", { exact: true }).waitFor();
  await take(channel, "channel");
  const points = channel.getByRole("heading", { name: "What happened to the points" });
  await points.evaluate((heading) => heading.scrollIntoView());
  await take(channel, "points");
});

test("the overlay of an evening", async (t) => {
  const stage = await Stage.open(t);
  const evening = await LivelyEvening.begin(stage);
  const { game } = evening;
  const wish = { campaignId: game.id, streamerId: game.streamer };
  const { token } = await game.alice.post("/api/v1/overlays", wish);
  const { page } = await stage.visit({ viewport: STREAM });
  await page.goto(`/overlay/${token}`);
  await putVideoBehind(page);
  await evening.click("spell-disable", 5);
  await evening.click("dice-invert", 9);
  await page.getByText("9 / 12").waitFor();
  await take(page, "overlay-goals", CORNER);
  await evening.click("dice-invert", 3);
  await game.goalThat(({ status }) => status === "armed", "the goal to be armed");
  await evening.roll();
  await until("the turned die", () => page.getByText("Inverted").count(), 15_000);
  await page.getByText("Inverted").first().waitFor();
  await take(page, "overlay-inverted", MIDDLE);
});
