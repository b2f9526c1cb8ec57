import { FakeServer } from "./fake-server.js";
import { until } from "./until.js";
import { World } from "./world.js";

/** What a browser keeps after a pairing. */
export function pairedStorage(worldId = "the-sunken-keep") {
  const secrets = {
    connectionId: "c", apiKey: "key", sessionToken: "s1", refreshToken: "r1", fingerprint: "f",
  };
  const stored = JSON.stringify({ [worldId]: secrets });
  return new Map([["viewer-gamification.credentials", stored]]);
}

export const plain = (value) => JSON.parse(JSON.stringify(value));

/** A dnd5e actor as a seed; spells by id. */
export function wizard(ownerId, spells = {}) {
  return {
    _id: "actorElda",
    name: "Elda",
    type: "character",
    img: "elda.webp",
    ownership: { [ownerId]: 3 },
    system: { attributes: { hp: { value: 20, max: 30, temp: 0, tempmax: 0 } } },
    items: spells,
    effects: {},
  };
}

export function fireball() {
  return {
    _id: "fireball",
    name: "Fireball",
    type: "spell",
    img: "fireball.webp",
    flags: {},
    system: { level: 3, school: "evo", preparation: { prepared: true } },
  };
}

export function goblin() {
  return {
    _id: "goblin",
    name: "Goblin",
    type: "npc",
    img: "goblin.webp",
    prototypeToken: { disposition: -1 },
    system: { attributes: { hp: { value: 7, max: 7, temp: 0, tempmax: 0 } } },
    items: {},
    effects: {},
  };
}

/** A running combat with two goblins of one kind, `t1` and `t2`; in every browser that is open. */
export function seedFight(world) {
  const token = (_id) => ({
    _id, actorId: "goblin", actorLink: false, disposition: -1, name: "Goblin",
    delta: plain(world.tree.Actor.goblin),
  });
  const combatant = (_id, tokenId) => ({
    _id, tokenId, sceneId: "scene", actorId: "goblin", name: "Goblin", initiative: 10,
  });
  for (const { tree } of [world, ...world.clients]) {
    Object.assign(tree.Scene.scene.tokens, { t1: token("t1"), t2: token("t2") });
  }
  world.seed("Combat", {
    _id: "combat", active: true, round: 1, turn: 0,
    combatants: { c1: combatant("c1", "t1"), c2: combatant("c2", "t2") },
  });
}

/** A world with a GM, a player, a wizard and a goblin, and a paired GM's browser that is connected. */
export async function openTable({ system, generation, speed, storage = pairedStorage() } = {}) {
  const world = new World({ system, generation, speed });
  const gmId = world.addUser("Gamemaster", { isGM: true });
  const playerId = world.addUser("Player");
  world.seed("Actor", wizard(playerId, { fireball: fireball() }));
  world.seed("Actor", goblin());
  world.seed("Scene", { _id: "scene", name: "Keep", active: true, tokens: {} });
  const server = new FakeServer(() => world.now());
  const gm = await world.open(gmId, { storage, io: server.io, fetch: server.fetch });
  const table = { world, server, gm, gmId, playerId, storage };
  if (storage.size > 0) await until("the hello", () => server.of("hello").length > 0);
  return table;
}

/** The answer to a command. */
export function answerTo(server, requestId) {
  const results = () => server.of("command:result").filter((one) => one.requestId === requestId);
  return until(`an answer to ${requestId}`, () => results().at(-1), 10_000);
}

/** Sends a command and waits for its answer. */
export async function ask({ server }, name, payload) {
  return answerTo(server, server.command(name, payload));
}
