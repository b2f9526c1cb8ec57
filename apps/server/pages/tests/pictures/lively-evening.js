import { until } from "../program/until.js";

const SOON = 30_000;
const OFFERED = ["dice-invert", "spell-disable", "spell-buff"];

/** A campaign with two channels on air, a practice table, and viewers in the middle of it. */
export class LivelyEvening {
  static async begin(stage) {
    const evening = new LivelyEvening();
    await stage.twitch.put("/sandbox/streams/alice", { viewerCount: 40 });
    await stage.twitch.put("/sandbox/streams/bob", { viewerCount: 25 });
    evening.game = await stage.game("The Sunken Keep");
    const { game } = evening;
    const bob = stage.place.person("bob", "streamer");
    await game.join("bob", bob);
    await game.gm.post(`${game.campaign}/practice-table`, {});
    evening.events = {};
    for (const { id, slug } of await game.gm.all("/api/v1/events")) evening.events[slug] = id;
    for (const slug of OFFERED) await evening.offer(slug);
    return evening;
  }

  async offer(slug) {
    const { game } = this;
    const event = this.events[slug];
    await game.gm.put(`${game.campaign}/events/${event}`, { isEnabled: true, duration: 600 });
    const path = `${game.campaign}/streamers/${game.streamer}/events/${event}`;
    await game.alice.put(path, { isEnabled: true });
    await until(`${slug} to be offered`, () => game.rewardOf(event), SOON);
  }

  /** So many viewers of alice's channel click. */
  async click(slug, count) {
    const wish = { kind: "redemptions", eventId: this.events[slug], count };
    await this.simulate({ ...wish, streamerId: this.game.streamer });
  }

  roll() {
    return this.simulate({ kind: "roll", result: 20 });
  }

  simulate(wish) {
    return this.game.gm.post(`${this.game.campaign}/simulate`, wish);
  }

  /** Viewers fill the dice's goal, and the table rolls. */
  async turnTheDie() {
    await this.click("dice-invert", 12);
    await this.game.goalThat(({ status }) => status === "armed", "the goal to be armed");
    await this.roll();
    const isDone = ({ executionStatus }) => executionStatus === "executed";
    await this.game.goalThat(isDone, "the die to be turned");
  }

  /** A goal that the game master stops, so that points go back. */
  async stopOne() {
    await this.click("spell-buff", 4);
    const hasAll = ({ currentProgress }) => currentProgress === 4;
    const goal = await this.game.goalThat(hasAll, "the four clicks");
    await this.game.gm.post(`/api/v1/instances/${goal.id}/cancel`, {});
    const isSettled = async () => (await this.game.ledger()).pending === 0;
    await until("the points to be back", isSettled, SOON);
  }
}
