import { Evening } from "./evening.js";
import assert from "node:assert/strict";
import { seedFight } from "../shim/table.js";
import test from "node:test";
import { until } from "../shim/until.js";

const SOON = 30_000;

async function begin(t) {
  const evening = await Evening.begin();
  t.after(() => evening.leave());
  const client = await evening.browser();
  await evening.pair(client);
  await evening.assign();
  return { evening, client };
}

const executed = (evening) =>
  evening.goalThat(({ executionStatus }) => executionStatus === "executed", "the execution");

/** The steps of a goal, as the GM sees them. */
async function steps(evening, goal) {
  return (await evening.gm.get(`/api/v1/instances/${goal.id}`)).commands;
}

async function confirmed(evening, command) {
  await until("the command to be confirmed", async () => {
    const { status } = await evening.gm.get(`/api/v1/commands/${command.id}`);
    return status === "confirmed";
  }, SOON);
}

const iconOf = (client) =>
  client.globals.document.getElementById("viewer-gamification-status").className;

test("viewers seal Elda's spell, and the GM takes it back", async (t) => {
  const { evening } = await begin(t);
  const event = await evening.offer("spell-disable", null, 1);
  await evening.redeem(event, "pippa");
  const goal = await executed(evening);
  const spell = () => evening.world.tree.Actor.actorElda.items.fireball;
  assert.equal(spell().flags["viewer-gamification"].effect.type, "disable");
  assert.deepEqual([goal.result.target.name, goal.result.target.characterName], ["Fireball", "Elda"]);
  const [step] = await steps(evening, goal);
  await confirmed(evening, await evening.gm.post(`/api/v1/commands/${step.id}/undo`, {}));
  assert.equal(spell().flags["viewer-gamification"]?.effect, undefined);
  assert.equal(spell().system.preparation.prepared, true);
  const again = await evening.gm.try("POST", `/api/v1/commands/${step.id}/undo`, {});
  assert.equal(again.status, 409);
});

test("a monster is enraged while a combat runs, and only then", async (t) => {
  const { evening, client } = await begin(t);
  const event = await evening.offer("monster-buff", null, 1);
  assert.equal(await evening.rewardOf(event), null, "no combat runs");
  seedFight(evening.world);
  const reloaded = await client.reload();
  await evening.redeem(event, "pippa");
  const goal = await executed(evening);
  assert.equal(goal.result.target.name, "Goblin");
  const tokens = Object.values(evening.world.tree.Scene.scene.tokens);
  const enraged = tokens.filter(({ delta }) => delta.system.attributes.hp.temp === 10);
  assert.equal(enraged.length, 1, "one goblin of two");
  await reloaded.document("Combat.combat").delete();
  await until("the reward to pause", async () => {
    const offers = `${evening.campaign}/streamers/${evening.streamer}/events`;
    const { items } = await evening.alice.get(offers);
    return items.find(({ eventId }) => eventId === event).reward.pausedBecause === "no_combat";
  }, SOON);
});

test("the panic key stops the campaign, and the console lets it go on", async (t) => {
  const { evening, client } = await begin(t);
  const event = await evening.offer("words", {
    type: "chat_message", config: { content: "The viewers have spoken" },
  }, 1);
  client.game.keybindings.bindings.get("viewer-gamification.panic").onDown();
  await until("the campaign to panic", async () => {
    return (await evening.gm.get(evening.campaign)).isPanicked;
  }, SOON);
  await until("the reward to pause", async () => !(await evening.rewardOf(event)), SOON);
  assert.match(iconOf(client), /panic/);
  await evening.gm.try("DELETE", `${evening.campaign}/panic`);
  await until("the module to hear", () => /connected/.test(iconOf(client)), SOON);
  await evening.redeem(event, "pippa");
  await executed(evening);
});

test("cleaning up takes every effect and every message of ours away", async (t) => {
  const { evening } = await begin(t);
  await evening.redeem(await evening.offer("spell-buff", null, 1), "pippa");
  await executed(evening);
  const spell = () => evening.world.tree.Actor.actorElda.items.fireball;
  assert.equal(spell().flags["viewer-gamification"].effect.type, "buff");
  const cleanup = await evening.gm.post(`${evening.campaign}/vtt/cleanup`, { cleanChat: true });
  await confirmed(evening, cleanup);
  assert.equal(spell().flags["viewer-gamification"]?.effect, undefined);
  assert.deepEqual(Object.keys(evening.world.tree.ChatMessage), []);
});
