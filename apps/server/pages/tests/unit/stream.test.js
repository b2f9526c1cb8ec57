import { Connection } from "../../assets/stream/connection.js";
import { Exchange } from "../../assets/stream/exchange.js";
import { FrameReader } from "../../assets/stream/frames.js";
import { FakeWorld, line, settled } from "./support/world.js";
import assert from "node:assert/strict";
import test from "node:test";

const URL = "/overlay/ov_x/stream";

/** A connection, what it told, and the lines that it opens. */
function connect(t) {
  const world = new FakeWorld();
  const heard = { frames: [], states: [], alive: 0 };
  const lines = [];
  world.answer = () => {
    const next = line();
    lines.push(next);
    return next.answer;
  };
  const connection = new Connection(URL, {
    onFrame: (frame) => heard.frames.push(frame),
    onState: (state) => heard.states.push(state),
    onAlive: () => { heard.alive += 1; },
  }, world);
  t.after(() => connection.close());
  connection.start();
  return { world, heard, lines, connection };
}

async function opened(t, sequence = 7) {
  const stage = connect(t);
  await settled();
  stage.lines[0].say("retry: 2000\n\n");
  stage.lines[0].tell("snapshot", { sequence });
  await settled();
  return stage;
}

test("frames are read whole however the bytes are cut", () => {
  const wire = 'retry: 500\n\nid: 3\nevent: a\ndata: {"x":"é😀"}\n\n: still here\n\nevent: b\r\n'
    + "data: 1\r\ndata: 2\r\n\r\n";
  const expected = [
    { type: "a", id: "3", data: '{"x":"é😀"}' },
    { type: "b", id: null, data: "1\n2" },
  ];
  for (let size = 1; size < wire.length; size += 1) {
    const reader = new FrameReader();
    const frames = [];
    for (let from = 0; from < wire.length; from += size) {
      frames.push(...reader.read(wire.slice(from, from + size)));
    }
    assert.deepEqual(frames, expected, `pieces of ${size}`);
    assert.equal(reader.retryMs, 500);
  }
});

test("a line is open when its snapshot is there, not before", async (t) => {
  const { heard, lines } = connect(t);
  await settled();
  lines[0].say(": hello\n\n");
  await settled();
  assert.deepEqual([heard.states, heard.alive], [[], 1]);
  lines[0].tell("snapshot", { sequence: 7 });
  await settled();
  assert.deepEqual(heard.states, ["open"]);
});

test("a line that breaks comes back in two seconds and tells what it had", async (t) => {
  const { world, heard, lines } = await opened(t);
  lines[0].tell("dice:roll", { sequence: 9 });
  await settled();
  lines[0].break();
  await settled();
  assert.deepEqual(heard.states, ["open", "away"]);
  await world.pass(2_000);
  assert.deepEqual(world.requests.map(({ lastId }) => lastId), [null, "9"]);
});

test("a snapshot without a number leaves the old one until the replay is read", async (t) => {
  const { world, lines } = await opened(t);
  lines[0].end();
  await world.pass(2_000);
  lines[1].tell("snapshot", { sequence: 30 }, null);
  lines[1].tell("dice:roll", { sequence: 8, replayed: true });
  await settled();
  lines[1].break();
  await world.pass(2_000);
  assert.deepEqual(world.requests.map(({ lastId }) => lastId), [null, "7", "8"]);
});

test("a line that is silent for 40 seconds is replaced, one with comments is not", async (t) => {
  const { world, heard, lines } = await opened(t);
  await world.pass(30_000);
  lines[0].say(": still here\n\n");
  await world.pass(30_000);
  assert.equal(world.requests.length, 1);
  await world.pass(12_000);
  assert.equal(world.requests.length, 2);
  assert.equal(world.requests[0].signal.aborted, true);
  assert.deepEqual(heard.states, ["open", "away"]);
});

test("after a sleep of the machine the line is replaced at once", async (t) => {
  const { world } = await opened(t);
  world.sleep(60_000);
  await world.pass(1_000);
  assert.deepEqual(world.requests.map(({ lastId }) => lastId), [null, "7"]);
});

for (const status of [401, 403, 404]) {
  test(`after ${status} it asks again slowly and begins anew`, async (t) => {
    const { world, heard, lines } = await opened(t);
    world.answer = () => new Response("", { status });
    lines[0].end();
    await world.pass(2_000);
    assert.deepEqual(heard.states, ["open", "away", "refused"]);
    await world.pass(29_000);
    assert.equal(world.requests.length, 2);
    await world.pass(2_000);
    assert.equal(world.requests.at(-1).lastId, null);
  });
}

