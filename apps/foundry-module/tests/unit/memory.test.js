import { answerTo, ask, openTable, pairedStorage } from "../shim/table.js";
import assert from "node:assert/strict";
import { newRequestId } from "../shim/fake-server.js";
import test from "node:test";
import { until } from "../shim/until.js";

/** Waits of the module pass twenty times as fast. */
const SPEED = 20;

async function open(t, options) {
  const table = await openTable({ speed: SPEED, ...options });
  t.after(() => table.world.clients.forEach((client) => client.close()));
  return table;
}

/** A second GM's browser, with a socket of its own. */
async function openSecond({ world, server }) {
  const id = world.addUser("Second", { isGM: true });
  const hellos = server.of("hello").length;
  const client = await world.open(id, {
    storage: pairedStorage(), io: server.io, fetch: server.fetch,
  });
  await until("the second hello", () => server.of("hello").length > hellos);
  return { client, socket: server.socket };
}

const messages = ({ world }) => Object.values(world.tree.ChatMessage);
const creations = ({ world }) =>
  world.log.filter(({ action, kind }) => action === "create" && kind === "ChatMessage").length;

test("a repetition is answered with the stored result, also after a reload and when it is late", async (t) => {
  const table = await open(t);
  const first = await ask(table, "chat_message", { content: "once" });
  const { requestId } = first;
  table.server.command("chat_message", { content: "once" }, { requestId });
  await until("two answers", () => table.server.of("command:result").length === 2);
  table.gm = await table.gm.reload();
  await until("the hello", () => table.server.of("hello").length === 2);
  table.server.command("chat_message", { content: "once" }, { requestId, expiresInSeconds: -1 });
  await until("three answers", () => table.server.of("command:result").length === 3);
  assert.deepEqual(table.server.of("command:result"), [first, first, first]);
  assert.equal(creations(table), 1);
});

test("a command whose browser was reloaded in the middle is not carried out again", async (t) => {
  const table = await open(t);
  table.gm.globals.Hooks.on("preCreateChatMessage", () => {
    table.gm.close();
    return true;
  });
  const requestId = table.server.command("chat_message", { content: "x" });
  await until("the browser to be closed", () => table.gm.isClosed);
  table.gm = await table.gm.reload();
  await until("the hello", () => table.server.of("hello").length === 2);
  table.server.command("chat_message", { content: "x" }, { requestId });
  const answer = await answerTo(table.server, requestId);
  assert.deepEqual(answer, { requestId, ok: false, error: "outcome_unknown" });
  assert.equal(creations(table), 0);
});

test("commands are carried out in their order, one after the other", async (t) => {
  const table = await open(t);
  const ids = ["a", "b", "c", "d"].map((content) => table.server.command("chat_message", { content }));
  await answerTo(table.server, ids.at(-1));
  assert.deepEqual(messages(table).map(({ content }) => content), ["a", "b", "c", "d"]);
  const answered = table.server.of("command:result").map(({ requestId }) => requestId);
  assert.deepEqual(answered, ids);
});

test("a late command is refused, and so are effects of viewers while panic reigns", async (t) => {
  const table = await open(t);
  const late = table.server.command("chat_message", { content: "x" }, { expiresInSeconds: -1 });
  assert.equal((await answerTo(table.server, late)).error, "expired");
  table.server.socket.say("panic", { active: true });
  assert.equal((await ask(table, "chat_message", { content: "x" })).error, "panic");
  table.server.socket.say("panic", { active: false });
  assert.equal((await ask(table, "chat_message", { content: "x" })).ok, true);
  assert.equal(creations(table), 1);
});

test("what a GM asks for is carried out while panic reigns, and waits through its beginning", async (t) => {
  const table = await open(t);
  const said = await ask(table, "chat_message", { content: "x" });
  table.server.socket.say("panic", { active: true });
  const spell = { actorId: "actorElda", spellId: "fireball" };
  for (const [name, payload] of [
    ["undo", { undoes: said.requestId }],
    ["cleanup_all_effects", { cleanChat: true }],
    ["remove_spell_effect", spell],
    ["remove_monster_effect", { actorId: "goblin" }],
    ["request_sync", {}],
  ]) {
    const answer = await ask(table, name, payload);
    assert.equal(answer.ok, true, `${name}: ${answer.error}`);
  }
  assert.deepEqual(messages(table), []);
  table.server.socket.say("panic", { active: false });
  const first = table.server.command("chat_message", { content: "begun" });
  const dropped = table.server.command("chat_message", { content: "waiting" });
  const kept = table.server.command("remove_spell_effect", spell);
  table.server.socket.say("panic", { active: true });
  assert.deepEqual((await answerTo(table.server, kept)).result, { removed: false });
  const answered = table.server.of("command:result").map(({ requestId }) => requestId);
  assert.deepEqual(answered.slice(-2), [first, kept]);
  assert.ok(!answered.includes(dropped));
});

test("a command that took longer than the desk waited is answered once more when it ends", async (t) => {
  const table = await open(t, { speed: 200 });
  table.world.latency = 120;
  const requestId = table.server.command("chat_message", { content: "slow" });
  const answers = () => table.server.of("command:result").filter((one) => one.requestId === requestId);
  await until("both answers", () => answers().length === 2);
  const [early, late] = answers();
  assert.deepEqual(early, { requestId, ok: false, error: "outcome_unknown" });
  assert.equal(late.ok, true);
  assert.equal(late.result.messageId, messages(table)[0]._id);
  assert.equal(creations(table), 1);
});

