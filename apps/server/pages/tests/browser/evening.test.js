import { GameMaster } from "./harness/game-master.js";
import { Stage } from "./harness/stage.js";
import { Streamer } from "./harness/streamer.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "../program/until.js";

const SOON = 30_000;
const KEEP = "The Sunken Keep";
const INVERT = "Invert the die";

/** From nothing to viewers who can click, by the pages alone. */
async function setUp(stage, options) {
  const gm = new GameMaster(await stage.visit(options));
  const alice = new Streamer(await stage.visit(options));
  await gm.visit.goto("/");
  await gm.page.getByRole("link", { name: /^Be \W*GM/ }).click();
  await gm.makeCampaign(KEEP);
  await gm.invite("alice");
  await gm.switchOn(INVERT);
  await gm.setUpPracticeTable();
  await alice.accept("Alice", KEEP);
  await alice.offer(INVERT);
  return { gm, alice };
}

/** Waits until the page says it; without scripts a person has to look again. */
function shows(page, text, hasScripts) {
  return until(`“${text}”`, async () => {
    if (await page.getByText(text).count()) return true;
    if (!hasScripts) await page.reload();
    return false;
  }, SOON);
}

for (const hasScripts of [true, false]) {
  const how = hasScripts ? "with scripts" : "without scripts";
  test(`from nothing to a die that viewers have turned, ${how}`, async (t) => {
    const began = Date.now();
    const stage = await Stage.open(t);
    const { gm, alice } = await setUp(stage, { hasScripts });
    await gm.open("Table");
    await gm.page.getByLabel("Channel").selectOption({ label: "Alice" });
    await gm.press("Viewers click");
    await gm.open("Game");
    await shows(gm.page, "Armed: waits for a critical", hasScripts);
    await gm.open("Table");
    await gm.press("Roll a d20");
    await shows(gm.page, "20 became 1", hasScripts);
    await gm.open("Game");
    await shows(gm.page, "Done, confirmed by the table", hasScripts);
    const ledger = `/api/v1/campaigns/${gm.campaignId}/ledger`;
    await until("every point to be spent or returned", async () => {
      const { received, fulfilled, refunded, balanced } = await stage.gm.get(ledger);
      return fulfilled > 0 && received === fulfilled + refunded && balanced;
    }, SOON);
    await shows(alice.page, "Every point is accounted for", hasScripts);
    t.diagnostic(`${Math.round((Date.now() - began) / 1_000)} s`);
    assert.equal(await gm.page.getByText("To the first goal").count(), 0);
  });
}
