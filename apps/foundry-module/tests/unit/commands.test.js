import { ask, openTable, plain } from "../shim/table.js";
import assert from "node:assert/strict";
import test from "node:test";

async function open(t, options) {
  const table = await openTable(options);
  t.after(() => table.gm.close());
  return table;
}

const messages = ({ world }) => Object.values(world.tree.ChatMessage);
const actor = ({ world }, id = "actorElda") => world.tree.Actor[id];

test("chat_message posts the content as it came and tells the message", async (t) => {
  const table = await open(t);
  const content = "fish &amp; chips";
  const answer = await ask(table, "chat_message", { content, speaker: { alias: "Viewers" } });
  const [message] = messages(table);
  assert.deepEqual(answer.result, { messageId: message._id });
  assert.equal(message.content, content);
  assert.equal(message.speaker.alias, "Viewers");
  assert.equal(message.flags["viewer-gamification"].requestId, answer.requestId);
});

test("a chat message that a module forbids is a failure", async (t) => {
  const table = await open(t);
  table.gm.globals.Hooks.on("preCreateChatMessage", () => false);
  const answer = await ask(table, "chat_message", { content: "x" });
  assert.deepEqual([answer.ok, answer.error], [false, "the chat message was not created"]);
});

test("delete_message deletes, and its undo brings the same message back", async (t) => {
  const table = await open(t);
  const message = await table.gm.roll("1d20 + 5", { actorId: "actorElda", dice: [20] });
  const before = plain(table.world.tree.ChatMessage[message.id]);
  const deleted = await ask(table, "delete_message", { messageId: message.id });
  assert.equal(deleted.ok, true);
  assert.deepEqual(messages(table), []);
  const undone = await ask(table, "undo", { undoes: deleted.requestId });
  assert.deepEqual(undone.result, { undone: 1, kept: [] });
  assert.deepEqual(messages(table), [before]);
  assert.equal(table.server.of("dice:roll").length, 1, "the message is not rolled anew");
});

test("deleting a message that is not there fails", async (t) => {
  const answer = await ask(await open(t), "delete_message", { messageId: "none" });
  assert.equal(answer.error, "there is no such message");
});

for (const [formula, dice, values, total] of [
  ["1d20 + 5", [20], [1], 6],
  ["1d20x + 5", [20, 4], [1], 6],
  ["1d20r20", [20, 7], [1], 1],
  ["2d20kh", [20, 12], [1, 12], 13],
  ["(1d20 + 2) * 3", [20], [1], 9],
  ["1d20 - 2d4", [20, 3, 4], [1, 3, 4], -6],
]) {
  test(`a forced first die of ${formula} shows its value and the total is recomputed`, async (t) => {
    const table = await open(t);
    table.gm.nextDice = [...dice];
    const speaker = { actorId: "actorElda" };
    const payload = { formula, forcedResult: 1, flavor: "turned", speaker };
    const answer = await ask(table, "roll_dice", payload);
    assert.equal(answer.ok, true, answer.error);
    const [message] = messages(table);
    assert.deepEqual(answer.result, { total, messageId: message._id, values });
    const [roll] = table.server.of("dice:roll");
    assert.equal(roll.flags.requestId, answer.requestId);
    assert.deepEqual([roll.result, roll.metadata.flavor], [total, "turned"]);
    assert.equal(roll.characterId, "actorElda");
  });
}

for (const [formula, forcedResult, error] of [
  ["1d6", 20, "a d6 does not show 20"],
  ["{1d20,1d20}kh", 1, "a die in a pool cannot be forced"],
  ["3 + 4", 1, "the formula has no die to force"],
  ["oops", 1, "not a formula: oops"],
]) {
  test(`${formula} forced to ${forcedResult} is refused`, async (t) => {
    const table = await open(t);
    const answer = await ask(table, "roll_dice", { formula, forcedResult });
    assert.deepEqual([answer.ok, answer.error], [false, error]);
    assert.deepEqual(messages(table), []);
  });
}

test("modify_actor changes values, and its undo spares what the table changed since", async (t) => {
  const table = await open(t);
  const [value, max] = ["system.attributes.hp.value", "system.attributes.hp.max"];
  const answer = await ask(table, "modify_actor", {
    actorId: "actorElda", updates: { [value]: 5, [max]: 25 },
  });
  assert.deepEqual(answer.result, {
    before: { [value]: 20, [max]: 30 }, after: { [value]: 5, [max]: 25 },
  });
  await table.gm.document("Actor.actorElda").update({ [value]: 3 });
  const undone = await ask(table, "undo", { undoes: answer.requestId });
  assert.deepEqual(undone.result, { undone: 1, kept: [`${value} was changed since`] });
  assert.deepEqual(actor(table).system.attributes.hp, { value: 3, max: 30, temp: 0, tempmax: 0 });
});

