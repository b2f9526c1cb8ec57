import { io } from "socket.io-client";
import { Game } from "../../../server/pages/tests/program/game.js";
import { Place } from "../../../server/pages/tests/program/place.js";
import { fireball, goblin, wizard } from "../shim/table.js";
import { until } from "../shim/until.js";
import { World } from "../shim/world.js";

const SOON = 30_000;
const WINDOW = "viewer-gamification-pairing";

/** A real server with a campaign of one streamer, and a world of the shim that is paired with it. */
export class Evening extends Game {
  static async begin() {
    const evening = new Evening();
    const place = await Place.make();
    await place.serve();
    await evening.found(place);
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

  async leave() {
    for (const client of [...this.world.clients]) client.close();
    await this.place.leave();
  }
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
