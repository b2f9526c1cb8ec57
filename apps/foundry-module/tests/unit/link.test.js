import { openTable, pairedStorage } from "../shim/table.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "../shim/until.js";

const SPEED = 50;

async function open(t, options) {
  const table = await openTable({ speed: SPEED, ...options });
  t.after(() => table.world.clients.forEach((client) => client.close()));
  return table;
}

const secretsIn = (storage) =>
  JSON.parse(storage.get("viewer-gamification.credentials") ?? "{}")["the-sunken-keep"];
const statusOf = ({ gm }) => gm.globals.document.getElementById("viewer-gamification-status");
const hellos = ({ server }, count) =>
  until(`${count} hellos`, () => server.of("hello").length === count);
const calls = ({ server }, name) => server.calls.filter((call) => call.name === name);

test("the socket carries the token, to the namespace below the server's address", async (t) => {
  const { server } = await open(t);
  const { url, options } = server.socket;
  assert.equal(url, "http://127.0.0.1:8080/vtt");
  assert.deepEqual([options.path, options.auth.token], ["/socket.io/", "s1"]);
});

test("a ping is answered with its time and the module's version", async (t) => {
  const { server } = await open(t);
  server.socket.say("ping", { timestamp: 42 });
  assert.deepEqual(server.of("pong"), [{ timestamp: 42, moduleVersion: "0.1.0" }]);
});

for (const reason of ["transport close", "ping timeout", "io server disconnect"]) {
  test(`the link comes back after "${reason}"`, async (t) => {
    const table = await open(t);
    table.server.socket.lose(reason);
    assert.match(statusOf(table).className, /away/);
    await hellos(table, 2);
    assert.match(statusOf(table).className, /connected/);
  });
}

test("the link comes back however long the server is away, and asks no more than twice a minute in the end", async (t) => {
  const table = await open(t, { speed: 1_000 });
  table.server.isAway = true;
  table.server.socket.lose();
  const start = table.world.now();
  await until("ten minutes to pass", () => table.world.now() > start + 600_000);
  const attempts = table.server.sockets.length;
  assert.ok(attempts > 15 && attempts < 60, `${attempts} attempts in ten minutes`);
  table.server.isAway = false;
  await hellos(table, 2);
});

test("an expired token is refreshed once, and stored before it is used", async (t) => {
  const table = await open(t);
  table.server.answers["refresh-token"] = { sessionToken: "s2", refreshToken: "r2", expiresIn: 3600 };
  table.server.refusals = ["the session token has expired"];
  table.server.socket.lose();
  await hellos(table, 2);
  assert.deepEqual(calls(table, "refresh-token").map(({ body }) => body), [
    { refreshToken: "r1", fingerprint: "f" },
  ]);
  assert.equal(table.server.socket.options.auth.token, "s2");
  const { sessionToken, refreshToken, apiKey } = secretsIn(table.storage);
  assert.deepEqual([sessionToken, refreshToken, apiKey], ["s2", "r2", "key"]);
});

test("tokens that another tab has renewed are taken instead of refreshing them", async (t) => {
  const table = await open(t);
  const renewed = { ...secretsIn(table.storage), sessionToken: "s9", refreshToken: "r9" };
  table.server.refusals = [() => {
    table.storage.set("viewer-gamification.credentials", JSON.stringify({ "the-sunken-keep": renewed }));
    return "the session token is invalid";
  }];
  table.server.socket.lose();
  await hellos(table, 2);
  assert.equal(calls(table, "refresh-token").length, 0);
  assert.equal(table.server.socket.options.auth.token, "s9");
});

test("a store that is down is no reason to refresh", async (t) => {
  const table = await open(t);
  table.server.refusals = ["the server cannot check the session token now, try again"];
  table.server.socket.lose();
  await hellos(table, 2);
  assert.equal(calls(table, "refresh-token").length, 0);
});

