import { openTable } from "../shim/table.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "../shim/until.js";

async function open(t, options) {
  const table = await openTable(options);
  t.after(() => table.world.clients.forEach((client) => client.close()));
  return table;
}

const HP = "system.attributes.hp.value";
const combats = ({ server }) =>
  server.heard.filter(({ event }) => event.startsWith("combat:")).map(({ event }) => event);

async function newCombat(table) {
  await table.gm.create("Combat", { active: true, round: 0, turn: 0, combatants: {} });
  const combat = table.gm.game.combat;
  await combat.createEmbeddedDocuments("Combatant", [
    { actorId: "goblin", name: "Goblin", img: "goblin.webp", initiative: 12, hidden: true },
    { actorId: "actorElda", name: "Elda", img: "elda.webp", initiative: 17 },
  ]);
  return combat;
}

test("a character is told with its hit points and spells", async (t) => {
  const { server } = await open(t);
  const [told] = server.of("character:update");
  assert.deepEqual(told.stats, { hp: { value: 20, max: 30, temp: 0 } });
  assert.deepEqual(told.spells, [{
    id: "fireball", name: "Fireball", img: "fireball.webp", level: 3, school: "evo", prepared: true,
    activeEffect: null,
  }]);
  assert.deepEqual([told.characterId, told.characterType, told.avatarUrl], ["actorElda", "pc", "elda.webp"]);
});

for (const [system, source, level] of [
  ["pf2e", { level: { value: 3 }, traits: { value: ["cantrip"] } }, 0],
  ["pf2e", { level: { value: 3 }, traits: { value: ["fire"] } }, 3],
  ["swade", { rank: "novice" }, 1],
]) {
  test(`a spell of ${system} ${JSON.stringify(source)} has level ${level}`, async (t) => {
    const table = await open(t, { system });
    const before = table.server.of("character:update").length;
    const data = { name: "Spark", type: "spell", system: source };
    await table.gm.document("Actor.actorElda").createEmbeddedDocuments("Item", [data]);
    await until("the update", () => table.server.of("character:update").length > before);
    const { spells } = table.server.of("character:update").at(-1);
    assert.equal(spells.find(({ name }) => name === "Spark").level, level);
  });
}

test("many changes of a character are told once; those of nobody are not", async (t) => {
  const table = await open(t);
  for (const value of [19, 18, 17]) await table.gm.document("Actor.actorElda").update({ [HP]: value });
  await table.gm.document("Actor.goblin").update({ [HP]: 1 });
  await until("the update", () => table.server.of("character:update").length > 1);
  const told = table.server.of("character:update").slice(1);
  assert.deepEqual(told.map(({ name, stats }) => [name, stats.hp.value]), [["Elda", 17]]);
});

test("an actor that is deleted is told", async (t) => {
  const table = await open(t);
  await table.gm.document("Actor.goblin").delete();
  assert.deepEqual(table.server.of("actor:delete"), [{ actorId: "goblin" }]);
});

test("a combat is told from its start to its end, and monsters join the characters", async (t) => {
  const table = await open(t);
  const combat = await newCombat(table);
  const { id } = combat;
  assert.deepEqual(combats(table), ["combat:end"], "nothing before it starts");
  await combat.update({ round: 1, turn: 0 });
  await combat.update({ turn: 1 });
  await combat.update({ round: 2, turn: 0 });
  const goblin = combat.combatants.find(({ actorId }) => actorId === "goblin");
  await goblin.update({ defeated: true });
  await goblin.delete();
  await combat.delete();
  assert.deepEqual(combats(table).slice(1), [
    "combat:start", "combat:turn", "combat:round", "combat:combatant-defeated",
    "combat:combatant-remove", "combat:end",
  ]);
  const names = table.server.of("character:update").map(({ name }) => name);
  assert.deepEqual(names, ["Elda", "Goblin", "Elda"]);
  const ends = table.server.of("combat:end").map(({ combatId }) => combatId);
  assert.deepEqual(ends, ["none", id]);
});

test("combatants are told in the order of turns with what decides about them, hidden ones as hidden", async (t) => {
  const table = await open(t);
  const combat = await newCombat(table);
  await combat.update({ round: 1 });
  const [{ worldId, combatId, round, turn, combatants }] = table.server.of("combat:start");
  assert.deepEqual([worldId, combatId, round, turn], ["the-sunken-keep", combat.id, 1, 0]);
  const [elda, goblin] = combatants;
  assert.deepEqual({ ...elda, id: null }, {
    id: null, actorId: "actorElda", name: "Elda", img: "elda.webp", initiative: 17, isDefeated: false,
    isNPC: false, characterType: "pc", isVisible: true, hp: { value: 20, max: 30, temp: 0 },
    activeEffect: null,
  });
  assert.deepEqual(
    [goblin.name, goblin.isNPC, goblin.characterType, goblin.isVisible],
    ["Goblin", true, "monster", false],
  );
});

test("a combat that runs is told on each connection and when the scene is drawn", async (t) => {
  const table = await open(t, { speed: 20 });
  const combat = await newCombat(table);
  await combat.update({ round: 1 });
  table.gm.callHook("canvasReady");
  table.server.socket.lose();
  await until("the second hello", () => table.server.of("hello").length === 2);
  assert.deepEqual(combats(table), ["combat:end", "combat:start", "combat:sync", "combat:sync"]);
  const names = table.server.of("character:update").slice(-2).map(({ name }) => name);
  assert.deepEqual(names, ["Elda", "Goblin"]);
});
