import { clone, EMBEDDED, expand, sourceAt, uuidOf } from "./tree.js";
import { newId } from "./world.js";

/** Foundry's collection: a map that is iterated and searched like a list. */
export class Collection extends Map {
  constructor(documents) {
    super(documents.map((document) => [document.id, document]));
  }

  get contents() {
    return [...super.values()];
  }

  [Symbol.iterator]() {
    return this.values();
  }

  find(is) {
    return this.contents.find(is);
  }

  filter(is) {
    return this.contents.filter(is);
  }

  map(make) {
    return this.contents.map(make);
  }

  some(is) {
    return this.contents.some(is);
  }

  forEach(act) {
    this.contents.forEach((document) => act(document));
  }
}

/** What documents of one kind know beyond their source. */
const DERIVED = {
  Actor: {
    hasPlayerOwner: (actor) =>
      Object.entries(actor.ownership ?? {}).some(
        ([user, level]) => level === 3 && actor.client.tree.User[user]?.role < 3,
      ),
    getTokenDocument: (actor) => async (data) => {
      const source = { name: actor.name, actorId: actor.id, actorLink: false, ...data };
      return { toObject: () => ({ ...source, delta: { ...actor.toObject() } }) };
    },
  },
  Item: { actor: (item) => item.parent },
  Token: {
    actor: (token) =>
      token.actorLink
        ? token.client.document(`Actor.${token.actorId}`)
        : token.client.document(`${token.uuid}.Actor.${token.actorId}`),
  },
  Combat: {
    started: (combat) => (combat.round ?? 0) > 0,
    turns: (combat) => [...combat.combatants.contents].sort((a, b) => b.initiative - a.initiative),
  },
  Combatant: {
    combat: (one) => one.parent,
    token: (one) => one.client.document(`Scene.${one.sceneId}.Token.${one.tokenId}`),
    actor: (one) => one.token?.actor ?? one.client.document(`Actor.${one.actorId}`),
    isDefeated: (one) => one.source.defeated === true,
    isNPC: (one) => !one.actor?.hasPlayerOwner,
  },
  ChatMessage: {
    author: (message) => message.client.document(`User.${message.source.author}`),
    rolls: (message) =>
      (message.source.rolls ?? []).map((roll) => message.client.dice.Roll.fromData(JSON.parse(roll))),
  },
  User: {
    isGM: (user) => user.role >= 3,
    isSelf: (user) => user.id === user.client.userId,
  },
};

/**
 * A document as a client sees it: its source, with what its kind adds. `own` is the source of one
 * that is not in the world: about to be created, or deleted with its parent.
 */
export function newDocument(client, kind, uuid, own) {
  const document = new ShimDocument(client, kind, uuid, own);
  document.proxy = new Proxy(document, {
    get(target, key) {
      const derived = DERIVED[kind]?.[key];
      if (derived) return derived(target.proxy);
      if (key in target) return Reflect.get(target, key);
      if (key in EMBEDDED_KEYS) return target.embedded(EMBEDDED_KEYS[key]);
      return target.source[key];
    },
    has: (target, key) => key in target || key in target.source,
  });
  return document.proxy;
}

const EMBEDDED_KEYS = Object.fromEntries(Object.entries(EMBEDDED).map(([kind, key]) => [key, kind]));

class ShimDocument {
  constructor(client, kind, uuid, own) {
    Object.assign(this, { client, documentName: kind, uuid, own });
  }

  get source() {
    return this.own ?? sourceAt(this.client.tree, this.uuid) ?? {};
  }

  get _source() {
    return this.source;
  }

  get id() {
    return this.source._id;
  }

  get flags() {
    return this.source.flags ?? {};
  }

  get parent() {
    const segments = this.uuid.split(".");
    return segments.length > 2 ? this.client.document(segments.slice(0, -2).join(".")) : null;
  }

  embedded(kind) {
    const children = Object.entries(this.source[EMBEDDED[kind]] ?? {});
    return new Collection(children.map(([id, child]) => {
      const uuid = uuidOf(kind, id, this.uuid);
      return this.client.document(uuid) ?? newDocument(this.client, kind, uuid, child);
    }));
  }

  toObject() {
    return clone(this.source);
  }

  getFlag(scope, key) {
    return clone(this.flags[scope]?.[key]);
  }

  async setFlag(scope, key, value) {
    await this.update({ [`flags.${scope}.${key}`]: value });
  }

  async unsetFlag(scope, key) {
    const path = `flags.${scope}.${key}`;
    await this.client.ask({ action: "unset", ...this.address(), path });
  }

  async update(changes, options = {}) {
    if (!this.client.mayDo(`preUpdate${this.documentName}`, this.proxy, changes)) return undefined;
    await this.client.ask({
      action: "update", ...this.address(), changes: expand(clone(changes)), options,
    });
    return this.proxy;
  }

  async delete() {
    await this.client.ask({ action: "delete", ...this.address() });
    return this.proxy;
  }

  async createEmbeddedDocuments(kind, list) {
    const made = [];
    for (const data of list) {
      const document = await createDocument(this.client, kind, data, { parentUuid: this.uuid });
      if (document) made.push(document);
    }
    return made;
  }

  address() {
    const segments = this.uuid.split(".");
    const parentUuid = segments.length > 2 ? segments.slice(0, -2).join(".") : null;
    return { kind: this.documentName, id: this.id, parentUuid };
  }
}

/** Creates a document as Foundry's client does: hooks may forbid it. */
export async function createDocument(client, kind, data, { parentUuid = null, ...options } = {}) {
  const id = options.keepId && data._id ? data._id : newId();
  const source = { ...expand(clone(data)), _id: id };
  source.flags ??= {};
  const proxy = newDocument(client, kind, uuidOf(kind, id, parentUuid), source);
  if (!client.mayDo(`preCreate${kind}`, proxy, data)) return undefined;
  await client.ask({ action: "create", kind, id, parentUuid, source, options });
  return client.document(uuidOf(kind, id, parentUuid));
}
