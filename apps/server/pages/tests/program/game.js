import { until } from "./until.js";

const SOON = 30_000;

/** A campaign of the sandbox's `gm` on a running server, in which alice's channel takes part. */
export class Game {
  async found(place, name = "The Sunken Keep") {
    this.place = place;
    this.gm = place.person("gm", "gm");
    this.alice = place.person("alice", "streamer");
    const { id } = await this.gm.post("/api/v1/campaigns", { name });
    this.id = id;
    this.campaign = `/api/v1/campaigns/${id}`;
    this.streamer = await this.join("alice", this.alice);
  }

  /** Has a streamer take part; answers the id of the streamer. */
  async join(login, streamer) {
    const members = `${this.campaign}/members`;
    const { streamerId } = await this.gm.post(members, { login });
    await streamer.post(`${members}/${streamerId}/accept`, {});
    return streamerId;
  }

  /** Offers an event on alice's channel: a built-in one by its slug, or a new one. */
  async offer(slug, action, minimum) {
    const events = await this.gm.all("/api/v1/events");
    const known = events.find((event) => event.slug === slug);
    const { id } = known ?? (await this.gm.post("/api/v1/events", newEvent(slug, action)));
    await this.gm.put(`${this.campaign}/events/${id}`, {
      isEnabled: true, objectiveCoefficient: 0.01, minimumObjective: minimum, cooldown: 0,
    });
    await this.alice.put(`${this.campaign}/streamers/${this.streamer}/events/${id}`, {
      isEnabled: true,
    });
    return id;
  }

  /** The reward of an event on alice's channel, while it can be redeemed. */
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
