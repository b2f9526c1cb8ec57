import { applyOperation, clone, emptyTree } from "./tree.js";
import { Client } from "./client.js";

let ids = 0;

/** An id like Foundry's: 16 letters and digits. */
export function newId() {
  ids += 1;
  return `shim${String(ids).padStart(12, "0")}`;
}

/**
 * A world as Foundry's server keeps it. It outlives its clients. Operations are applied one after
 * the other, and told to every client in that order; who asked gets the answer in the same moment.
 */
export class World {
  constructor({ id = "the-sunken-keep", system = "dnd5e", generation = 13, speed = 1 } = {}) {
    this.id = id;
    this.speed = speed;
    this.began = Date.now();
    this.system = system;
    this.generation = generation;
    this.tree = emptyTree();
    this.clients = [];
    /** What happened: every operation that was applied, for tests to count. */
    this.log = [];
    /** Milliseconds until an operation arrives at the server. */
    this.latency = 1;
  }

  /** The time in its browsers; with a speed of 60 a minute takes a second. */
  now() {
    return Math.floor(this.began + (Date.now() - this.began) * this.speed);
  }

  /** Adds a document without any client. Embedded ones are given by their id. */
  seed(kind, source) {
    const data = { _id: source._id ?? newId(), flags: {}, ...source };
    this.tree[kind][data._id] = clone(data);
    for (const client of this.clients) client.tree[kind][data._id] = clone(data);
    return data._id;
  }

  addUser(name, { isGM = false } = {}) {
    return this.seed("User", { name, role: isGM ? 4 : 1, active: false });
  }

  /** Opens a browser. `storage` is what its profile keeps; share it to have two tabs. */
  async open(userId, { storage = new Map(), ...options } = {}) {
    const client = new Client(this, { userId, storage, ...options });
    this.clients.push(client);
    this.#setActive(userId, true);
    await client.load();
    return client;
  }

  /** A browser is gone, whatever it was doing. */
  left(client) {
    this.clients = this.clients.filter((other) => other !== client);
    const isStillHere = this.clients.some((other) => other.userId === client.userId);
    if (!isStillHere) this.#setActive(client.userId, false);
  }

  /** Foundry's side of a lost or found connection of a client. */
  onlineChanged(client) {
    const isHere = this.clients.some(
      (other) => other.userId === client.userId && other.isOnline,
    );
    this.#setActive(client.userId, isHere);
  }

  /** Carries an operation out; resolves when the asking client has been told. */
  async request(client, operation) {
    await new Promise((resolve) => setTimeout(resolve, this.latency));
    await client.whenOnline();
    applyOperation(this.tree, operation);
    this.log.push({ ...operation, userId: client.userId });
    for (const other of [...this.clients]) {
      if (other.isOnline) other.apply(operation, client.userId);
    }
    // The answer to a browser that was closed goes nowhere.
    if (client.isClosed) await new Promise(() => {});
  }

  #setActive(userId, active) {
    const user = this.tree.User[userId];
    if (user.active === active) return;
    user.active = active;
    for (const client of this.clients) {
      if (client.isOnline) client.userActivity(userId, active);
    }
  }
}
