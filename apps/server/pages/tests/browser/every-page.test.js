import { ROUGH, assertFits, assertNothingRan } from "./harness/rough.js";
import { Stage } from "./harness/stage.js";
import { assertAccessible } from "./harness/accessibility.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "../program/until.js";
import { walk } from "./harness/crawl.js";

const BYTES_MAX = 100 * 1024;
const NARROW = { width: 320, height: 720 };
const WIDE = { width: 1280, height: 800 };

/** An evening of people with names that no page should trust. */
async function roughEvening(t) {
  const stage = await Stage.open(t);
  await stage.twitch.put("/sandbox/users/alice", { displayName: ROUGH.attribute });
  await stage.twitch.put("/sandbox/users/viewer_m", { displayName: ROUGH.markup });
  await stage.twitch.put("/sandbox/users/viewer_r", { displayName: ROUGH.rightToLeft });
  await stage.twitch.put("/sandbox/users/viewer_l", { displayName: ROUGH.long });
  const game = await stage.game(`<b onclick=1>${ROUGH.rightToLeft}`.slice(0, 45));
  const description = ROUGH.long.slice(0, 200);
  const words = { type: "chat_message", config: { content: ROUGH.markup } };
  const event = await game.offer("rough", words, 3);
  await game.gm.post(`${game.campaign}/practice-table`, {});
  await game.gm.try("PATCH", `/api/v1/events/${event}`, { name: `<i>${ROUGH.emoji}`, description });
  for (const viewer of ["viewer_m", "viewer_r", "viewer_l"]) await game.redeem(event, viewer);
  await game.goalThat(({ status }) => status === "completed", "the goal to be full");
  await game.offer("dice-invert", null, 3);
  await until("the clicks to be told", async () => (await game.ledger()).received >= 3, 30_000);
  return { stage, game };
}

/** Looks at every page that can be reached, as wide and as narrow as screens are. */
async function lookEverywhere(visit, starts) {
  const problems = [];
  const note = (error) => problems.push(error.message);
  const pages = await walk(visit, starts, async (path, status) => {
    const { page } = visit;
    if (status !== 200) problems.push(`${path}: ${status}`);
    await page.setViewportSize(WIDE);
    await assertAccessible(page).catch(note);
    await assertFits(page).catch(note);
    await page.setViewportSize(NARROW);
    await assertFits(page).catch(note);
    await assertNothingRan(page).catch(note);
    const { bytes } = await visit.measure(path, () => page.waitForLoadState("load"));
    if (bytes > BYTES_MAX) problems.push(`${path}: ${bytes} bytes`);
  });
  assert.deepEqual(problems, []);
  return pages;
}

for (const language of ["en", "fr"]) {
  test(`every page shows rough names as text, to everybody, in ${language}`, async (t) => {
    const { stage, game } = await roughEvening(t);
    const visit = await stage.visit({ language });
    await visit.signIn("gm");
    const pages = await lookEverywhere(visit, ["/", "/console", `/console/${game.id}`]);
    t.diagnostic(`the game master's pages: ${pages.join(" ")}`);
    const streamer = await stage.visit({ language });
    await streamer.signIn("alice", { asStreamer: true });
    t.diagnostic(`the streamer's: ${(await lookEverywhere(streamer, ["/"])).join(" ")}`);
  });
}
