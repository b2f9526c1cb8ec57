import assert from "node:assert/strict";
import test from "node:test";
import { openTable } from "../shim/table.js";

test("a paired browser says hello and tells who plays and that there is no combat", async (t) => {
  const table = await openTable();
  t.after(() => table.gm.close());
  const [hello] = table.server.of("hello");
  assert.deepEqual(hello, {
    module: "viewer-gamification",
    version: "0.1.0",
    core: "13.300",
    system: "dnd5e",
    features: ["treasure_drop", "custom", "undo", "panic"],
    activeGm: true,
  });
  const names = table.server.of("character:update").map(({ name }) => name);
  assert.deepEqual(names, ["Elda"]);
  assert.equal(table.server.of("combat:end").length, 1);
});
