import { GameMaster } from "./harness/game-master.js";
import { Stage } from "./harness/stage.js";
import assert from "node:assert/strict";
import test from "node:test";

/** A campaign whose viewers can click, and a goal with one click of three. */
async function evening(t) {
  const stage = await Stage.open(t);
  const game = await stage.game();
  const words = { type: "chat_message", config: { content: "The viewers have spoken" } };
  const event = await game.offer("words", words, 3);
  await game.gm.post(`${game.campaign}/practice-table`, {});
  return { stage, game, event };
}

async function openConsole(stage, game, options) {
  const visit = await stage.visit(options);
  await visit.signIn("gm", { path: `/console/${game.id}` });
  return { visit, page: visit.page, gm: new GameMaster(visit) };
}

test("a click of a viewer is on the console without a reload, and told to who cannot see", async (t) => {
  const { stage, game, event } = await evening(t);
  const { page } = await openConsole(stage, game);
  await page.getByText("Live", { exact: true }).waitFor();
  await game.redeem(event, "pippa");
  await page.getByText("1 of 3 clicks").waitFor();
  await page.locator("#live-status").filter({ hasText: "Collecting clicks" }).waitFor();
});

test("a console says when the server is away, and is right again when it is back", async (t) => {
  const { stage, game, event } = await evening(t);
  const { visit, page } = await openConsole(stage, game);
  visit.watch.forgive(/ERR_|Failed to load resource/);
  await page.getByText("Live", { exact: true }).waitFor();
  await stage.place.kill();
  await page.getByText("Not connected").waitFor();
  await stage.place.serve();
  await page.getByText("Live", { exact: true }).waitFor();
  await game.redeem(event, "juno");
  await page.getByText("1 of 3 clicks").waitFor();
});

const STOP = { name: /^Stop and return the points/ };

async function goalOf(t) {
  const { stage, game, event } = await evening(t);
  await game.redeem(event, "pippa");
  await game.goalThat(({ status }) => status === "active", "the goal");
  return { stage, game };
}

test("what one game master stops is stopped on the other's console at once", async (t) => {
  const { stage, game } = await goalOf(t);
  const first = await openConsole(stage, game);
  const second = await openConsole(stage, game);
  await second.page.getByText("Live", { exact: true }).waitFor();
  await first.page.getByRole("button", STOP).click();
  await first.gm.done("The goal is stopped");
  await second.page.locator(".badge", { hasText: "Stopped: points returned" }).waitFor();
  assert.equal(await second.page.getByRole("button", STOP).count(), 0);
});

test("who stops a goal that another has stopped is told that it is over", async (t) => {
  const { stage, game } = await goalOf(t);
  const first = await openConsole(stage, game, { hasScripts: false });
  const second = await openConsole(stage, game, { hasScripts: false });
  second.visit.watch.forgive(/409/);
  await first.page.getByRole("button", STOP).click();
  await first.gm.done("The goal is stopped");
  await second.page.getByRole("button", STOP).click();
  await second.page.getByText(/already moved on/).waitFor();
  const goals = await game.goals();
  assert.deepEqual(goals.map(({ status }) => status), ["cancelled"]);
});
