import { blank, reduce } from "../../assets/overlay/state.js";
import { Presence } from "../../assets/overlay/presence.js";
import { Scenes } from "../../assets/overlay/scenes.js";
import { ServerClock } from "../../assets/overlay/clock.js";
import { optionsOf } from "../../assets/overlay/options.js";
import assert from "node:assert/strict";
import test from "node:test";

const AT = "2026-03-05T20:00:00Z";
const T0 = Date.parse(AT);

/** An overlay with one open goal, to which facts are told at a moment. */
function overlay() {
  const scenes = new Scenes();
  let state = blank();
  let sequence = 0;
  const tell = (type, more = {}, now = T0) => {
    sequence += 1;
    const body = { instanceId: "g", at: AT, sequence, streamers: [], ...more };
    const frame = { type, body };
    state = reduce(state, frame).state;
    scenes.hear(frame, now);
  };
  tell("snapshot", { instances: [{ instanceId: "g", eventId: "e", status: "active" }] });
  const kinds = (now = T0) => scenes.begin(state, now).map(({ kind }) => kind);
  return { tell, kinds };
}

const GOAL = "gamification:";

test("a roll that meets an armed goal is one scene after the other", () => {
  const { tell, kinds } = overlay();
  tell(`${GOAL}instance_armed`);
  assert.deepEqual(kinds(), ["armed"]);
  tell(`${GOAL}instance_consumed`, { diceRoll: { result: 20 } });
  tell(`${GOAL}instance_completed`);
  assert.deepEqual(kinds(T0 + 1_000), []);
  assert.deepEqual(kinds(T0 + 3_000), ["consumed"]);
  tell(`${GOAL}action_executed`, { success: true });
  assert.deepEqual(kinds(T0 + 5_000), []);
  assert.deepEqual(kinds(T0 + 6_100), ["executed"]);
});

test("no scene begins for what is over by then", () => {
  const { tell, kinds } = overlay();
  tell(`${GOAL}instance_armed`);
  tell(`${GOAL}instance_cancelled`, { reason: "gm" });
  assert.deepEqual(kinds(), ["cancelled"]);
  assert.deepEqual(kinds(T0 + 5_000), []);
});

test("nothing is played of what was missed, is old, or is hidden", () => {
  const { tell, kinds } = overlay();
  tell(`${GOAL}instance_armed`, { replayed: true });
  tell("dice:roll", { replayed: true });
  tell("dice:roll", {}, T0 + 6_000);
  tell("dice:roll", { isHidden: true });
  assert.deepEqual(kinds(), []);
});

test("a burst of rolls shows the last ones, each for its time", () => {
  const { tell, kinds } = overlay();
  for (let result = 1; result <= 30; result += 1) tell("dice:roll", { result });
  assert.deepEqual(kinds(), ["dice"]);
  assert.deepEqual(kinds(T0 + 1_000), []);
  assert.deepEqual(kinds(T0 + 5_000), ["dice"]);
  assert.deepEqual(kinds(T0 + 10_000), ["dice"]);
  assert.deepEqual(kinds(T0 + 15_000), [], "too late by now");
});

test("a reset forgets what waits", () => {
  const { tell, kinds } = overlay();
  tell("dice:roll");
  tell("reset");
  assert.deepEqual(kinds(), []);
});

test("an overlay is blank before and three seconds after the server is there", () => {
  const presence = new Presence();
  assert.equal(presence.isShown(0), false);
  presence.become("open", 1_000);
  assert.equal(presence.isShown(999_000), true);
  presence.become("away", 1_000_000);
  assert.equal(presence.isShown(1_002_900), true);
  presence.become("away", 1_002_900);
  assert.equal(presence.isShown(1_003_000), false);
  presence.become("open", 1_010_000);
  assert.equal(presence.isShown(1_010_000), true);
  presence.become("refused", 1_011_000);
  assert.equal(presence.isShown(1_011_000), false);
});

test("the server's time is told by snapshots, and never goes back by an old fact", () => {
  const clock = new ServerClock();
  clock.hear({ type: "snapshot", body: { at: AT } }, 5_000);
  assert.equal(clock.at(6_000), T0 + 1_000);
  clock.hear({ type: "dice:roll", body: { at: AT } }, 9_000);
  assert.equal(clock.at(9_000), T0 + 4_000);
  clock.hear({ type: "dice:roll", body: { at: "2026-03-05T20:00:10Z" } }, 9_000);
  assert.equal(clock.at(9_000), T0 + 10_000);
  clock.hear({ type: "dice:roll", body: { at: "?" } }, 9_000);
  assert.equal(clock.at(9_000), T0 + 10_000);
});

test("what an address asks for is done, and wrong values fall back", () => {
  const of = (query) => Object.values(optionsOf(new URLSearchParams(query)));
  for (const [query, expected] of [
    ["", ["top-left", 1, 0]],
    ["position=bottom&scale=1.5&sound=on", ["bottom", 1.5, 0.6]],
    ["position=bottom-right&scale=150&sound=25", ["bottom-right", 1.5, 0.25]],
    ["position=middle&scale=x&sound=loud", ["top-left", 1, 0]],
    ["position=&scale=0&sound=-1", ["top-left", 1, 0]],
    ["scale=Infinity&sound=101", ["top-left", 1, 0]],
  ]) {
    assert.deepEqual(of(query), expected, query);
  }
});
