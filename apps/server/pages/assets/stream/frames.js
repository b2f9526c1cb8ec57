/**
 * One event of a stream, as it came over the wire.
 *
 * @typedef {object} RawFrame
 * @property {string} type
 * @property {string|null} id The id that this frame itself carries.
 * @property {string} data
 */

/** More than this without an end of a frame is no stream of ours. */
const PENDING_CHARACTERS_MAX = 4 * 1024 * 1024;

/**
 * Reads `text/event-stream` piece by piece. The browser's own EventSource tells neither comments,
 * which are the only sign of life of a quiet stream, nor the status of a refusal; so we read.
 */
export class FrameReader {
  #pending = "";

  /** How long the server asks to wait before coming back, in milliseconds. */
  retryMs = 2_000;

  /**
   * @param {string} text What came next, cut anywhere.
   * @returns {RawFrame[]} The frames that are complete now.
   */
  read(text) {
    this.#pending = (this.#pending + text).replaceAll("\r\n", "\n");
    if (this.#pending.length > PENDING_CHARACTERS_MAX) throw new Error("a frame without an end");
    const blocks = this.#pending.split("\n\n");
    this.#pending = blocks.pop() ?? "";
    return blocks.map((block) => this.#frame(block)).filter((frame) => frame !== null);
  }

  /**
   * @param {string} block
   * @returns {RawFrame|null} Null for a block without data: a comment, or `retry`.
   */
  #frame(block) {
    const frame = { type: "message", id: /** @type {string|null} */ (null), data: "" };
    const data = [];
    for (const line of block.split("\n")) {
      const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "data") data.push(value);
      else if (field === "event") frame.type = value;
      else if (field === "id") frame.id = value;
      else if (field === "retry" && /^\d+$/.test(value)) this.retryMs = Number(value);
    }
    return data.length > 0 ? { ...frame, data: data.join("\n") } : null;
  }
}
