import { FEATURES, MODULE_ID, STATUS_HOOK } from "./constants.js";
import { moduleVersion, ServerApi } from "./server/server-api.js";
import { BlindSpot } from "./commands/blind-spot.js";
import { CommandDesk } from "./commands/desk.js";
import { CommandMemory } from "./commands/memory.js";
import { Connection } from "./link/connection.js";
import { Credentials } from "./server/credentials.js";
import { endWithCombat } from "./effects/monster-effects.js";
import { handlersWith } from "./commands/handlers.js";
import { isActingGm } from "./table/acting.js";
import { Outbox } from "./link/outbox.js";
import { Pairing } from "./server/pairing.js";
import { Panic } from "./table/panic.js";
import { Reporter } from "./reports/reporter.js";
import { ServerClock } from "./link/server-clock.js";
import { serverAddress } from "./settings.js";
import { SpellWatch } from "./effects/spell-watch.js";

/** How often the acting GM is looked up, beside the hooks that tell of users. */
const ROLE_CHECK_MS = 5_000;

/**
 * What a GM's browser does. Each GM's browser that has credentials connects; one of them acts and
 * reports, the one of Foundry's active GM.
 */
export class GameMaster {
  constructor() {
    const address = serverAddress;
    this.#api = new ServerApi(address);
    const listeners = {
      onOpen: () => this.#opened(),
      onEvent: (/** @type {string} */ event, /** @type {any} */ body) => this.#heard(event, body),
      onClose: () => this.#outbox.close(),
      onState: () => Hooks.callAll(STATUS_HOOK),
    };
    this.connection = new Connection({
      credentials: this.#credentials, api: this.#api, address, listeners,
    });
    this.pairing = new Pairing(this.#api, this.#credentials, {
      onStep: () => Hooks.callAll(STATUS_HOOK),
      onPaired: () => this.connection.start(),
    });
    this.#outbox = new Outbox(this.#emit);
    this.#reporter = new Reporter(this.#emit, this.#outbox);
    this.panic = new Panic(this.#emit, () => this.#desk.dropWaiting());
    const sync = (/** @type {string|undefined} */ actorId) => this.#reporter.sync(actorId);
    this.#desk = new CommandDesk({
      handlers: handlersWith({ memory: this.#memory, sync }),
      memory: this.#memory,
      blindSpot: new BlindSpot(this.#clock),
      clock: this.#clock,
      isPanicking: () => this.panic.isActive,
      answer: (result) => this.#emit("command:result", result),
    });
  }

  #credentials = new Credentials();
  #clock = new ServerClock();
  #memory = new CommandMemory();
  #api;
  #outbox;
  #reporter;
  #desk;
  #wasActing = false;

  #emit = (/** @type {string} */ event, /** @type {object} */ body) =>
    this.connection.emit(event, body);

  /** Begins; called once, when the world is ready. */
  start() {
    this.#wasActing = isActingGm();
    this.#reporter.watch();
    new SpellWatch((event, body) => this.#outbox.post(event, body)).start();
    Hooks.on("deleteCombat", (/** @type {FoundryDocument} */ { id }) => {
      if (isActingGm()) endWithCombat(id).catch(console.error);
    });
    for (const hook of ["userConnected", "updateUser"]) Hooks.on(hook, () => this.#checkRole());
    setInterval(() => this.#checkRole(), ROLE_CHECK_MS);
    if (this.#wasActing) this.#memory.prune().catch(console.error);
    this.connection.start();
  }

  /**
   * Takes this world off the server and forgets the secrets.
   *
   * @returns {Promise<void>} Throws when the server cannot be told; the secrets are forgotten all
   *   the same.
   */
  async unpair() {
    const secrets = this.#credentials.read();
    await this.#credentials.forget();
    this.connection.stop();
    if (secrets) await this.#api.revoke(secrets);
  }

  #opened() {
    this.#hello();
    this.panic.connected().catch(console.error);
    if (isActingGm()) this.#reporter.sync();
    this.#outbox.open();
  }

  #hello() {
    this.#emit("hello", {
      module: MODULE_ID,
      version: moduleVersion(),
      core: game.version,
      system: game.system.id,
      features: FEATURES,
      activeGm: isActingGm(),
    });
  }

  /** Tells the server when another GM acts from now on, so that it asks the right browser. */
  #checkRole() {
    const acts = isActingGm();
    if (acts === this.#wasActing) return;
    this.#wasActing = acts;
    this.#hello();
    if (acts) this.#reporter.sync();
    Hooks.callAll(STATUS_HOOK);
  }

  /**
   * @param {string} event
   * @param {any} body
   */
  #heard(event, body) {
    this.#clock.hear(body?.timestamp);
    if (event === "ping") {
      this.#emit("pong", { timestamp: body?.timestamp, moduleVersion: moduleVersion() });
    } else if (event === "panic") {
      this.panic.told(body?.active === true).catch(console.error);
    } else if (event.startsWith("command:")) {
      this.#desk.take(event.slice("command:".length), body);
    } else {
      this.#outbox.hear(event, body);
    }
  }
}
