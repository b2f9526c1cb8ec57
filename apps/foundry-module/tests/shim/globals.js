import { applications } from "./apps.js";
import { ClientSettings } from "./settings.js";
import { getProperty, hasProperty } from "./tree.js";
import { newId } from "./world.js";
import { newPage } from "./dom.js";
import { readFileSync } from "node:fs";

const MODULE = new URL("../../", import.meta.url);
const read = (file) => JSON.parse(readFileSync(new URL(file, MODULE), "utf8"));

/** The global scope of one browser with Foundry in it. */
export function foundryGlobals(client) {
  const page = { confirms: true };
  client.page = page;
  return {
    ...browser(client),
    ...documentClasses(client),
    CONFIG: { sounds: { dice: "sounds/dice.wav" } },
    CONST: constants(client.world.generation),
    Hooks: hooks(client),
    canvas: { get scene() { return client.game.scenes.active; } },
    foundry: {
      applications: applications(new Map(), page),
      dice: { terms: client.dice.terms },
      utils: { getProperty, hasProperty, randomID: newId },
    },
    fromUuid: async (uuid) => client.document(uuid) ?? null,
    fromUuidSync: (uuid) => client.document(uuid) ?? null,
    game: game(client),
    ui: { notifications: { warn: (text) => client.warnings.push(text) } },
  };
}

/** What a browser has; all of it stops with the client. */
function browser(client) {
  const tracked = (start) => (act, ms) => {
    const timer = start(() => !client.isClosed && act(), ms / client.world.speed);
    client.timers.add(timer);
    return timer;
  };
  const unlessClosed = async (promise) => {
    const settled = await promise.then((value) => ({ value }), (error) => ({ error }));
    if (client.isClosed) await new Promise(() => {});
    if (settled.error) throw settled.error;
    return settled.value;
  };
  return {
    console: client.world.console ?? { ...console, warn() {} },
    crypto: globalThis.crypto ?? { getRandomValues: (bytes) => bytes.fill(7) },
    document: newPage(),
    setTimeout: tracked(setTimeout),
    setInterval: tracked(setInterval),
    clearTimeout, clearInterval, URL, URLSearchParams, AbortSignal,
    fetch: (...call) => unlessClosed((client.fetchFrom ?? fetch)(...call)),
    io: (...call) => {
      const socket = client.io(...call);
      client.sockets.push(socket);
      return socket;
    },
  };
}

function documentClasses(client) {
  const implementation = {
    create: (data, options = {}) => {
      const { rolls = [], ...rest } = data;
      const asJson = rolls.map((roll) => (typeof roll === "string" ? roll : JSON.stringify(roll)));
      return client.create("ChatMessage", { author: client.userId, ...rest, rolls: asJson }, options);
    },
    deleteDocuments: async (ids) => {
      for (const id of ids) await client.document(`ChatMessage.${id}`).delete();
    },
    getSpeaker: ({ actor }) => ({ actor: actor.id, alias: actor.name }),
    getSpeakerActor: (speaker) => client.document(`Actor.${speaker.actor}`) ?? null,
  };
  return { ChatMessage: { implementation }, Roll: client.dice.Roll };
}

/** Only what exists in that version: asking for anything else is a mistake. */
function constants(generation) {
  const shared = { TOKEN_DISPOSITIONS: { HOSTILE: -1, NEUTRAL: 0, FRIENDLY: 1 } };
  const versioned =
    generation >= 14
      ? { ACTIVE_EFFECT_SHOW_ICON: { ALWAYS: 2 } }
      : { ACTIVE_EFFECT_MODES: { ADD: 2 }, DICE_ROLL_MODES: { PUBLIC: "publicroll" } };
  return { ...shared, ...versioned };
}

function hooks(client) {
  let last = 0;
  const on = (hook, act) => {
    last += 1;
    client.hooks.set(hook, [...(client.hooks.get(hook) ?? []), { id: last, act }]);
    return last;
  };
  const off = (hook, id) => {
    client.hooks.set(hook, (client.hooks.get(hook) ?? []).filter((one) => one.id !== id));
  };
  return {
    on,
    off,
    once: (hook, act) => {
      const id = on(hook, (...told) => {
        off(hook, id);
        return act(...told);
      });
      return id;
    },
    callAll: (hook, ...told) => client.callHook(hook, ...told),
    get events() {
      return Object.fromEntries(client.hooks);
    },
  };
}

function game(client) {
  const { world } = client;
  const translations = read("lang/en.json");
  const manifest = read("module.json");
  const bindings = new Map();
  return {
    version: client.version,
    release: { generation: world.generation },
    world: { id: world.id, title: "The Sunken Keep" },
    system: { id: world.system, title: world.system },
    settings: new ClientSettings(client),
    keybindings: {
      bindings,
      register: (scope, action, binding) => bindings.set(`${scope}.${action}`, binding),
    },
    modules: { get: (id) => (id === manifest.id ? { ...manifest, manifest: "" } : undefined) },
    i18n: { format: (key, values) => format(getProperty(translations, key) ?? key, values) },
    socket: client.foundrySocket,
    get user() { return client.user; },
    get users() { return users(client); },
    get actors() { return client.collection("Actor"); },
    get messages() { return client.collection("ChatMessage"); },
    get combats() { return client.collection("Combat"); },
    get combat() { return client.collection("Combat").find(({ active }) => active) ?? null; },
    get scenes() {
      const scenes = client.collection("Scene");
      return Object.assign(scenes, { active: scenes.find(({ active }) => active) ?? null });
    },
  };
}

/** Foundry's choice of the active GM: the highest role, then the first id. */
function users(client) {
  const all = client.collection("User");
  const here = all.filter(({ active, isGM }) => active && isGM);
  here.sort((a, b) => b.role - a.role || a.id.localeCompare(b.id));
  return Object.assign(all, { activeGM: here[0] ?? null });
}

function format(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
