import { Api } from "../../program/api.js";
import { Game } from "../../program/game.js";
import { Place } from "../../program/place.js";
import { Visit } from "./visit.js";

/**
 * What a test plays on: a server of its own in a fresh directory with the sandbox Twitch, and the
 * browsers of several people. All of it ends with the test, which fails when a page did what
 * `Watch` does not allow.
 */
export class Stage {
  #name;
  #visits = [];

  static async open(t) {
    const stage = new Stage();
    stage.#name = t.name;
    stage.place = await Place.make();
    t.after(() => stage.#close());
    await stage.place.serve();
    /** The API as the first start's admin and GM, the sandbox's `gm`. */
    stage.gm = new Api(stage.place.base, stage.place.file("data/first-key"));
    return stage;
  }

  /** What people do on Twitch. */
  get twitch() {
    return this.place.twitch;
  }

  /** A campaign with alice's channel, made over the API. */
  async game(name) {
    const game = new Game();
    await game.found(this.place, name);
    return game;
  }

  /** Another person's browser; the options are those of `Visit.begin`. */
  async visit(options) {
    const number = this.#visits.length;
    const name = number === 0 ? this.#name : `${this.#name} ${number + 1}`;
    const visit = await Visit.begin(this.place, name, options);
    this.#visits.push(visit);
    return visit;
  }

  async #close() {
    try {
      for (const visit of this.#visits) await visit.end();
    } finally {
      await this.place.leave();
    }
  }
}
