import { ask, fireball, openTable, plain, seedFight } from "../shim/table.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "../shim/until.js";

async function open(t, options) {
  const table = await openTable(options);
  t.after(() => table.world.clients.forEach((client) => client.close()));
  return table;
}

const elda = ({ world }) => world.tree.Actor.actorElda;
const spell = (table) => elda(table).items.fireball;
const effects = (actor) => Object.values(actor.effects ?? {});
const texts = ({ world }) => Object.values(world.tree.ChatMessage).map(({ content }) => content);

const seal = (table, more = {}) =>
  ask(table, "apply_spell_effect", {
    actorId: "actorElda", spellId: "fireball", spellName: "Fireball",
    effect: { type: "disable", durationSeconds: 600, ...more },
  });

/** Somebody casts it: a chat card. */
const cast = (client) =>
  client.create("ChatMessage", {
    author: client.userId,
    content: "<div data-item-id=\"fireball\"></div>",
    speaker: { actor: "actorElda" },
  });

test("a sealed spell is unprepared, marked and cannot be used, in no browser", async (t) => {
  const table = await open(t);
  const player = await table.world.open(table.playerId);
  const answer = await seal(table, { message: "<i>hush</i>", highlightColor: "#8B5CF6" });
  assert.equal(answer.ok, true, answer.error);
  assert.equal(spell(table).system.preparation.prepared, false);
  const [mark] = effects(elda(table));
  assert.deepEqual([mark.name, mark.img, mark.tint], ["Fireball is sealed", "fireball.webp", "#8B5CF6"]);
  assert.deepEqual(mark.statuses, ["viewer-gamification"]);
  assert.deepEqual(texts(table), ["<p>&lt;i&gt;hush&lt;/i&gt;</p>"]);
  for (const client of [table.gm, player]) {
    assert.equal(await cast(client), undefined);
    assert.match(client.warnings[0], /Fireball is sealed/);
    const item = client.document("Actor.actorElda.Item.fireball");
    assert.equal(client.mayDo("dnd5e.preUseActivity", { item }), false);
  }
  const told = table.server.of("character:update");
  await until("the spell to be told as sealed", () =>
    table.server.of("character:update").some(({ spells }) => spells[0]?.activeEffect?.type === "disable"));
  assert.ok(told.length > 0);
});

test("a warning shows the name of a spell as text", async (t) => {
  const table = await open(t);
  await table.gm.document("Actor.actorElda.Item.fireball").update({ name: "<img src=x> & Co" });
  await seal(table);
  await cast(table.gm);
  assert.deepEqual(table.gm.warnings, ["&lt;img src=x&gt; &amp; Co is sealed by the viewers and cannot be used now."]);
});

for (const [system, flags, isAllowed] of [
  ["dnd5e", { dnd5e: { item: { uuid: "Actor.actorElda.Item.fireball" }, roll: { type: "damage" } } }, true],
  ["dnd5e", { dnd5e: { item: { uuid: "Actor.actorElda.Item.fireball" }, roll: { type: "attack" } } }, false],
  ["pf2e", { pf2e: { origin: { uuid: "Actor.actorElda.Item.fireball" }, context: { type: "damage-roll" } } }, true],
  ["pf2e", { pf2e: { origin: { uuid: "Actor.actorElda.Item.fireball" }, context: { type: "spell-cast" } } }, false],
]) {
  const kind = flags.dnd5e?.roll.type ?? flags.pf2e.context.type;
  test(`a message of a sealed spell of the kind ${kind} is ${isAllowed ? "let pass" : "forbidden"} in ${system}`, async (t) => {
    const table = await open(t, { system });
    await seal(table);
    const message = await table.gm.roll("8d6", { actorId: "actorElda", flags });
    assert.equal(Boolean(message), isAllowed);
    assert.equal(table.gm.warnings.length, isAllowed ? 0 : 1);
  });
}

test("the actor of a token on which nothing of ours lies is left alone", async (t) => {
  const table = await open(t);
  seedFight(table.world);
  const token = (_id, spells) => ({
    _id, actorId: "actorElda", actorLink: false, delta: { _id: "actorElda", items: spells, effects: {} },
  });
  const tokens = { plain: token("plain", { fireball: fireball() }), sealed: token("sealed", { fireball: fireball() }) };
  tokens.sealed.delta.items.fireball.flags = {
    "viewer-gamification": {
      effect: { kind: "spell", type: "disable", requestId: "r", until: 1, label: "x", mark: "gone", prepared: null },
    },
  };
  table.world.seed("Scene", { _id: "cellar", name: "Cellar", tokens });
  table.gm = await table.gm.reload();
  await until("the seal on a token to end", () => table.server.of("spell:effect:expired").length > 0);
  const isBuilt = (id) => table.gm.views.has(`Scene.cellar.Token.${id}.Actor.actorElda`);
  assert.deepEqual([isBuilt("sealed"), isBuilt("plain")], [true, false]);
});

