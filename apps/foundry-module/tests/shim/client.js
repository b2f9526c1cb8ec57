import { applyOperation, clone, sourceAt, uuidOf } from "./tree.js";
import { Collection, createDocument, newDocument } from "./documents.js";
import { EventEmitter } from "node:events";
import { foundryGlobals } from "./globals.js";
import { loadModule } from "./module-loader.js";
import { rollClass, terms } from "./dice.js";
import vm from "node:vm";

/**
 * A browser with the world open. Closing it stops whatever it was doing, at once: its timers, its
 * sockets, and everything that it still awaits.
 */
export class Client {
  constructor(world, { userId, storage, io, fetch: fetchFrom, random = Math.random, version }) {
    Object.assign(this, { world, userId, storage, io, fetchFrom, random });
    this.version = version ?? `${world.generation}.300`;
    this.tree = clone(world.tree);
    this.views = new Map();
    this.hooks = new Map();
    this.timers = new Set();
    this.sockets = [];
    this.warnings = [];
    /** What the next dice show; chance after that. */
    this.nextDice = [];
    this.isOnline = true;
    this.isClosed = false;
    this.foundrySocket = new EventEmitter();
    const throwDie = (faces) => this.nextDice.shift() ?? 1 + Math.floor(this.random() * faces);
    this.dice = { Roll: rollClass(throwDie), terms };
  }

  get user() {
    return this.document(`User.${this.userId}`);
  }

  async load() {
    const globals = foundryGlobals(this);
    this.game = globals.game;
    this.globals = globals;
    const context = vm.createContext(globals);
    vm.runInContext("Date", context).now = () => this.world.now();
    this.namespaceOf = await loadModule(context);
    for (const hook of ["init", "i18nInit", "setup", "ready"]) this.callHook(hook);
  }

  /** The browser is closed, or killed: nothing of it goes on. */
  close() {
    this.isClosed = true;
    for (const timer of this.timers) {
      clearTimeout(timer);
      clearInterval(timer);
    }
    for (const socket of this.sockets) socket.disconnect();
    this.world.left(this);
  }

  /** The same browser with the page loaded again. */
  async reload() {
    this.close();
    const { storage, io, fetchFrom, random, version } = this;
    return this.world.open(this.userId, { storage, io, fetch: fetchFrom, random, version });
  }

  /** Foundry's connection is lost: what happens meanwhile is never told to this client. */
  loseFoundry() {
    this.isOnline = false;
    this.foundrySocket.emit("disconnect");
    this.world.onlineChanged(this);
  }

  findFoundry() {
    this.isOnline = true;
    this.world.onlineChanged(this);
    this.foundrySocket.emit("connect");
  }

  /** As Socket.IO does: what is said without a connection waits for the next one. */
  async whenOnline() {
    if (this.isOnline) return;
    await new Promise((resolve) => this.foundrySocket.once("connect", resolve));
  }

  document(uuid) {
    if (!sourceAt(this.tree, uuid)) return undefined;
    if (!this.views.has(uuid)) {
      this.views.set(uuid, newDocument(this, uuid.split(".").at(-2), uuid));
    }
    return this.views.get(uuid);
  }

  collection(kind) {
    const ids = Object.keys(this.tree[kind]);
    return new Collection(ids.map((id) => this.document(`${kind}.${id}`)));
  }

  /** Asks the server, and waits for the answer. A closed browser never hears it. */
  async ask(operation) {
    if (this.isClosed) await new Promise(() => {});
    await this.world.request(this, operation);
  }

  /** Something changed in the world. */
  apply(operation, userId) {
    const { action, kind, parentUuid, id, options = {} } = operation;
    const uuid = uuidOf(kind, id, parentUuid);
    const before = this.document(uuid);
    const source = clone(sourceAt(this.tree, uuid));
    applyOperation(this.tree, operation);
    if (action === "create") return this.#told("create", kind, this.document(uuid), options, userId);
    if (action === "delete") {
      this.views.delete(uuid);
      return this.#told("delete", kind, newDocument(this, kind, uuid, source), options, userId);
    }
    return this.#told("update", kind, before, clone(operation.changes ?? {}), options, userId);
  }

  userActivity(userId, active) {
    this.tree.User[userId].active = active;
    this.callHook("userConnected", this.document(`User.${userId}`), active);
  }

  #told(change, kind, document, ...rest) {
    if (kind === "Setting" && change !== "delete") this.game.settings.changed(document);
    this.callHook(`${change}${kind}`, document, ...rest);
  }

  /** Whether no hook forbids it. */
  mayDo(hook, ...told) {
    return (this.hooks.get(hook) ?? []).every(({ act }) => act(...told) !== false);
  }

  callHook(hook, ...told) {
    for (const { act } of [...(this.hooks.get(hook) ?? [])]) act(...told);
  }

  create(kind, data, options) {
    return createDocument(this, kind, data, options);
  }

  /** Somebody rolls in the chat, with these dice. */
  async roll(formula, { actorId, dice = [], ...data } = {}) {
    this.nextDice.push(...dice);
    const roll = await this.dice.Roll.create(formula).evaluate();
    return this.create("ChatMessage", {
      author: this.userId,
      content: String(roll.total),
      rolls: [JSON.stringify(roll)],
      speaker: { actor: actorId ?? null, alias: "Somebody" },
      ...data,
    });
  }
}

