import { Stage } from "./harness/stage.js";
import assert from "node:assert/strict";
import { tabTo } from "./harness/keyboard.js";
import test from "node:test";

test("a campaign is set up with the keyboard alone", async (t) => {
  const stage = await Stage.open(t);
  const visit = await stage.visit();
  const { page } = visit;
  const { keyboard } = page;
  await visit.signIn("gm", { path: "/console" });
  await tabTo(page, "textbox", "Name");
  await keyboard.type("The Sunken Keep");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "The Sunken Keep" }).waitFor();
  await tabTo(page, "link", "Events");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Events" }).waitFor();
  await tabTo(page, "button", "Switch on Invert the die");
  await keyboard.press("Enter");
  await page.getByText("The event is on").waitFor();
});

test("the first stop of every page leads past its head", async (t) => {
  const stage = await Stage.open(t);
  const visit = await stage.visit();
  await visit.goto("/");
  await tabTo(visit.page, "link", "Skip to the content");
  await visit.page.keyboard.press("Enter");
  const focused = await visit.page.evaluate(() => document.activeElement.id);
  assert.equal(focused, "main");
});