test("a seal ends when its time is over, also across a reload, and the server hears of it", async (t) => {
  const table = await open(t, { speed: 100 });
  const { requestId } = await seal(table, { durationSeconds: 60 });
  table.gm = await table.gm.reload();
  await until("the end to be told", () => table.server.of("spell:effect:expired").length > 0);
  const target = { actorId: "actorElda", spellId: "fireball" };
  assert.deepEqual(table.server.of("spell:effect:expired"), [{ ...target, requestId }]);
  assert.equal(spell(table).system.preparation.prepared, true);
  assert.deepEqual(effects(elda(table)), []);
  assert.deepEqual(plain(spell(table).flags), { "viewer-gamification": {} });
  assert.ok(await cast(table.gm), "it can be used again");
});

test("undo and remove_spell_effect take a seal off, each with all that came with it", async (t) => {
  const table = await open(t);
  const before = plain({ ...spell(table), flags: { "viewer-gamification": {} } });
  const sealed = await seal(table, { message: "hush" });
  const undone = await ask(table, "undo", { undoes: sealed.requestId });
  assert.deepEqual(undone.result, { undone: 2, kept: [] });
  assert.deepEqual([plain(spell(table)), effects(elda(table)), texts(table)], [before, [], []]);
  await seal(table);
  const target = { actorId: "actorElda", spellId: "fireball" };
  assert.deepEqual((await ask(table, "remove_spell_effect", target)).result, { removed: true });
  assert.deepEqual([plain(spell(table)), effects(elda(table))], [before, []]);
  assert.deepEqual((await ask(table, "remove_spell_effect", target)).result, { removed: false });
});

test("no flag has dotted keys, which Foundry would take apart", async (t) => {
  const table = await open(t);
  seedFight(table.world);
  await seal(table);
  await rage(table, { type: "buff", tempHp: 10 });
  const prepared = spell(table).flags["viewer-gamification"].effect.prepared;
  assert.deepEqual(plain(prepared), [
    { path: "system.preparation.prepared", before: true, after: false },
  ]);
  const [mark] = effects(goblinAt(table, "t1"));
  assert.deepEqual(plain(mark.flags["viewer-gamification"].effect.hitPoints), [
    { path: "system.attributes.hp.temp", before: 0, after: 10 },
  ]);
});

test("the mark of a sealed spell goes with the spell", async (t) => {
  const table = await open(t);
  await seal(table);
  await table.gm.document("Actor.actorElda.Item.fireball").delete();
  await until("the mark to go", () => effects(elda(table)).length === 0);
});

test("a spell has one effect at a time, and must exist", async (t) => {
  const table = await open(t);
  await seal(table);
  assert.equal((await seal(table)).error, "there is an effect on that spell already");
  assert.equal(effects(elda(table)).length, 1);
  const none = await ask(table, "apply_spell_effect", {
    actorId: "actorElda", spellId: "none", effect: { type: "disable" },
  });
  assert.equal(none.error, "that actor has no such spell");
});

for (const [effect, label] of [
  [{ type: "buff", buffType: "bonus", bonusValue: 2 }, "Fireball: the next use gets +2"],
  [{ type: "debuff", debuffType: "disadvantage" }, "Fireball: the next use has disadvantage"],
]) {
  test(`a ${effect.type} waits for the next use, shows there, and is told as consumed`, async (t) => {
    const table = await open(t);
    const target = { actorId: "actorElda", spellId: "fireball" };
    const { requestId } = await ask(table, "apply_spell_effect", { ...target, effect });
    assert.deepEqual(effects(elda(table)).map(({ name }) => name), [label]);
    assert.ok(await cast(table.gm));
    await until("it to be told", () => table.server.of("spell:effect:consumed").length > 0);
    assert.deepEqual(table.server.of("spell:effect:consumed"), [{ ...target, requestId }]);
    await until("it to be shown", () => texts(table).includes(`<p>${label}</p>`));
    assert.deepEqual(effects(elda(table)), []);
    await cast(table.gm);
    assert.equal(table.server.of("spell:effect:consumed").length, 1);
  });
}

const rage = (table, effect, more = {}) =>
  ask(table, "apply_monster_effect", { actorId: "goblin", monsterName: "Goblin", effect, ...more });
const goblinAt = ({ world }, token) => world.tree.Scene.scene.tokens[token].delta;