test("a server that is away is asked every two seconds at first, and never given up", async (t) => {
  const { world, lines } = await opened(t);
  world.answer = () => Promise.reject(new TypeError("refused"));
  lines[0].break();
  await world.pass(10_000);
  assert.equal(world.requests.length, 6);
  await world.pass(3_600_000);
  const before = world.requests.length;
  await world.pass(15_000);
  assert.ok(world.requests.length > before);
});

test("an answer that does not come is not waited for", async (t) => {
  const { world } = connect(t);
  world.answer = () => new Promise(() => {});
  await world.pass(1);
  await world.pass(25_000);
  assert.ok(world.requests.length >= 1);
  const stuck = connect(t);
  stuck.world.answer = () => new Promise(() => {});
  stuck.connection.reconnect();
  await stuck.world.pass(12_500);
  assert.equal(stuck.world.requests.length, 3);
});

for (const [what, wire] of [
  ["what is no JSON", "event: dice:roll\nid: 8\ndata: {\n\n"],
  ["a fact without a number", "event: dice:roll\ndata: {}\n\n"],
]) {
  test(`${what} makes it begin anew`, async (t) => {
    const { world, lines, heard } = await opened(t);
    lines[0].say(wire);
    await world.pass(2_000);
    assert.deepEqual(world.requests.map(({ lastId }) => lastId), [null, null]);
    assert.equal(heard.frames.length, 1);
  });
}

test("a fact before any snapshot makes it begin anew", async (t) => {
  const { world, lines, heard } = connect(t);
  await settled();
  lines[0].tell("dice:roll", { sequence: 1 });
  await world.pass(2_000);
  assert.deepEqual([heard.frames, world.requests.length], [[], 2]);
});

test("what an old line still says is not heard", async (t) => {
  const { connection, lines, heard } = await opened(t);
  connection.reconnect();
  lines[0].tell("dice:roll", { sequence: 8 });
  await settled();
  assert.equal(heard.frames.length, 1);
});

/** A page at an exchange, with what it was told. */
function page(exchange) {
  const told = [];
  const port = { postMessage: (report) => told.push(report) };
  exchange.welcome(port);
  return { port, told, frames: () => told.filter(({ kind }) => kind === "frame") };
}

function exchangeWithLines() {
  const world = new FakeWorld();
  const lines = [];
  world.answer = () => {
    lines.push(line());
    return lines.at(-1).answer;
  };
  return { world, lines, exchange: new Exchange(world) };
}

test("two pages share one line, and who joins late gets what the other has", async () => {
  const { world, lines, exchange } = exchangeWithLines();
  const early = page(exchange);
  exchange.hear(early.port, { kind: "open", url: URL });
  await settled();
  lines[0].tell("snapshot", { sequence: 1 });
  lines[0].tell("dice:roll", { sequence: 2 });
  await settled();
  const late = page(exchange);
  exchange.hear(late.port, { kind: "open", url: URL });
  await settled();
  assert.equal(world.requests.length, 1);
  const told = late.frames().map(({ frame }) => [frame.type, frame.body.replayed]);
  assert.deepEqual(told, [["snapshot", undefined], ["dice:roll", true]]);
  assert.deepEqual(late.told.at(-1), { kind: "state", state: "open" });
  assert.equal(early.frames()[1].frame.body.replayed, undefined);
});

test("who joins after hundreds of facts makes everybody begin anew", async () => {
  const { world, lines, exchange } = exchangeWithLines();
  const early = page(exchange);
  exchange.hear(early.port, { kind: "open", url: URL });
  await settled();
  lines[0].tell("snapshot", { sequence: 1 });
  for (let sequence = 2; sequence < 700; sequence += 1) lines[0].tell("dice:roll", { sequence });
  await settled();
  const late = page(exchange);
  exchange.hear(late.port, { kind: "open", url: URL });
  await world.pass(2_000);
  assert.deepEqual(world.requests.map(({ lastId }) => lastId), [null, null]);
  lines[1].tell("snapshot", { sequence: 700 });
  await settled();
  assert.equal(late.frames().length, 1);
});

test("the line ends with its last page, be it one that left without a word", async () => {
  const { world, exchange } = exchangeWithLines();
  const [first, second] = [page(exchange), page(exchange)];
  for (const { port } of [first, second]) exchange.hear(port, { kind: "open", url: URL });
  await settled();
  exchange.hear(first.port, { kind: "close" });
  assert.equal(world.requests[0].signal.aborted, false);
  await world.pass(200_000);
  assert.equal(world.requests.at(-1).signal.aborted, true);
});

test("a page reads nothing of another origin", async () => {
  const { world, exchange } = exchangeWithLines();
  for (const url of ["https://example.org/", "//example.org/"]) {
    exchange.hear(page(exchange).port, { kind: "open", url });
  }
  await settled();
  assert.deepEqual(world.requests, []);
});
