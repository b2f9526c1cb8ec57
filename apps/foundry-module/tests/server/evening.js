import { io } from "socket.io-client";
import { Place } from "../../../server/pages/tests/program/place.js";
import { fireball, goblin, wizard } from "../shim/table.js";
import { until } from "../shim/until.js";
import { World } from "../shim/world.js";

const SOON = 30_000;
const WINDOW = "viewer-gamification-pairing";

/** A real server with a campaign of one streamer, and a world of the shim that is paired with it. */
export class Evening {
  static async begin() {
    const evening = new Evening();
    evening.place = await Place.make();
    await evening.place.serve();
    evening.gm = evening.place.person("gm", "gm");
    evening.alice = evening.place.person("alice", "streamer");
    const { id } = await evening.gm.post("/api/v1/campaigns", { name: "The Sunken Keep" });
    evening.id = id;
    evening.campaign = `/api/v1/campaigns/${id}`;
    const members = `${evening.campaign}/members`;
    const { streamerId } = await evening.gm.post(members, { login: "alice" });
    evening.streamer = streamerId;
    await evening.alice.post(`${members}/${streamerId}/accept`, {});
    evening.openWorld();
    return evening;
  }

  openWorld() {
    this.world = new World();
    this.gmId = this.world.addUser("Gamemaster", { isGM: true });
    this.secondId = this.world.addUser("Second", { isGM: true });
    this.playerId = this.world.addUser("Player");
    this.world.seed("Actor", wizard(this.playerId, { fireball: fireball() }));
    this.world.seed("Actor", goblin());
    this.world.seed("Scene", { _id: "scene", name: "Keep", active: true, tokens: {} });
    const address = JSON.stringify(this.place.base);
    this.world.seed("Setting", { key: "viewer-gamification.serverAddress", value: address });
    // One browser profile: both GMs' tabs share what it keeps.
    this.storage = new Map();
  }

  /** A GM's browser with the world open. */
  browser(userId = this.gmId) {
    return this.world.open(userId, { storage: this.storage, io });
  }

  /** Pairs as a GM does: asks for the code in the window, and types it into the console. */
  async pair(client) {
    client.globals.document.getElementById("viewer-gamification-status").click();
    const windows = client.globals.foundry.applications.instances;
    const window = await until("the window", () => windows.get(WINDOW));
    await window.act("begin");
    const code = await until("the code", () => window.context?.code, SOON);
    await this.gm.post("/api/v1/vtt/pairings/claim", {
      code: code.toLowerCase(), campaignId: this.id,
    });
    await this.present();
    await window.close();
  }

  /** Waits until the server sees the table. */
  present() {
    return until("the table to be present", async () => {
      const { items } = await this.gm.get("/api/v1/vtt/connections");
      return items[0]?.status === "present";
    }, SOON);
  }

  /** The GM says that alice plays Elda. */
  async assign() {
    const elda = await until("Elda to be known", async () => {
      const { items } = await this.gm.get(`${this.campaign}/characters`);
      return items.find(({ vttActorId }) => vttActorId === "actorElda");
    }, SOON);
    await this.gm.put(`/api/v1/characters/${elda.id}/assignment`, { streamerId: this.streamer });
  }

  /** Offers an event on alice's channel: a built-in one by its slug, or a new one. */
  async offer(slug, action, minimum) {
    const events = await this.gm.all("/api/v1/events");
    const known = events.find((event) => event.slug === slug);
    const { id } = known ?? (await this.gm.post("/api/v1/events", newEvent(slug, action)));
    await this.gm.put(`${this.campaign}/events/${id}`, {
      isEnabled: true, objectiveCoefficient: 0.01, minimumObjective: minimum, cooldown: 0,
    });
    await this.alice.put(`${this.campaign}/streamers/${this.streamer}/events/${id}`, { isEnabled: true });
    return id;
  }

  /** The reward of an event while it can be redeemed. */
  async rewardOf(event) {
    const { items } = await this.alice.get(`${this.campaign}/streamers/${this.streamer}/events`);
    const offer = items.find(({ eventId }) => eventId === event);
    return offer?.status === "active" ? offer.rewardId : null;
  }

  async redeem(event, viewer) {
    const rewardId = await until("the reward", () => this.rewardOf(event), SOON);
    await this.place.twitch.post("/sandbox/redeem", { viewer, rewardId });
  }

  goals() {
    return this.gm.all(`${this.campaign}/instances`);
  }

  ledger() {
    return this.gm.get(`${this.campaign}/ledger`);
  }

  /** The first goal that is like that. */
  goalThat(is, what, patience = SOON) {
    return until(what, async () => (await this.goals()).find(is), patience);
  }

  async leave() {
    for (const client of [...this.world.clients]) client.close();
    await this.place.leave();
  }
}

function newEvent(slug, action) {
  return {
    slug,
    name: `The ${slug}`,
    trigger: { type: "manual", config: {} },
    action,
    cost: 10,
    objectiveCoefficient: 0.01,
    minimumObjective: 1,
    duration: 120,
    cooldown: { type: "time", config: { durationSeconds: 0 } },
  };
}

/** How often each command had its effect in the world: messages and rolls, by request id. */
export function effectsOf(world) {
  const counts = new Map();
  for (const { action, kind, source } of world.log) {
    const requestId = source?.flags?.["viewer-gamification"]?.requestId;
    if (action !== "create" || kind !== "ChatMessage" || !requestId) continue;
    counts.set(requestId, (counts.get(requestId) ?? 0) + 1);
  }
  return counts;
}
