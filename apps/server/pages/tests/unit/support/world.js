/**
 * A world for connections in which time passes when the test says so, and the server is a queue of
 * answers.
 */
export class FakeWorld {
  #now = 1_000_000;
  #timers = new Map();
  #lastTimer = 0;
  /** What was asked, in order. */
  requests = [];
  /** What answers; a function of the request. */
  answer = () => new Promise(() => {});

  now = () => this.#now;
  random = () => 1;

  setTimeout = (act, ms) => {
    this.#lastTimer += 1;
    this.#timers.set(this.#lastTimer, { act, at: this.#now + ms });
    return this.#lastTimer;
  };

  clearTimeout = (timer) => this.#timers.delete(timer);

  fetch = (url, init) => {
    const request = { url, lastId: init.headers["last-event-id"] ?? null, signal: init.signal };
    this.requests.push(request);
    return Promise.resolve(this.answer(request));
  };

  /** Lets time pass, timer by timer. */
  async pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const due = [...this.#timers].filter(([, { at }]) => at <= end);
      if (due.length === 0) break;
      const [timer, { act, at }] = due.reduce((a, b) => (b[1].at < a[1].at ? b : a));
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      act();
    }
    this.#now = end;
    await settled();
  }

  /** The machine sleeps: the clock goes on, and no timer does. */
  sleep(ms) {
    this.#now += ms;
  }
}

/** Until all that could go on without time passing has gone on. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A stream whose end the test holds. */
export function line() {
  let control;
  const body = new ReadableStream({ start: (controller) => { control = controller; } });
  const bytes = new TextEncoder();
  return {
    answer: new Response(body, { headers: { "content-type": "text/event-stream" } }),
    say: (text) => control.enqueue(bytes.encode(text)),
    tell: (type, data, id = data.sequence) => {
      const number = id === null ? "" : `id: ${id}\n`;
      control.enqueue(bytes.encode(`${number}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`));
    },
    end: () => control.close(),
    break: () => control.error(new TypeError("network error")),
  };
}
