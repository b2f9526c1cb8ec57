import { GameMaster } from "./harness/game-master.js";
import { Stage } from "./harness/stage.js";
import assert from "node:assert/strict";
import test from "node:test";

async function gameMaster(t, options) {
  const stage = await Stage.open(t);
  const visit = await stage.visit(options);
  await visit.signIn("gm", { path: "/console" });
  return { stage, visit, gm: new GameMaster(visit) };
}

for (const hasScripts of [true, false]) {
  const how = hasScripts ? "with scripts" : "without scripts";
  test(`a game master sets a campaign up ${how}`, async (t) => {
    const { stage, gm } = await gameMaster(t, { hasScripts });
    await gm.makeCampaign("The Sunken Keep");
    await gm.invite("alice");
    await gm.switchOn("Invert the die");
    const campaign = `/api/v1/campaigns/${gm.campaignId}`;
    const { items: members } = await stage.gm.get(`${campaign}/members`);
    const standing = members.map(({ login, status }) => `${login}: ${status}`).sort();
    assert.deepEqual(standing, ["alice: invited", "gm: active"]);
    const { items: events } = await stage.gm.get(`${campaign}/events`);
    assert.equal(events.filter(({ isEnabled }) => isEnabled).length, 1);
  });
}
