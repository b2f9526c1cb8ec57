import { openTable, plain } from "../shim/table.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { until } from "../shim/until.js";

/** What the server's own tests read. */
function fixture(name) {
  const path = `../../../../crates/gamification-foundry/tests/fixtures/${name}.json`;
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}

async function open(t, options) {
  const table = await openTable(options);
  t.after(() => table.world.clients.forEach((client) => client.close()));
  return table;
}

async function rollsOf(table, count = 1) {
  await until(`${count} rolls`, () => table.server.of("dice:roll").length >= count);
  return table.server.of("dice:roll");
}

test("an attack with advantage is told as the server's fixture has it", async (t) => {
  const table = await open(t);
  const roll = await table.gm.dice.Roll.create("2d20kh + 5", {}, {
    advantageMode: 1, criticalSuccess: 20, criticalFailure: 1, target: 15, rollType: "attack",
  });
  table.gm.nextDice = [7, 20];
  const message = await table.gm.create("ChatMessage", {
    author: table.gmId,
    speaker: { actor: "actorElda" },
    flavor: "Longbow - Attack Roll (Advantage)",
    rolls: [JSON.stringify(await roll.evaluate())],
    flags: { dnd5e: { roll: { type: "attack" } } },
  });
  const [told] = await rollsOf(table);
  const expected = fixture("dnd5e_attack_advantage");
  for (const field of ["rollFormula", "result", "diceResults", "rollType", "modifiers", "isHidden"]) {
    assert.deepEqual(told[field], expected[field], field);
  }
  for (const field of ["skill", "ability", "worldId", "campaignId"]) {
    assert.deepEqual(told[field], expected[field], field);
  }
  assert.deepEqual(told.terms, expected.terms);
  assert.deepEqual(told.systemData, expected.systemData);
  assert.deepEqual([told.rollId, told.metadata.foundryMessageId], [message.id, message.id]);
  assert.equal(told.metadata.flavor, expected.metadata.flavor);
  assert.deepEqual([told.author, told.whisper, told.blind, told.flags], [table.gmId, [], false, {}]);
});

test("pf2e tells the degree of success and the outcome", async (t) => {
  const table = await open(t, { system: "pf2e" });
  await table.gm.roll("1d20 + 17", {
    actorId: "actorElda", dice: [16],
    flags: { pf2e: { context: { type: "skill-check", outcome: "criticalSuccess" } } },
  });
  const [{ systemData, rollType }] = await rollsOf(table);
  assert.deepEqual([systemData.degreeOfSuccess, systemData.outcome], [3, "criticalSuccess"]);
  assert.equal(rollType, "skill-check");
});

test("wfrp4e tells its outcome, starwarsffg its symbols", async (t) => {
  const wfrp = await open(t, { system: "wfrp4e" });
  await wfrp.gm.roll("1d100", { system: { testData: { result: { outcome: "success" } } } });
  assert.equal((await rollsOf(wfrp))[0].systemData.outcome, "success");
  const ffg = await open(t, { system: "starwarsffg" });
  const [told] = await (async () => {
    const { Roll } = ffg.gm.dice;
    Object.defineProperty(Roll.prototype, "ffg", { get: () => ({ triumph: 2, threat: 0 }) });
    await ffg.gm.roll("1d12");
    return rollsOf(ffg);
  })();
  assert.deepEqual(told.systemData.symbols, [{ type: "triumph", count: 2 }]);
});

test("damage is called damage, however the system says it", async (t) => {
  const table = await open(t);
  await table.gm.roll("2d6", { flags: { dnd5e: { roll: { type: "damage" } } } });
  assert.equal((await rollsOf(table))[0].rollType, "damage");
  const pf2e = await open(t, { system: "pf2e" });
  await pf2e.gm.roll("2d6", { flags: { pf2e: { context: { type: "damage-roll" } } } });
  assert.equal((await rollsOf(pf2e))[0].rollType, "damage");
});

test("every kind of term is told with what fell inside", async (t) => {
  const table = await open(t);
  await table.gm.roll("(1d20x + 2) * 2 - {1d6,1d4}kh + 2d6[Hunger] + 4df", {
    dice: [20, 3, 2, 4, 5, 6, 1, 2, 3, 3],
  });
  const [{ terms, result }] = await rollsOf(table);
  const kinds = terms.map(({ type }) => type);
  assert.deepEqual(kinds, [
    "parenthetical", "operator", "number", "operator", "pool", "operator", "die", "operator", "die",
  ]);
  const [exploding] = terms[0].rolls[0];
  assert.deepEqual(exploding.results.map(({ value, exploded }) => [value, exploded]), [[20, true], [3, false]]);
  const pool = terms[4];
  assert.deepEqual(pool.results.map(({ value, active }) => [value, active]), [[2, false], [4, true]]);
  assert.deepEqual(pool.rolls.map(([die]) => die.expression), ["1d6", "1d4"]);
  assert.deepEqual([terms[6].flavor, terms[6].modifiers], ["Hunger", []]);
  const fate = terms[8];
  assert.deepEqual([fate.class, fate.denomination, fate.faces], ["FateDie", "f", 3]);
  assert.deepEqual(fate.results.map(({ value }) => value), [-1, 0, 1, 1]);
  assert.equal(result, 50 - 4 + 11 + 1);
});

test("each roll of a message is told with its index", async (t) => {
  const table = await open(t);
  const { Roll } = table.gm.dice;
  const rolls = await Promise.all(["1d20", "1d8"].map((formula) => Roll.create(formula).evaluate()));
  await table.gm.create("ChatMessage", { author: table.gmId, rolls: rolls.map((r) => JSON.stringify(r)) });
  const told = await rollsOf(table, 2);
  assert.deepEqual(told.map((one) => [one.rollIndex, one.rollFormula]), [[0, "1d20"], [1, "1d8"]]);
  assert.deepEqual(told.map(({ characterId }) => characterId), ["unknown", "unknown"]);
});

for (const [why, data] of [
  ["is whispered", { whisper: ["somebody"] }],
  ["is blind", { blind: true }],
  ["comes from a hidden token", { speaker: { scene: "scene", token: "ghost", actor: "goblin" } }],
]) {
  test(`a roll is hidden when it ${why}`, async (t) => {
    const table = await open(t);
    for (const one of [table.world.tree, table.gm.tree]) {
      one.Scene.scene.tokens.ghost = { _id: "ghost", actorId: "goblin", actorLink: true, hidden: true };
    }
    await table.gm.roll("1d20", data);
    const [told] = await rollsOf(table);
    assert.equal(told.isHidden, true);
    assert.deepEqual([told.whisper, told.blind], [data.whisper ?? [], data.blind ?? false]);
  });
}

test("a roll that was not acknowledged is told again on the next connection", async (t) => {
  const table = await open(t, { speed: 20 });
  table.server.isSilent = true;
  await table.gm.roll("1d20", { dice: [20] });
  await rollsOf(table);
  table.server.socket.lose();
  table.server.isSilent = false;
  const [first, second] = await rollsOf(table, 2);
  assert.deepEqual(second, first);
  await table.gm.roll("1d20", { dice: [2] });
  const told = plain(await rollsOf(table, 3));
  assert.deepEqual(told.map(({ result }) => result), [20, 20, 2]);
});
