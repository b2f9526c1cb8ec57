import { openTable, pairedStorage } from "../shim/table.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { until } from "../shim/until.js";

const SECRETS = {
  connectionId: "c7", apiKey: "k7", sessionToken: "s7", refreshToken: "r7", fingerprint: "f7",
};
const ICON = "viewer-gamification-status";

/** An unpaired browser with the pairing window open. */
async function open(t) {
  const table = await openTable({ speed: 20, storage: new Map() });
  t.after(() => table.world.clients.forEach((client) => client.close()));
  const { gm } = table;
  table.icon = () => gm.globals.document.getElementById(ICON);
  table.icon().click();
  const windows = gm.globals.foundry.applications.instances;
  table.window = await until("the window", () => windows.get("viewer-gamification-pairing"));
  table.shown = (what, is) => until(what, () => is(table.window.context ?? {}));
  return table;
}

const stored = ({ storage }) => JSON.parse(storage.get("viewer-gamification.credentials") ?? "{}");

test("a world is paired with a code that the GM types in, and connects at once", async (t) => {
  const table = await open(t);
  const { server, window } = table;
  await table.shown("the button", ({ canBegin }) => canBegin);
  let isClaimed = false;
  server.answers["request-pairing"] = { success: true, code: "ABC-234", expiresIn: 300 };
  server.answers["pairing-status"] = () =>
    isClaimed ? { status: "completed", ...SECRETS } : { status: "pending", remainingSeconds: 9 };
  window.act("begin");
  await table.shown("the code", ({ code }) => code === "ABC-234");
  assert.match(window.context.remaining, /^[45]:\d\d$/);
  isClaimed = true;
  await until("the hello", () => server.of("hello").length === 1);
  assert.deepEqual(stored(table), { "the-sunken-keep": SECRETS });
  const [asked] = server.calls;
  assert.equal(asked.body.worldId, "the-sunken-keep");
  assert.equal(asked.body.moduleVersion, "0.1.0");
  assert.match(asked.body.pollToken, /^[0-9a-f]{48}$/);
  const [, poll] = server.calls;
  const { pollToken } = asked.body;
  assert.deepEqual(poll.body, { worldId: "the-sunken-keep", code: "ABC-234", pollToken });
  await table.shown("the status", ({ status }) => status.kind === "connected");
  assert.equal(window.context.canBegin, false);
});

test("a code that runs out, and a server that cannot be reached, are told in words", async (t) => {
  const table = await open(t);
  table.server.isAway = true;
  table.window.act("begin");
  await table.shown("the error", ({ error }) => /the server does not answer/.test(error));
  table.server.isAway = false;
  table.server.answers["request-pairing"] = { success: true, code: "ABC-234", expiresIn: 10 };
  table.server.answers["pairing-status"] = { status: "expired" };
  table.window.act("begin");
  await table.shown("the end", ({ error }) => /has run out/.test(error));
  assert.deepEqual(stored(table), {});
});

test("the server's own words tell why it refused", async (t) => {
  const table = await open(t);
  table.server.answers["request-pairing"] = { status: 422, detail: "worldId must have 1 to 128 bytes" };
  table.window.act("begin");
  await table.shown("the reason", ({ error }) => /worldId must have/.test(error));
});

test("closing the window gives a code up", async (t) => {
  const table = await open(t);
  table.server.answers["request-pairing"] = { success: true, code: "ABC-234", expiresIn: 300 };
  table.server.answers["pairing-status"] = { status: "pending" };
  table.window.act("begin");
  await table.shown("the code", ({ code }) => code);
  await table.window.close();
  const { length } = table.server.calls;
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(table.server.calls.length, length);
});

test("unpairing tells the server and forgets the secrets", async (t) => {
  const table = await openTable();
  t.after(() => table.gm.close());
  table.gm.globals.document.getElementById(ICON).click();
  const windows = table.gm.globals.foundry.applications.instances;
  await windows.get("viewer-gamification-pairing").act("unpair");
  const { name, body } = table.server.calls.at(-1);
  assert.equal(name, "revoke");
  assert.deepEqual([body.connectionId, body.apiKey], ["c", "key"]);
  assert.deepEqual(stored(table), {});
  assert.match(table.gm.globals.document.getElementById(ICON).className, /unpaired/);
});

