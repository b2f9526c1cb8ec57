/**
 * A small server: goals that open, fill, arm, act and end by a seeded chance, the facts that are
 * told of it, and the snapshot of every moment.
 */
export class Evening {
  #seed;
  #goals = [];
  #cooldowns = [];
  #lastGoal = 0;
  isPanicked = false;
  table = "present";
  session = "never";
  /** What was told, in order. */
  facts = [];
  sequence = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  /** Milliseconds; a second passes with each fact. */
  get now() {
    return Date.parse("2026-03-05T20:00:00Z") + this.sequence * 1_000;
  }

  #chance(below) {
    this.#seed = (this.#seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((this.#seed / 4_294_967_296) * below);
  }

  /** Something happens. */
  step() {
    const open = this.#goals.length;
    const what = this.#chance(12);
    if ((open === 0 || what === 0) && this.#open()) return undefined;
    if (open === 0 || what === 1) return this.#rare();
    return this.#goOn(this.#goals[this.#chance(open)]);
  }

  #tell(type, more = {}, isSeen = true) {
    this.sequence += 1;
    // Some facts are for others: their numbers are never seen here.
    if (!isSeen) return;
    const at = new Date(this.now).toISOString();
    this.facts.push({ type, body: { ...more, sequence: this.sequence, at } });
  }

  /** A goal opens where none is open and no cooldown holds, as the server has it. */
  #open() {
    const isGroup = this.#chance(3) === 0;
    const eventId = `event-${this.#chance(4)}`;
    const streamerId = isGroup ? null : "s1";
    const isHere = (other) => other.eventId === eventId && other.streamerId === streamerId;
    const holds = (cooldown) => isHere(cooldown) && Date.parse(cooldown.until) > this.now;
    if (this.#goals.some(isHere) || this.#cooldowns.some(holds)) return false;
    this.#lastGoal += 1;
    const share = (id) => ({
      streamerId: id, streamerName: `${id} 😀`, viewerCount: 9, localObjective: 3,
      contributions: 0, hasLeft: false,
    });
    const goal = {
      instanceId: `goal-${this.#lastGoal}`, eventId,
      eventSlug: "dice", eventName: "Dice", eventNames: { en: "Dice", fr: "Dés" },
      actionType: "dice_invert", type: isGroup ? "group" : "individual",
      streamerId, status: "active", currentProgress: 0,
      objectiveTarget: isGroup ? 6 : 3, streamers: (isGroup ? ["s1", "s2"] : ["s1"]).map(share),
      expiresAt: this.#in(600), diceRoll: null,
    };
    this.#goals.push(goal);
    this.#told("instance_created", goal);
    return true;
  }

  #in(seconds) {
    return new Date(this.now + seconds * 1_000).toISOString();
  }

  #told(kind, goal, more = {}) {
    this.#tell(`gamification:${kind}`, { ...structuredClone(goal), ...more });
  }

  #rare() {
    const what = this.#chance(5);
    if (what === 0) {
      this.isPanicked = !this.isPanicked;
      this.#tell("session:panic", { isActive: this.isPanicked });
    } else if (what === 1) {
      this.table = this.table === "away" ? "present" : "away";
      this.#tell("vtt:status", { status: this.table });
    } else if (what === 2) {
      this.#tell("gamification:reward_status", {}, false);
    } else if (what === 3) {
      this.#cooldowns = [];
      this.#tell("gamification:cooldowns_released", {});
    } else {
      this.session = "running";
      this.#cooldowns = [];
      this.#tell("session:started");
    }
  }

  #goOn(goal) {
    const what = this.#chance(10);
    if (what === 0 && goal.status !== "completed") return this.#end(goal, "instance_cancelled");
    if (what === 1 && goal.status !== "completed") return this.#end(goal, "instance_expired");
    if (goal.status === "active") return this.#click(goal);
    if (goal.status === "armed") {
      goal.diceRoll = {
        characterName: "Elda", formula: "1d20", result: 20, criticalType: "success",
      };
      this.#told("instance_consumed", goal);
      return this.#complete(goal);
    }
    return this.#act(goal, what < 7);
  }

  #click(goal) {
    goal.currentProgress += 1;
    goal.streamers[this.#chance(goal.streamers.length)].contributions += 1;
    this.#told("progress", goal, { contributors: [`viewer ${this.#chance(9)}`] });
    if (goal.currentProgress < goal.objectiveTarget) return;
    delete goal.expiresAt;
    if (this.#chance(2) === 0) return this.#complete(goal);
    goal.status = "armed";
    goal.armedUntil = this.#in(1_800);
    this.#told("instance_armed", goal);
  }

  #complete(goal) {
    delete goal.armedUntil;
    goal.status = "completed";
    goal.executionDeadline = this.#in(120);
    const { eventId, eventNames, streamerId } = goal;
    const until = this.#in(30);
    this.#cooldowns.push({ eventId, eventNames, streamerId, until, goal: goal.instanceId });
    this.#told("instance_completed", goal, { cooldownUntil: until });
  }

  #act(goal, success) {
    this.#goals = this.#goals.filter((other) => other !== goal);
    if (!success) {
      this.#cooldowns = this.#cooldowns.filter((cooldown) => cooldown.goal !== goal.instanceId);
    }
    this.#told("action_executed", goal, { success, originalValue: 20, invertedValue: 1 });
    if (!success) this.#refund(goal);
  }

  #end(goal, kind) {
    this.#goals = this.#goals.filter((other) => other !== goal);
    this.#told(kind, goal, { reason: "gm" });
    this.#refund(goal);
  }

  #refund(goal) {
    for (let count = 1; count <= goal.currentProgress; count += 1) {
      const remaining = goal.currentProgress - count;
      const points = count * 100;
      this.#told("contributions_refunded", goal, { count, points, remaining, stuck: 0 });
    }
  }

  /** What the server would tell a reader who comes now. */
  snapshot() {
    const cooldowns = new Map();
    for (const cooldown of this.#cooldowns) {
      const place = `${cooldown.eventId} ${cooldown.streamerId}`;
      if (Date.parse(cooldown.until) > this.now) cooldowns.set(place, cooldown);
    }
    const body = {
      sequence: this.sequence, at: new Date(this.now).toISOString(), isPanicked: this.isPanicked,
      session: { state: this.session }, vtt: { status: this.table }, combat: null,
      instances: structuredClone(this.#goals), cooldowns: [...cooldowns.values()],
    };
    return { type: "snapshot", body };
  }

  /** What a reader is told who comes back after that number. */
  since(last) {
    const missed = this.facts.filter(({ body }) => body.sequence > last);
    const replayed = missed.map(({ type, body }) => ({ type, body: { ...body, replayed: true } }));
    return [this.snapshot(), ...replayed];
  }
}