test("a monster effect lies on the combatant alone and ends with the combat", async (t) => {
  const table = await open(t);
  seedFight(table.world);
  const buff = { type: "buff", acBonus: 2, tempHp: 10 };
  const answer = await rage(table, buff, { combatantId: "c2" });
  assert.equal(answer.result.armour, 2);
  assert.deepEqual(answer.result.hitPoints, { "system.attributes.hp.temp": 10 });
  const [mark] = effects(goblinAt(table, "t2"));
  assert.deepEqual(mark.changes, [{ key: "system.attributes.ac.bonus", value: "2", mode: 2 }]);
  assert.equal(goblinAt(table, "t2").system.attributes.hp.temp, 10);
  assert.deepEqual(effects(goblinAt(table, "t1")), []);
  assert.deepEqual(effects(table.world.tree.Actor.goblin), []);
  await table.gm.document("Combat.combat").delete();
  await until("the effect to end", () => effects(goblinAt(table, "t2")).length === 0);
  await until("the hit points", () => goblinAt(table, "t2").system.attributes.hp.temp === 0);
});

test("temporary hit points are added to those that are there, and undo leaves those", async (t) => {
  const table = await open(t);
  seedFight(table.world);
  const temp = () => goblinAt(table, "t1").system.attributes.hp.temp;
  await table.gm.document("Scene.scene.Token.t1").actor.update({ "system.attributes.hp.temp": 5 });
  const answer = await rage(table, { type: "buff", tempHp: 10 });
  assert.deepEqual(answer.result.hitPoints, { "system.attributes.hp.temp": 15 });
  assert.equal(temp(), 15);
  const undone = await ask(table, "undo", { undoes: answer.requestId });
  assert.deepEqual(undone.result, { undone: 1, kept: [] });
  assert.equal(temp(), 5);
});

test("a reduced maximum caps the hit points, and its undo puts back what was not touched", async (t) => {
  const table = await open(t);
  seedFight(table.world);
  const answer = await rage(table, { type: "debuff", acPenalty: 2, maxHpReduction: 3 });
  const hp = () => plain(goblinAt(table, "t1").system.attributes.hp);
  assert.deepEqual(hp(), { value: 4, max: 7, temp: 0, tempmax: -3 });
  const token = table.gm.document("Scene.scene.Token.t1");
  await token.actor.update({ "system.attributes.hp.value": 1 });
  const undone = await ask(table, "undo", { undoes: answer.requestId });
  assert.deepEqual(undone.result, { undone: 1, kept: ["system.attributes.hp.value was changed since"] });
  assert.deepEqual(hp(), { value: 1, max: 7, temp: 0, tempmax: 0 });
});

test("version 14 gets its own shape of effects, pf2e an effect item", async (t) => {
  const v14 = await open(t, { generation: 14 });
  seedFight(v14.world);
  await rage(v14, { type: "buff", acBonus: 2 });
  const [mark] = effects(goblinAt(v14, "t1"));
  assert.deepEqual(mark.system, { changes: [{ key: "system.attributes.ac.bonus", value: "2", type: "add" }] });
  assert.deepEqual([mark.showIcon, mark.changes, mark.statuses], [2, undefined, undefined]);
  const pf2e = await open(t, { system: "pf2e" });
  seedFight(pf2e.world);
  assert.equal((await rage(pf2e, { type: "debuff", acPenalty: 2 })).ok, true);
  const [item] = Object.values(goblinAt(pf2e, "t1").items);
  assert.equal(item.type, "effect");
  assert.deepEqual(item.system.rules, [{ key: "FlatModifier", selector: "ac", value: -2 }]);
});

test("a system that knows nothing of it refuses, so that nobody pays for nothing", async (t) => {
  const table = await open(t, { system: "fate-core-official" });
  seedFight(table.world);
  const answer = await rage(table, { type: "buff", acBonus: 2 });
  assert.equal(answer.error, "nothing of it can be done in the system fate-core-official");
  assert.deepEqual(effects(goblinAt(table, "t1")), []);
});

test("cleanup_all_effects leaves nothing of ours, and our messages only when asked", async (t) => {
  const table = await open(t);
  seedFight(table.world);
  const before = plain([table.world.tree.Scene, spell(table).system]);
  await seal(table);
  await rage(table, { type: "buff", acBonus: 2, tempHp: 5 }, { combatantId: "c1" });
  await ask(table, "chat_message", { content: "ours" });
  await table.gm.create("ChatMessage", { content: "theirs" });
  const first = await ask(table, "cleanup_all_effects", {});
  assert.deepEqual(first.result, { effects: 2, messages: 0 });
  assert.deepEqual(plain([table.world.tree.Scene, spell(table).system]), before);
  assert.deepEqual(texts(table), ["ours", "theirs"]);
  const second = await ask(table, "cleanup_all_effects", { cleanChat: true });
  assert.deepEqual(second.result, { effects: 0, messages: 1 });
  assert.deepEqual(texts(table), ["theirs"]);
});

test("the messages of a cleanup are public in every version", async (t) => {
  for (const [generation, options] of [[13, { rollMode: "publicroll" }], [14, { messageMode: "public" }]]) {
    const table = await open(t, { generation });
    await ask(table, "chat_message", { content: "x" });
    const made = table.world.log.find(({ kind, action }) => kind === "ChatMessage" && action === "create");
    assert.deepEqual(plain(made.options), options);
  }
});