test("a refused refresh waits for the GM's permission, and takes new secrets when it comes", async (t) => {
  const table = await open(t);
  table.server.answers["refresh-token"] = { status: 401, error: "the refresh token was revoked" };
  let asked = 0;
  table.server.answers["reauthorization-status"] = () => {
    asked += 1;
    return asked < 3
      ? { status: "still_revoked" }
      : { status: "reauthorized", ...secretsIn(table.storage), sessionToken: "s5" };
  };
  table.server.refusals = ["the session token is invalid"];
  table.server.socket.lose();
  await until("the icon to tell", () => /revoked/.test(statusOf(table).className));
  await hellos(table, 2);
  assert.equal(table.server.socket.options.auth.token, "s5");
  const [call] = calls(table, "reauthorization-status");
  assert.equal(call.headers.authorization, "Bearer key");
});

test("a refusal that tells of revoked access asks for permission without wasting a refresh", async (t) => {
  const table = await open(t);
  table.server.answers["reauthorization-status"] = () =>
    ({ status: "reauthorized", ...secretsIn(table.storage), sessionToken: "s6" });
  table.server.refusals = ["the connection was revoked: its game master can allow it again"];
  table.server.socket.lose();
  await hellos(table, 2);
  assert.equal(table.server.socket.options.auth.token, "s6");
  assert.equal(calls(table, "refresh-token").length, 0);
});

test("connection:revoked ends the connection until the GM allows it again", async (t) => {
  const table = await open(t);
  table.server.answers["reauthorization-status"] = { status: "not_found" };
  table.server.socket.say("connection:revoked", { reason: "x", timestamp: 1 });
  table.server.socket.lose("io server disconnect");
  assert.match(statusOf(table).className, /revoked/);
  await until("the icon to tell", () => /unpaired/.test(statusOf(table).className));
  assert.equal(secretsIn(table.storage), undefined);
  assert.equal(table.server.sockets.length, 1);
});

for (const way of ["event", "refusal"]) {
  test(`a deleted campaign makes it forget its tokens, told by ${way}`, async (t) => {
    const table = await open(t);
    if (way === "event") table.server.socket.say("campaign:deleted", { reason: "x" });
    table.server.refusals = ["CAMPAIGN_DELETED:the campaign was deleted"];
    if (way === "refusal") table.server.socket.lose();
    await until("the icon to tell", () => /unpaired/.test(statusOf(table).className));
    assert.equal(secretsIn(table.storage), undefined);
  });
}

test("players' browsers do not connect, whatever their storage holds", async (t) => {
  const table = await open(t);
  const { io, fetch } = table.server;
  await table.world.open(table.playerId, { storage: pairedStorage(), io, fetch });
  assert.equal(table.server.sockets.length, 1);
});

test("credentials of another world on the same Foundry are not taken", async (t) => {
  const table = await open(t, { storage: new Map() });
  table.gm.close();
  const { io, fetch } = table.server;
  table.gm = await table.world.open(table.gmId, { storage: pairedStorage("elsewhere"), io, fetch });
  assert.equal(table.server.sockets.length, 0);
  assert.match(statusOf(table).className, /unpaired/);
});

test("the server hears when another GM acts, and only the acting one reports", async (t) => {
  const table = await open(t);
  const { io, fetch } = table.server;
  const secondId = table.world.addUser("Second", { isGM: true });
  const second = await table.world.open(secondId, { storage: pairedStorage(), io, fetch });
  await hellos(table, 2);
  await second.roll("1d20");
  await until("the roll", () => table.server.of("dice:roll").length > 0);
  assert.equal(table.server.of("dice:roll").length, 1);
  table.gm.close();
  await hellos(table, 3);
  assert.deepEqual(table.server.of("hello").map(({ activeGm }) => activeGm), [true, false, true]);
  await second.roll("1d20");
  await until("the second roll", () => table.server.of("dice:roll").length === 2);
});
