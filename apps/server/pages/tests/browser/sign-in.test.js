import { Stage } from "./harness/stage.js";
import assert from "node:assert/strict";
import test from "node:test";

for (const hasScripts of [true, false]) {
  const how = hasScripts ? "with scripts" : "without scripts";
  test(`somebody of the sandbox signs in ${how}, and is known by their browser`, async (t) => {
    const stage = await Stage.open(t);
    const visit = await stage.visit({ hasScripts });
    // What the API answers is no page, and names no icon.
    visit.watch.forgive(/favicon/);
    await visit.signIn("gm", { path: "/api/v1/me" });
    const me = JSON.parse(await visit.page.locator("body").innerText());
    assert.deepEqual([me.user.login, me.role], ["gm", "admin"]);
  });
}
