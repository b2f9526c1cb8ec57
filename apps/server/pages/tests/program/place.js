import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { execFileSync, spawn } from "node:child_process";
import { Api } from "./api.js";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { until } from "./until.js";

const DEFAULT_BINARY = fileURLToPath(
  new URL("../../../../../target/debug/gamification-server", import.meta.url),
);

/** A data directory and a port: what outlives a server that is killed. */
export class Place {
  static async make() {
    const place = new Place();
    place.directory = mkdtempSync(join(tmpdir(), "gamification-program-"));
    place.port = await freePort();
    place.base = `http://127.0.0.1:${place.port}`;
    // A copy: the build may go on while a test restarts its server.
    place.binary = join(place.directory, "gamification-server");
    copyFileSync(process.env.GAMIFICATION_SERVER ?? DEFAULT_BINARY, place.binary);
    return place;
  }

  /** Starts the server and waits until it is ready. */
  async serve() {
    const child = spawn(this.binary, ["serve"], this.#options());
    const log = (chunk) => appendFileSync(join(this.directory, "log"), chunk);
    child.stdout.on("data", log);
    child.stderr.on("data", log);
    this.child = child;
    const isReady = async () => {
      if (child.exitCode !== null) throw new Error(`the server ended: ${this.file("log")}`);
      return fetch(`${this.base}/readyz`).then(({ ok }) => ok, () => false);
    };
    await until("the server to be ready", isReady, 30_000);
    // Now: a command beside a slow server may take the file for its own.
    this.sandbox = this.file("data/sandbox-url");
  }

  /** `kill -9`: nothing is finished. */
  async kill() {
    const { child } = this;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Ends the server and removes what it left. */
  async leave() {
    if (this.child?.exitCode === null && this.child.signalCode === null) await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A client of the API with a new key of that person. */
  person(login, role) {
    const words = ["key", "create", "--login", login, "--role", role];
    const printed = execFileSync(this.binary, words, { ...this.#options(), encoding: "utf8" });
    return new Api(this.base, printed.trim().split("\n").at(-1));
  }

  /** The sandbox's own front door: where viewers redeem. */
  get twitch() {
    return new Api(this.sandbox);
  }

  file(name) {
    const path = join(this.directory, name);
    return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  }

  #options() {
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GAMIFICATION_"));
    const env = {
      ...Object.fromEntries(kept),
      GAMIFICATION_DATA_DIR: join(this.directory, "data"),
      GAMIFICATION_BIND: `127.0.0.1:${this.port}`,
      GAMIFICATION_EVENTSUB_SECRET: "a-secret-for-the-tests",
    };
    return { cwd: this.directory, env, stdio: ["ignore", "pipe", "pipe"] };
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
