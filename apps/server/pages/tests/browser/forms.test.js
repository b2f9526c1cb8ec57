import { GameMaster } from "./harness/game-master.js";
import { Stage } from "./harness/stage.js";
import assert from "node:assert/strict";
import test from "node:test";

const ROUGH_NAME = `"><b>The Keep</b> 🐉`;

async function gameMaster(t, options) {
  const stage = await Stage.open(t);
  const visit = await stage.visit(options);
  await visit.signIn("gm", { path: "/console" });
  return { stage, visit, gm: new GameMaster(visit) };
}

async function campaigns({ gm }) {
  return (await gm.get("/api/v1/campaigns")).items.map(({ name }) => name);
}

for (const hasScripts of [true, false]) {
  const how = hasScripts ? "with scripts" : "without scripts";
  test(`nothing typed is lost when the sign-in ends before it is sent, ${how}`, async (t) => {
    const { stage, visit, gm } = await gameMaster(t, { hasScripts });
    visit.watch.forgive(/401|409/);
    await visit.page.getByLabel("Name", { exact: true }).fill(ROUGH_NAME);
    await visit.expire();
    await gm.press("Make the campaign");
    await visit.page.getByRole("heading", { name: "Nothing you typed is lost" }).waitFor();
    assert.match(await visit.page.locator("main").innerText(), /<b>The Keep<\/b> 🐉/);
    assert.deepEqual(await campaigns(stage), []);
    const other = await visit.context.newPage();
    await other.goto("/auth/twitch?as=gm");
    await gm.press("Send it now");
    await gm.press("Send it now");
    await visit.page.getByRole("heading", { level: 1, name: ROUGH_NAME }).waitFor();
    assert.deepEqual(await campaigns(stage), [ROUGH_NAME]);
  });
}

test("a form with a wrong token, or from another site, does nothing", async (t) => {
  const { stage, visit, gm } = await gameMaster(t);
  visit.watch.forgive(/40[13]|409/);
  await visit.page.getByLabel("Name", { exact: true }).fill("Not asked for");
  await visit.page.locator("main input[name=csrfToken]").evaluate((input) => {
    input.value = "0".repeat(64);
  });
  await gm.press("Make the campaign");
  await visit.page.getByRole("heading", { name: "Nothing you typed is lost" }).waitFor();
  const [{ value }] = (await visit.context.cookies()).filter(({ name }) => name === "session");
  const me = await (await visit.context.request.get("/api/v1/me")).json();
  for (const [token, origin] of [["wrong", null], [me.csrfToken, "https://evil.example"]]) {
    const answer = await fetch(`${stage.place.base}/console`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: `session=${value}`, ...(origin ? { origin } : {}) },
      body: new URLSearchParams({ csrfToken: token, name: "Not asked for", gameSystem: "dnd5e" }),
    });
    assert.equal(answer.status, 403);
  }
  assert.deepEqual(await campaigns(stage), []);
});

test("what is refused stands beside its field, with what was typed", async (t) => {
  const { stage, visit, gm } = await gameMaster(t);
  visit.watch.forgive(/4\d\d/);
  const name = visit.page.getByLabel("Name", { exact: true });
  await name.fill("W".repeat(45));
  await name.evaluate((input) => {
    input.form.noValidate = true;
    input.value = "<b>".repeat(160);
  });
  await gm.press("Make the campaign");
  const again = visit.page.getByLabel("Name", { exact: true });
  assert.equal(await again.inputValue(), "<b>".repeat(160));
  assert.equal(await again.getAttribute("aria-invalid"), "true");
  const described = await again.getAttribute("aria-describedby");
  assert.notEqual(await visit.page.locator(`#${described}`).innerText(), "");
  assert.deepEqual(await campaigns(stage), []);
});
