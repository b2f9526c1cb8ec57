/** A client of an HTTP API. */
export class Api {
  constructor(base, key) {
    this.base = base;
    this.key = key;
  }

  /** The status and the answer, whatever it is. */
  async try(method, path, body) {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        // A server that is killed leaves dead connections behind.
        connection: "close",
        ...(this.key ? { authorization: `Bearer ${this.key}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  }

  async #done(method, path, body) {
    const answer = await this.try(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  get(path) {
    return this.#done("GET", path);
  }

  post(path, body) {
    return this.#done("POST", path, body);
  }

  put(path, body) {
    return this.#done("PUT", path, body);
  }

  /** Every row of a list, page by page. */
  async all(path) {
    const rows = [];
    for (let cursor = ""; cursor !== null; ) {
      const page = await this.get(`${path}?limit=200${cursor && `&cursor=${cursor}`}`);
      rows.push(...page.items);
      cursor = page.nextCursor ?? null;
    }
    return rows;
  }
}
