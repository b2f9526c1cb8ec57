import { EventEmitter } from "node:events";

/**
 * A server in this process: what `io` and `fetch` of a browser reach. It says what tests tell it to
 * say, and keeps what it hears.
 */
export class FakeServer {
  /** @param {() => number} now The time that it tells. */
  constructor(now = Date.now) {
    this.now = now;
  }

  /** The sockets that were opened, the latest last. */
  sockets = [];
  heard = [];
  calls = [];
  /** What HTTP calls are answered, by the last part of the path. */
  answers = {};
  /** The `connect_error` for the next sockets, or what makes it; one each, then they are let in. */
  refusals = [];
  isAway = false;

  io = (url, options) => {
    const socket = new FakeSocket(this, url, options);
    this.sockets.push(socket);
    setTimeout(() => socket.begin(), 0);
    return socket;
  };

  fetch = async (url, init) => {
    const { pathname, searchParams } = new URL(url);
    const name = pathname.split("/").at(-1);
    const body = init.body ? JSON.parse(init.body) : Object.fromEntries(searchParams);
    this.calls.push({ name, body, headers: init.headers ?? {} });
    if (this.isAway) throw new TypeError("fetch failed");
    const answer = this.answers[name];
    const json = (typeof answer === "function" ? answer(body) : answer) ?? {};
    // Pairing calls answer a word of that name.
    const status = typeof json.status === "number" ? json.status : 200;
    return { ok: status < 400, status, json: async () => json };
  };

  get socket() {
    return this.sockets.at(-1);
  }

  /** What was heard of one event. */
  of(event) {
    return this.heard.filter((one) => one.event === event).map(({ body }) => body);
  }

  /** Sends a command as the server does. */
  command(name, payload, { requestId, expiresInSeconds = 100, socket = this.socket } = {}) {
    const id = requestId ?? newRequestId(this.now());
    const order = { ...payload, requestId: id, timestamp: this.now(), expiresInSeconds };
    socket.say(`command:${name}`, order);
    return id;
  }
}

class FakeSocket {
  connected = false;
  events = new EventEmitter();
  any = [];

  constructor(server, url, options) {
    Object.assign(this, { server, url, options });
  }

  begin() {
    if (this.isClosed) return;
    const refusal = this.server.isAway ? transportError() : this.server.refusals.shift();
    if (refusal) {
      const told = typeof refusal === "function" ? refusal() : refusal;
      const error = typeof told === "string" ? new Error(told) : told;
      this.events.emit("connect_error", error);
      return;
    }
    this.connected = true;
    this.events.emit("connect");
  }

  on(event, act) {
    this.events.on(event, act);
  }

  onAny(act) {
    this.any.push(act);
  }

  emit(event, body) {
    const said = JSON.parse(JSON.stringify(body));
    this.server.heard.push({ event, body: said, socket: this });
    const isAcknowledged = event === "dice:roll" || event.startsWith("spell:");
    if (isAcknowledged && !this.server.isSilent) {
      setTimeout(() => this.connected && this.say(`${event}:ack`, { success: true }), 1);
    }
  }

  say(event, body) {
    for (const act of this.any) act(event, JSON.parse(JSON.stringify(body)));
  }

  /** The connection breaks. */
  lose(reason = "transport close") {
    this.connected = false;
    this.events.emit("disconnect", reason);
  }

  close() {
    this.isClosed = true;
    this.connected = false;
  }

  disconnect() {
    this.close();
  }
}

function transportError() {
  return Object.assign(new Error("websocket error"), { type: "TransportError" });
}

let requests = 0;

/** An id as the server's are: a UUID of version 7, made now. */
export function newRequestId(at = Date.now()) {
  requests += 1;
  const time = at.toString(16).padStart(12, "0");
  const tail = requests.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}
