import { Stage } from "./harness/stage.js";
import { assertAccessible } from "./harness/accessibility.js";
import { assertFits } from "./harness/rough.js";
import assert from "node:assert/strict";
import test from "node:test";

const WIDTHS = [320, 1280];

for (const language of ["en", "fr"]) {
  for (const width of WIDTHS) {
    test(`the front page is for everybody, ${width} wide, in ${language}`, async (t) => {
      const stage = await Stage.open(t);
      const visit = await stage.visit({ language, viewport: { width, height: 800 } });
      await visit.goto("/");
      assert.equal(await visit.page.locator("html").getAttribute("lang"), language);
      await assertAccessible(visit.page);
      await assertFits(visit.page);
    });
  }
}

test("who chooses a language keeps it", async (t) => {
  const stage = await Stage.open(t);
  const visit = await stage.visit({ language: "en" });
  await visit.goto("/?return=/console");
  await visit.page.getByRole("button", { name: "Français" }).click();
  assert.equal(await visit.page.locator("html").getAttribute("lang"), "fr");
  assert.match(visit.page.url(), /\?return=(\/|%2F)console$/);
  await visit.goto("/");
  assert.equal(await visit.page.locator("html").getAttribute("lang"), "fr");
});

test("the front page is light, and there before its scripts", async (t) => {
  const stage = await Stage.open(t);
  const visit = await stage.visit();
  const { bytes, requests } = await visit.measure("/", (page) => page.waitForLoadState("load"));
  assert.ok(bytes <= 100 * 1024, `${bytes} bytes: ${requests.join(", ")}`);
  t.diagnostic(`${bytes} bytes: ${requests.join(", ")}`);
});
