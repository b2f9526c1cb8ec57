import { blank, comparable, forget, reduce } from "../../assets/overlay/state.js";
import { Evening } from "./support/evening.js";
import assert from "node:assert/strict";
import test from "node:test";

const take = (state, frames) =>
  frames.reduce((before, frame) => reduce(before, frame).state, state);

/** What both must say: cooldowns that are over at that moment are told by neither. */
const shown = (state, now) => comparable(forget(state, now));

const AT = "2026-03-05T20:00:00Z";
const T0 = Date.parse(AT);

function goal(more = {}) {
  return {
    instanceId: "g", eventId: "e", eventName: "Dice", eventNames: { en: "Dice" },
    actionType: "dice_invert", streamerId: "s", currentProgress: 4, objectiveTarget: 10,
    streamers: [], at: AT, ...more,
  };
}

const fact = (type, sequence, more) => ({
  type: `gamification:${type}`, body: goal({ sequence, ...more }),
});

const open = () => take(blank(), [
  { type: "snapshot", body: { sequence: 1, at: AT, instances: [goal({ status: "active" })] } },
]);

test("after any evening, cut off anywhere and told again, the state is the server's", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const evening = new Evening(seed);
    let state = take(blank(), [evening.snapshot()]);
    let heard = 0;
    let read = evening.sequence;
    for (let step = 0; step < 250; step += 1) {
      evening.step();
      const isAway = (step * 7 + seed) % 50 < 10;
      if (isAway) continue;
      const comesBack = (step * 7 + seed) % 50 < 17;
      const frames = comesBack ? evening.since(read) : evening.facts.slice(heard);
      state = forget(take(state, frames), evening.now);
      // Told twice, as by a page that joins a shared line, changes nothing.
      state = take(state, evening.facts.slice(-3));
      [heard, read] = [evening.facts.length, evening.sequence];
      const fresh = take(blank(), [evening.snapshot()]);
      const now = evening.now;
      assert.deepEqual(shown(state, now), shown(fresh, now), `seed ${seed}, step ${step}`);
    }
  }
});

test("five hundred missed facts leave the state of the snapshot, in one go", () => {
  const evening = new Evening(3);
  let state = take(blank(), [evening.snapshot()]);
  while (evening.sequence < 500) evening.step();
  state = take(state, evening.since(0));
  const fresh = take(blank(), [evening.snapshot()]);
  assert.deepEqual(comparable(state), comparable(fresh));
  assert.equal(state.sequence, evening.sequence);
});

test("a fact about a goal that should be known, and is not, is doubtful", () => {
  for (const type of ["progress", "instance_armed", "instance_consumed", "instance_completed"]) {
    const { state, effect } = reduce(open(), fact(type, 2, { instanceId: "other" }));
    assert.deepEqual([type, effect, Object.keys(state.goals)], [type, "doubtful", ["g"]]);
  }
});

test("a goal does not go back, whoever tells of it late", () => {
  let state = take(open(), [
    fact("progress", 2, { currentProgress: 10 }),
    fact("instance_armed", 3, { currentProgress: 10, armedUntil: AT }),
    fact("progress", 4, { currentProgress: 7 }),
    fact("instance_created", 5, { currentProgress: 0 }),
  ]);
  assert.deepEqual([state.goals.g.stage, state.goals.g.progress], ["armed", 10]);
  state = take(state, [fact("instance_cancelled", 6), fact("instance_created", 7)]);
  assert.deepEqual([Object.keys(state.goals), state.endings.g.outcome], [[], "cancelled"]);
});

test("a target that changes and contributors that appear are shown", () => {
  const { goals } = take(open(), [
    fact("progress", 2, { currentProgress: 5, contributors: ["b", "a"] }),
    fact("objective_changed", 3, { currentProgress: 5, objectiveTarget: 8 }),
    fact("progress", 4, { currentProgress: 6, objectiveTarget: 8, contributors: ["c", "a"] }),
  ]);
  assert.deepEqual([goals.g.target, goals.g.contributors], [8, ["c", "a", "b"]]);
});