test("a browser that is not the active GM's says nothing to a command", async (t) => {
  const table = await open(t);
  const { socket } = await openSecond(table);
  const ignored = table.server.command("chat_message", { content: "second" }, { socket });
  const acting = { server: serverAt(table.server, table.server.sockets[0]) };
  await ask(acting, "chat_message", { content: "first" });
  assert.deepEqual(messages(table).map(({ content }) => content), ["first"]);
  assert.ok(table.server.of("command:result").every(({ requestId }) => requestId !== ignored));
});

test("of two browsers that believe to act and get one command at once, at most one acts", async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const table = await open(t);
    const { client, socket } = await openSecond(table);
    // Each believes that it is the active one.
    for (const one of [table.gm, client]) {
      Object.defineProperty(one.game, "users", { value: { activeGM: { id: one.userId } } });
    }
    const requestId = newRequestId(table.world.now());
    for (const to of [table.server.sockets[0], socket]) {
      table.server.command("chat_message", { content: "x" }, { requestId, socket: to });
      if (round % 2) await new Promise((resolve) => setTimeout(resolve, round / 5));
    }
    await until("both answers", () => table.server.of("command:result").length === 2);
    assert.ok(creations(table) <= 1, `it happened ${creations(table)} times`);
    table.world.clients.forEach((one) => one.close());
  }
});

test("the next GM gets the result of the one who left, and never acts on what that one began", async (t) => {
  const table = await open(t);
  const { client, socket } = await openSecond(table);
  const done = await ask(
    { server: serverAt(table.server, table.server.sockets[0]) }, "chat_message", { content: "done" },
  );
  table.gm.globals.Hooks.on("preCreateChatMessage", () => {
    table.gm.close();
    return true;
  });
  const begun = table.server.command("chat_message", { content: "begun" }, { socket: table.server.sockets[0] });
  await until("the first to leave", () => table.gm.isClosed);
  await until("the second to act", () => table.server.of("hello").filter((h) => h.activeGm).length === 2);
  assert.equal(client.game.users.activeGM.id, client.userId);
  table.server.command("chat_message", { content: "done" }, { requestId: done.requestId, socket });
  table.server.command("chat_message", { content: "begun" }, { requestId: begun, socket });
  assert.equal((await answerTo(table.server, begun)).error, "outcome_unknown");
  const answers = table.server.of("command:result").filter((one) => one.requestId === done.requestId);
  assert.deepEqual(answers, [done, done]);
  assert.equal(creations(table), 1);
});

test("what may have happened while Foundry was lost is not done again, newer commands are", async (t) => {
  const table = await open(t);
  const old = newRequestId(table.world.now());
  table.gm.loseFoundry();
  table.gm.findFoundry();
  const doubtful = table.server.command("chat_message", { content: "old" }, { requestId: old });
  assert.equal((await answerTo(table.server, doubtful)).error, "outcome_unknown");
  const fresh = newRequestId(table.world.now() + 10_000);
  table.server.command("chat_message", { content: "new" }, { requestId: fresh });
  assert.equal((await answerTo(table.server, fresh)).ok, true);
  assert.equal(creations(table), 1);
});

test("a claim that Foundry's loss held up is not acted on", async (t) => {
  const table = await open(t);
  table.gm.loseFoundry();
  table.gm.isOnline = true;
  table.gm.findFoundry();
  const requestId = newRequestId(table.world.now() + 60_000);
  table.world.latency = 40;
  table.server.command("chat_message", { content: "x" }, { requestId });
  table.gm.loseFoundry();
  await new Promise((resolve) => setTimeout(resolve, 60));
  table.gm.findFoundry();
  assert.equal((await answerTo(table.server, requestId)).error, "outcome_unknown");
  assert.equal(creations(table), 0);
});

test("more than a thousand commands and everything of a day is kept, what is older goes", async (t) => {
  const table = await open(t);
  const day = 24 * 3_600_000;
  const page = (prefix, count, startedAt) => {
    const records = Array.from({ length: count }, (_, at) => [
      `${prefix}${at}`, { command: "custom", startedAt, finishedAt: startedAt, ok: true, result: {} },
    ]);
    const key = `viewer-gamification.memory-${prefix}`;
    return table.world.seed("Setting", { key, value: JSON.stringify(Object.fromEntries(records)) });
  };
  const now = table.world.now();
  const pages = {
    yesterday: page("yesterday", 600, now - day / 2),
    lastWeek: page("lastWeek", 500, now - 7 * day),
    older: page("older", 500, now - 8 * day),
  };
  table.gm = await table.gm.reload();
  await until("the old page to go", () => !(pages.older in table.world.tree.Setting));
  assert.ok(pages.yesterday in table.world.tree.Setting);
  assert.ok(pages.lastWeek in table.world.tree.Setting);
  await until("the hello", () => table.server.of("hello").length === 2);
  table.server.command("chat_message", { content: "x" }, { requestId: "lastWeek7" });
  assert.equal((await answerTo(table.server, "lastWeek7")).ok, true);
  assert.equal(creations(table), 0);
});

test("a long evening is written in pages, and every command of it is known", async (t) => {
  const table = await open(t);
  const ids = [];
  for (let at = 0; at < 120; at += 1) {
    ids.push(table.server.command("chat_message", { content: String(at) }));
    if (at % 40 === 39) await answerTo(table.server, ids.at(-1));
  }
  const pages = Object.values(table.world.tree.Setting).map(({ value }) => JSON.parse(value));
  assert.deepEqual(pages.map((page) => Object.keys(page).length), [50, 50, 20]);
  assert.equal(creations(table), 120);
  table.server.command("chat_message", { content: "again" }, { requestId: ids[3] });
  await until("the answer", () => table.server.of("command:result").length === 121);
  assert.equal(creations(table), 120);
});

/** The server with another of its sockets as the one that it speaks to. */
function serverAt(server, socket) {
  return {
    of: (event) => server.of(event),
    command: (name, payload) => server.command(name, payload, { socket }),
  };
}