test("the server's words are shown as text when unpairing fails", async (t) => {
  const table = await openTable();
  t.after(() => table.gm.close());
  table.server.answers.revoke = { status: 422, detail: "<b>no</b>" };
  table.gm.globals.document.getElementById(ICON).click();
  const windows = table.gm.globals.foundry.applications.instances;
  await windows.get("viewer-gamification-pairing").act("unpair");
  assert.match(table.gm.warnings[0], /&lt;b&gt;no&lt;\/b&gt;/);
});

test("the panic key stops everything at once, here and on the server", async (t) => {
  const table = await openTable();
  t.after(() => table.world.clients.forEach((client) => client.close()));
  const { gm, server } = table;
  const binding = gm.game.keybindings.bindings.get("viewer-gamification.panic");
  assert.equal(binding.restricted, true);
  binding.onDown();
  await until("the server to hear", () => server.of("panic").length === 1);
  assert.deepEqual(server.of("panic"), [{ active: true }]);
  const icon = () => gm.globals.document.getElementById(ICON).className;
  assert.match(icon(), /panic/);
  server.socket.say("panic", { active: true });
  assert.match(icon(), /panic/);
  server.socket.say("panic", { active: false });
  await until("the icon", () => /connected/.test(icon()));
  server.socket.say("panic", { active: true });
  assert.match(icon(), /panic/, "the console can begin one, too");
  binding.onDown();
  await until("the server to hear the end", () => server.of("panic").length === 2);
  assert.deepEqual(server.of("panic").at(-1), { active: false });
  await until("the icon", () => /connected/.test(icon()));
  server.socket.say("panic", { active: true });
  assert.match(icon(), /panic/, "nothing that was asked for earlier stands in the way");
});

test("a panic while the server is away is told to it as soon as it is back, also after a reload", async (t) => {
  const table = await openTable({ speed: 20 });
  t.after(() => table.world.clients.forEach((client) => client.close()));
  const { server } = table;
  server.isAway = true;
  server.socket.lose();
  table.gm.game.keybindings.bindings.get("viewer-gamification.panic").onDown();
  await until("the request", () => Object.keys(table.world.tree.Setting).length === 1);
  table.gm = await table.gm.reload();
  assert.match(table.gm.globals.document.getElementById(ICON).className, /panic/);
  assert.deepEqual(server.of("panic"), []);
  server.isAway = false;
  await until("the server to hear", () => server.of("panic").length === 1);
  const { socket } = server;
  socket.say("command:chat_message", { content: "x", requestId: "early", timestamp: 1 });
  await until("the refusal", () => server.of("command:result")[0]?.error === "panic");
});

test("a panic that was asked for is done with when any GM's browser hears the server's word", async (t) => {
  const { world, server } = await openTable({ storage: new Map() });
  t.after(() => world.clients.forEach((client) => client.close()));
  const second = await world.open(world.addUser("Second", { isGM: true }), {
    storage: pairedStorage(), io: server.io, fetch: server.fetch,
  });
  await until("the hello", () => server.of("hello").length === 1);
  assert.notEqual(second.game.users.activeGM.id, second.userId);
  second.game.keybindings.bindings.get("viewer-gamification.panic").onDown();
  const request = () => Object.values(world.tree.Setting).at(-1)?.value;
  await until("the request", () => request() === JSON.stringify({ active: true }));
  server.socket.say("panic", { active: true });
  await until("the request to be cleared", () => request() === "{}");
  server.socket.say("panic", { active: false });
  for (const { globals } of world.clients) {
    assert.doesNotMatch(globals.document.getElementById(ICON).className, /panic/);
  }
});

test("both languages have the same texts with the same values in them", () => {
  const read = (lang) =>
    JSON.parse(readFileSync(new URL(`../../lang/${lang}.json`, import.meta.url), "utf8"));
  const flat = (texts, path = "") =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "string" ? [[`${path}${key}`, value]] : flat(value, `${path}${key}.`));
  const holes = (lang) =>
    flat(read(lang)).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()]);
  assert.deepEqual(holes("fr"), holes("en"));
});