test("refunds count up to the last one, told late or twice or not", () => {
  const refunded = (sequence, count) => fact("contributions_refunded", sequence, {
    count, points: count * 100, remaining: 3 - count, stuck: 1,
  });
  const state = take(open(), [
    fact("instance_expired", 2), refunded(3, 1), refunded(5, 3), refunded(4, 2), refunded(5, 3),
  ]);
  assert.deepEqual(state.endings.g.refund, { count: 3, points: 300, remaining: 0, stuck: 1 });
});

test("an ending that was missed is shown with its refund for as long as others are", () => {
  const snapshot = { type: "snapshot", body: { sequence: 9, at: AT, instances: [] } };
  const state = take(open(), [
    snapshot,
    fact("instance_cancelled", 5, { replayed: true, reason: "gm" }),
    fact("contributions_refunded", 6, { count: 4, points: 400, remaining: 0, stuck: 0 }),
  ]);
  assert.deepEqual([state.endings.g.outcome, state.endings.g.refund.count], ["cancelled", 4]);
  assert.deepEqual(Object.keys(forget(state, T0 + 9_000).endings), ["g"]);
  assert.deepEqual(Object.keys(forget(state, T0 + 11_000).endings), []);
});

test("an ending stays while points are on their way back, but not for ever", () => {
  const ended = take(open(), [fact("instance_cancelled", 2)]);
  assert.deepEqual(Object.keys(forget(ended, T0 + 50_000).endings), ["g"]);
  assert.deepEqual(Object.keys(forget(ended, T0 + 61_000).endings), []);
});

test("a failed execution takes the cooldown along that its completion brought", () => {
  const until = "2026-03-05T20:05:00Z";
  const executing = take(open(), [fact("instance_completed", 2, { cooldownUntil: until })]);
  assert.equal(Object.values(executing.cooldowns)[0].until, Date.parse(until));
  const failed = take(executing, [fact("action_executed", 3, { success: false })]);
  const executed = take(executing, [fact("action_executed", 3, { success: true })]);
  assert.deepEqual([failed, executed].map((s) => Object.keys(s.cooldowns).length), [0, 1]);
});

test("released cooldowns go: of one event, of one channel, or all", () => {
  const until = "2026-03-05T20:05:00Z";
  const cooldowns = [["e1", "s1"], ["e1", null], ["e2", "s1"]]
    .map(([eventId, streamerId]) => ({ eventId, streamerId, until, eventNames: { en: "x" } }));
  const body = { sequence: 1, at: AT, instances: [], cooldowns };
  const state = take(blank(), [{ type: "snapshot", body }]);
  for (const [released, left] of [
    [{ eventId: "e1" }, ["e2 s1"]],
    [{ streamerId: "s1" }, ["e1 group"]],
    [{ eventId: "e1", streamerId: "s1" }, ["e1 group", "e2 s1"]],
    [{ streamerId: null }, []],
    [{}, []],
  ]) {
    const type = "gamification:cooldowns_released";
    const after = take(state, [{ type, body: { ...released, sequence: 2, at: AT } }]);
    assert.deepEqual(Object.keys(after.cooldowns), left);
  }
});

test("a reset forgets everything, endings included", () => {
  const ended = take(open(), [fact("instance_cancelled", 2)]);
  assert.deepEqual(take(ended, [{ type: "reset", body: { sequence: 1 } }]), blank());
});

test("names come through as they are, and what is missing or absurd breaks nothing", () => {
  const names = ["<img src=x onerror=alert(1)>", "\u202eevil", "👩‍👩‍👧‍👦", "x".repeat(500)];
  for (const name of names) {
    const { goals } = take(open(), [
      fact("progress", 2, { currentProgress: 5, contributors: [name], eventNames: { en: name } }),
    ]);
    assert.deepEqual(goals.g.contributors, [name]);
  }
  const absurd = { sequence: 2, instances: [null, 3, { instanceId: 5 }], cooldowns: "x" };
  for (const body of [absurd, { sequence: 2 }]) {
    take(open(), [{ type: "snapshot", body }]);
  }
  for (const type of ["instance_created", "progress", "action_executed", "no_such_fact"]) {
    take(open(), [{ type: `gamification:${type}`, body: { sequence: 3, streamers: {} } }]);
  }
});