for (const [updates, error] of [
  [{ name: "Bob" }, "name may not be changed"],
  [{ "system.attributes.hp": { value: 1 } }, "system.attributes.hp may not be changed"],
  [{ "system.attributes.luck": 1 }, "the actor has no system.attributes.luck"],
  [{}, "there is nothing to change"],
]) {
  test(`modify_actor refuses ${JSON.stringify(updates)}`, async (t) => {
    const table = await open(t);
    const before = plain(actor(table));
    const answer = await ask(table, "modify_actor", { actorId: "actorElda", updates });
    assert.deepEqual([answer.ok, answer.error], [false, error]);
    assert.deepEqual(actor(table), before);
  });
}

test("treasure_drop places copies 50 pixels apart, and its undo takes them away", async (t) => {
  const table = await open(t);
  const answer = await ask(table, "treasure_drop", {
    actorId: "goblin", position: { x: 100, y: 200 }, quantity: 3, message: "<b>loot</b>",
  });
  assert.deepEqual(answer.result, { placed: 3, errors: [] });
  const { tokens } = table.world.tree.Scene.scene;
  assert.deepEqual(Object.values(tokens).map(({ x, y }) => [x, y]), [[100, 200], [150, 200], [200, 200]]);
  assert.equal(messages(table)[0].content, "<p>&lt;b&gt;loot&lt;/b&gt;</p>");
  const undone = await ask(table, "undo", { undoes: answer.requestId });
  assert.deepEqual(undone.result, { undone: 4, kept: [] });
  assert.deepEqual(plain(table.world.tree.Scene.scene.tokens), {});
});

test("treasure_drop tells of copies that were not placed, and fails when none was", async (t) => {
  const table = await open(t);
  const drop = { actorId: "goblin", position: { x: 0, y: 0 }, quantity: 2 };
  let asked = 0;
  table.gm.globals.Hooks.on("preCreateToken", () => (asked += 1) > 1);
  const partial = await ask(table, "treasure_drop", drop);
  assert.deepEqual(partial.result, { placed: 1, errors: ["copy 1 was not accepted"] });
  table.gm.globals.Hooks.on("preCreateToken", () => false);
  const failed = await ask(table, "treasure_drop", drop);
  assert.deepEqual([failed.ok, failed.error], [false, "copy 1 was not accepted"]);
});

test("custom calls the hook of that name below our prefix, and fails when nobody listens", async (t) => {
  const table = await open(t);
  const deaf = await ask(table, "custom", { name: "ready", data: {} });
  assert.equal(deaf.error, "nobody listens to viewer-gamification.custom.ready");
  const heard = [];
  table.gm.globals.Hooks.on("viewer-gamification.custom.gate", (...told) => heard.push(plain(told)));
  const answer = await ask(table, "custom", { name: "gate", data: { open: true } });
  assert.deepEqual(answer.result, { listeners: 1 });
  assert.deepEqual(heard, [[{ open: true }, { requestId: answer.requestId }]]);
  const undone = await ask(table, "undo", { undoes: answer.requestId });
  assert.equal(undone.error, "custom cannot be undone");
});

test("undo refuses what is unknown, undone already or never happened", async (t) => {
  const table = await open(t);
  const unknown = await ask(table, "undo", { undoes: "nothing" });
  assert.equal(unknown.error, "that command is not known here");
  const said = await ask(table, "chat_message", { content: "x" });
  assert.equal((await ask(table, "undo", { undoes: said.requestId })).ok, true);
  const again = await ask(table, "undo", { undoes: said.requestId });
  assert.equal(again.error, "that command was undone already");
  const failed = await ask(table, "delete_message", { messageId: "none" });
  const undone = await ask(table, "undo", { undoes: failed.requestId });
  assert.equal(undone.error, "that command did not happen");
});

test("request_sync reports again, one actor or all", async (t) => {
  const table = await open(t);
  const before = table.server.of("character:update").length;
  const one = await ask(table, "request_sync", { actorId: "goblin" });
  assert.deepEqual(one.result, { actors: 1 });
  await ask(table, "request_sync", {});
  const names = table.server.of("character:update").slice(before).map(({ name }) => name);
  assert.deepEqual(names, ["Goblin", "Elda"]);
});

test("a command that is not known is refused, and nothing is remembered of it", async (t) => {
  const table = await open(t);
  const answer = await ask(table, "explode", {});
  assert.deepEqual([answer.ok, answer.error], [false, "unknown command: explode"]);
  assert.equal((await ask(table, "sync_item_categories", { itemCategories: [] })).ok, true);
});
