import { effectsOf, Evening } from "./evening.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "../shim/until.js";

const SOON = 30_000;
const VIEWERS = ["pippa", "juno", "anselm"];

async function begin(t) {
  const evening = await Evening.begin();
  t.after(() => evening.leave());
  const client = await evening.browser();
  await evening.pair(client);
  return { evening, client };
}

/** Three viewers fill the goal, which then waits for a critical. */
async function armed(evening) {
  const event = await evening.offer("dice-invert", null, 3);
  for (const viewer of VIEWERS) await evening.redeem(event, viewer);
  return evening.goalThat(({ status }) => status === "armed", "the goal to be armed");
}

const executed = (evening) =>
  evening.goalThat(({ executionStatus }) => executionStatus === "executed", "the execution");

async function fulfilled(evening, count) {
  await until("Twitch to be told", async () => (await evening.ledger()).fulfilled === count, SOON);
  const ledger = await evening.ledger();
  assert.deepEqual([ledger.pending, ledger.stuck, ledger.balanced], [0, 0, true]);
}

test("three clicks turn Elda's natural 20 into a 1, also when the server is killed in between", async (t) => {
  const { evening, client } = await begin(t);
  await evening.assign();
  await armed(evening);
  await evening.place.kill();
  await evening.place.serve();
  await until("the module to be back", () => isConnected(client), SOON);
  const original = await client.roll("1d20 + 5", { actorId: "actorElda", dice: [20] });
  const goal = await executed(evening);
  const { originalValue, invertedValue } = goal.result;
  assert.deepEqual([originalValue, invertedValue], [20, 1]);
  const messages = Object.values(evening.world.tree.ChatMessage);
  assert.equal(messages.some(({ _id }) => _id === original.id), false, "the natural 20 is gone");
  const [turned] = messages.map(({ rolls }) => JSON.parse(rolls[0]));
  assert.deepEqual(turned.terms[0].results, [{ result: 1, active: true }]);
  assert.deepEqual([...effectsOf(evening.world).values()], [1]);
  await fulfilled(evening, 3);
  // The turned roll is a natural 1, and no trigger.
  assert.equal((await evening.goals()).length, 1);
});

test("a browser that is reloaded in the middle of a command does not roll twice", async (t) => {
  const { evening, client } = await begin(t);
  await evening.assign();
  await armed(evening);
  const isForced = ({ flags }) => flags["viewer-gamification"];
  let reloaded;
  client.globals.Hooks.on("createChatMessage", (message) => {
    // Rolled, and not yet remembered.
    if (isForced(message)) reloaded ??= client.reload();
  });
  await client.roll("1d20", { actorId: "actorElda", dice: [20] });
  await until("the reload", () => reloaded, SOON);
  const next = await reloaded;
  await until("the server to ask again", () => isConnected(next), SOON);
  await until("the command to be unknown", async () => {
    const [goal] = await evening.goals();
    const { commands = [] } = await evening.gm.get(`/api/v1/instances/${goal.id}`);
    return commands.some(({ status }) => status === "unknown");
  }, SOON);
  assert.deepEqual([...effectsOf(evening.world).values()], [1]);
});

test("the next GM's browser takes over and never repeats what the first one did", async (t) => {
  const { evening, client } = await begin(t);
  const event = await evening.offer("words", {
    type: "chat_message", config: { content: "The viewers have spoken" },
  }, 1);
  const second = await evening.browser(evening.secondId);
  await until("the second to connect", () => isConnected(second), SOON);
  await evening.redeem(event, "pippa");
  await executed(evening);
  client.close();
  await evening.redeem(event, "juno");
  await until("both goals", async () => {
    const goals = await evening.goals();
    return goals.filter(({ executionStatus }) => executionStatus === "executed").length === 2;
  }, SOON);
  assert.deepEqual([...effectsOf(evening.world).values()], [1, 1]);
  const authors = Object.values(evening.world.tree.ChatMessage).map(({ author }) => author);
  assert.deepEqual(authors, [evening.gmId, evening.secondId]);
  await fulfilled(evening, 2);
});

test("an unpaired world is off the server, and a revoked one comes back when the GM allows it", async (t) => {
  const { evening, client } = await begin(t);
  const icon = () => client.globals.document.getElementById("viewer-gamification-status");
  const { items } = await evening.gm.get("/api/v1/vtt/connections");
  const connection = `/api/v1/vtt/connections/${items[0].id}`;
  await evening.gm.try("DELETE", connection);
  await until("the module to hear", () => /revoked/.test(icon().className), SOON);
  await evening.gm.post(`${connection}/reauthorize`, {});
  await until("the module to be back", () => /connected/.test(icon().className), 60_000);
  icon().click();
  const windows = client.globals.foundry.applications.instances;
  await windows.get("viewer-gamification-pairing").act("unpair");
  assert.match(icon().className, /unpaired/);
  const after = await evening.gm.get("/api/v1/vtt/connections");
  assert.equal(after.items[0].status, "revoked");
});

function isConnected(client) {
  const icon = client.globals.document.getElementById("viewer-gamification-status");
  return /connected/.test(icon.className);
}
