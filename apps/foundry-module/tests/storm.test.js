import { effectsOf, Evening } from "./server/evening.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "./shim/until.js";

/** Goals that are brought to their end. */
const GOALS = Number(process.env.STORM_GOALS ?? 200);
const SEED = Number(process.env.STORM_SEED ?? 1);
/** An execution whose outcome nobody knows is refunded after two minutes. */
const PATIENCE_MS = 240_000;
/** What happens between two looks at the table, each as likely as it is named often. */
const WEATHER = [
  ...Array(4).fill("calm"),
  ...Array(3).fill("lose the server"),
  ...Array(2).fill("reload"),
  ...Array(4).fill("close in the middle"),
  ...Array(2).fill("change the GM"),
  ...Array(2).fill("kill the server"),
];
const KILLS_MAX = 12;

/** Numbers from 0 to 1 that the seed decides. */
function chances(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Storm {
  constructor(evening, random) {
    Object.assign(this, { evening, random, kills: 0, events: [], clicks: 0 });
    /** How often the hook of the command `custom` was called, by request id. */
    this.called = new Map();
    this.counts = {};
  }

  async prepare() {
    const { evening } = this;
    this.client = await this.open(evening.gmId);
    await evening.pair(this.client);
    await evening.assign();
    this.second = await this.open(evening.secondId);
    const hook = { customActions: { name: "storm", data: { how: "strong" } } };
    const loot = { actorId: "goblin", position: { x: 100, y: 100 } };
    for (const [slug, action, minimum] of [
      ["words", { type: "chat_message", config: { content: "Thunder" } }, 1],
      ["more-words", { type: "chat_message", config: { content: "Lightning" } }, 1],
      ["loot", { type: "treasure_drop", config: loot }, 1],
      ["more-loot", { type: "treasure_drop", config: { ...loot, quantity: 2 } }, 1],
      ["hook", { type: "custom", config: hook }, 1],
      ["more-hooks", { type: "custom", config: hook }, 1],
      ["dice-invert", null, 1],
    ]) {
      this.events.push(await evening.offer(slug, action, minimum));
    }
  }

  async open(userId) {
    const client = await this.evening.browser(userId);
    return this.listen(client);
  }

  listen(client) {
    client.globals.Hooks.on("viewer-gamification.custom.storm", (_data, { requestId }) => {
      this.called.set(requestId, (this.called.get(requestId) ?? 0) + 1);
    });
    return client;
  }

  /** Clicks on whatever can be clicked on. */
  async click() {
    for (const event of this.events) {
      try {
        const rewardId = await this.evening.rewardOf(event);
        if (!rewardId) continue;
        this.clicks += 1;
        const viewer = `viewer${this.clicks % 50}`;
        await this.evening.place.twitch.try("POST", "/sandbox/redeem", { viewer, rewardId });
      } catch {
        // The server is away; the viewer tries again.
      }
    }
    const dice = [this.random() < 0.5 ? 20 : 1];
    await this.client.roll("1d20 + 5", { actorId: "actorElda", dice });
  }

  async weather() {
    const what = WEATHER[Math.floor(this.random() * WEATHER.length)];
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    if (what === "lose the server") this.breakSockets();
    if (what === "reload") this.client = this.listen(await this.client.reload());
    if (what === "close in the middle") await this.closeInTheMiddle();
    if (what === "change the GM") await this.changeGm();
    if (what === "kill the server" && this.kills < KILLS_MAX) {
      this.kills += 1;
      await this.evening.place.kill();
      await this.evening.place.serve();
    }
  }

  breakSockets() {
    for (const { sockets } of this.evening.world.clients) {
      for (const socket of sockets) socket.io.engine?.close();
    }
  }

  /** With the next document that is created, the browser is gone; it does not hear of it. */
  async closeInTheMiddle() {
    const { client } = this;
    const kinds = ["preCreateChatMessage", "createChatMessage", "createToken", "updateSetting"];
    const hook = kinds[Math.floor(this.random() * kinds.length)];
    client.globals.Hooks.once(hook, () => {
      if (!client.isClosed) client.close();
    });
    // What a closed browser was doing never ends: nobody waits for it.
    this.click().catch(() => {});
    await until("the browser to close", () => client.isClosed, 3_000).catch(() => client.close());
    this.client = await this.open(this.evening.gmId);
  }

  /** The acting GM leaves; the other one acts until the first is back. */
  async changeGm() {
    this.client.close();
    await new Promise((resolve) => setTimeout(resolve, this.random() * 1_500));
    this.client = await this.open(this.evening.gmId);
  }

  async over() {
    const goals = await this.evening.goals();
    return goals.filter(({ isOpen }) => !isOpen);
  }
}

/** The tokens and hooks of each command, and the messages and rolls, are there at most once. */
function assertOnce(storm) {
  for (const counts of [effectsOf(storm.evening.world), storm.called]) {
    const twice = [...counts].filter(([, count]) => count > 1);
    assert.deepEqual(twice, [], "an effect happened more than once");
  }
}

/** What the server was told to have happened did happen. */
async function assertConfirmed({ evening, called }, goals) {
  const messages = effectsOf(evening.world);
  for (const { id } of goals) {
    const { commands } = await evening.gm.get(`/api/v1/instances/${id}`);
    for (const command of commands.filter(({ status }) => status === "confirmed")) {
      const seen = messages.get(command.id) ?? called.get(command.id);
      const isVisible = ["chat_message", "roll_dice", "custom"].includes(command.kind);
      if (isVisible) assert.equal(seen, 1, `${command.kind} ${command.id}`);
    }
  }
}

const tally = (words) =>
  words.reduce((counts, word) => ({ ...counts, [word]: (counts[word] ?? 0) + 1 }), {});

async function assertLoot({ evening, events }, goals) {
  const placed = evening.world.log.filter(({ action, kind }) => action === "create" && kind === "Token");
  const of = (event) => goals.filter(({ eventId }) => eventId === event);
  const executed = (event) => of(event).filter((goal) => goal.executionStatus === "executed").length;
  const [, , loot, moreLoot] = events;
  const least = executed(loot) + executed(moreLoot);
  const most = of(loot).length + 2 * of(moreLoot).length;
  assert.ok(least <= placed.length && placed.length <= most, `${placed.length} of ${least}–${most}`);
}

test(`${GOALS} goals of a storm end once each, and every point is accounted for`, async (t) => {
  const evening = await Evening.begin();
  t.after(() => evening.leave());
  const storm = new Storm(evening, chances(SEED));
  await storm.prepare();
  while ((await storm.over()).length < GOALS) {
    await storm.click();
    await storm.weather();
    await new Promise((resolve) => setTimeout(resolve, 200 + storm.random() * 600));
  }
  await until("every goal to end", async () => {
    const goals = await evening.goals();
    const armed = goals.filter(({ status }) => status === "armed" || status === "active");
    for (const { id } of armed) await evening.gm.try("POST", `/api/v1/instances/${id}/cancel`, {});
    return goals.every(({ isOpen }) => !isOpen);
  }, PATIENCE_MS);
  const settled = async () => (await evening.ledger()).pending === 0;
  await until("every redemption to be settled", settled, PATIENCE_MS);
  const [goals, ledger] = [await evening.goals(), await evening.ledger()];
  const outcomes = tally(goals.map(({ status, executionStatus }) => executionStatus ?? status));
  const { fulfilled, refunded } = ledger;
  t.diagnostic(JSON.stringify({ outcomes, fulfilled, refunded, weather: storm.counts }));
  assertOnce(storm);
  await assertConfirmed(storm, goals);
  await assertLoot(storm, goals);
  assert.deepEqual([ledger.pending, ledger.stuck, ledger.balanced], [0, 0, true]);
  assert.equal(ledger.received, ledger.fulfilled + ledger.refunded);
  assert.ok(ledger.fulfilled > GOALS / 2, `only ${ledger.fulfilled} were fulfilled`);
});
