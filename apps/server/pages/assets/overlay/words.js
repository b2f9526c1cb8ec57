/** @typedef {import("./shapes.js").Ending} Ending */
/** @typedef {import("./shapes.js").Goal} Goal */
/** @typedef {import("./shapes.js").Result} Result */
/** @typedef {import("../text.js").Texts} Texts */

/** Names are isolated: whatever their direction of writing, it ends where they end. */
const ISOLATE = "\u2068";
const ISOLATE_END = "\u2069";

/** @param {string} name What a person wrote or is called. */
export function isolated(name) {
  return `${ISOLATE}${name}${ISOLATE_END}`;
}

/** What is announced cannot be shortened by the eye. */
const TOLD_CHARACTERS_MAX = 80;

/**
 * @param {Goal|import("./shapes.js").Cooldown} of
 * @param {Texts} texts
 */
export function eventName({ names }, texts) {
  return names[texts.language] || names.en;
}

/**
 * What stands under a goal's name: why it waits, if it does.
 *
 * @param {Goal} goal
 * @param {{ table: string, now: number }} around
 * @param {Texts} texts
 * @returns {string} Empty while it collects clicks.
 */
export function goalNote(goal, { table, now }, texts) {
  if (goal.stage === "active") return goal.streamerId === null ? texts.get("overlay-group") : "";
  if (table === "away") {
    return `${texts.get("overlay-table-away")} · ${texts.get("overlay-table-away-note")}`;
  }
  if (goal.stage === "armed") return texts.get("overlay-armed-note");
  if (goal.vetoUntil !== null && goal.vetoUntil > now) return texts.get("overlay-veto-note");
  return texts.get("overlay-executing-note");
}

/**
 * Why a goal ended as it did.
 *
 * @param {Ending} ending
 * @param {Texts} texts
 * @returns {string}
 */
export function endingNote({ goal, outcome, reason, result }, texts) {
  const key = reason.replaceAll("_", "-");
  if (outcome === "executed" && result) return resultLine(goal, result, texts);
  if (outcome === "failed") return texts.find(`overlay-failure-${key}`, "");
  if (outcome === "cancelled") return texts.find(`overlay-reason-${key}`, "");
  return "";
}

/**
 * What became of the points of a goal that had no effect; in this order: what went back, what is
 * on its way, what is stuck.
 *
 * @param {Ending} ending
 * @param {Texts} texts
 * @returns {{ text: string, kind: "done"|"pending"|"stuck" }[]}
 */
export function refundLines({ goal, outcome, refund }, texts) {
  if (outcome === "executed") return [];
  if (goal.progress === 0 && !refund) {
    return [{ kind: "done", text: texts.get("overlay-nothing-spent") }];
  }
  const known = refund ?? { count: 0, points: 0, remaining: goal.progress, stuck: 0 };
  /** @type {{ text: string, kind: "done"|"pending"|"stuck" }[]} */
  const lines = [];
  if (known.points > 0) {
    lines.push({ kind: "done", text: texts.get("overlay-returned", { count: known.points }) });
  }
  if (known.remaining > 0) {
    const all = known.count + known.remaining + known.stuck;
    const text = texts.get("overlay-returning", { count: all, done: known.count });
    lines.push({ kind: "pending", text });
  }
  if (known.stuck > 0) {
    lines.push({ kind: "stuck", text: texts.get("overlay-stuck", { count: known.stuck }) });
  }
  return lines;
}

/** @type {Record<string, string>} */
const RESULTS = {
  treasure_drop: "overlay-treasure",
  chat_message: "overlay-message",
  stat_modify: "overlay-changed",
};

/**
 * What the table did, in one line.
 *
 * @param {Goal} goal
 * @param {Result} result
 * @param {Texts} texts
 * @returns {string}
 */
export function resultLine({ actionType, roll }, result, texts) {
  const [kind] = actionType.split("_");
  if (actionType === "dice_invert") {
    return texts.get(roll?.criticalType === "failure"
      ? "overlay-from-failure" : "overlay-from-success");
  }
  if ((kind === "spell" || kind === "monster") && result.targetName) {
    const target = isolated(result.targetName);
    const effect = result.effectType || actionType.slice(kind.length + 1);
    return texts.get(`overlay-${kind}-${effect}`, { target });
  }
  if (kind === "spell" || kind === "monster") return texts.get("overlay-changed");
  return texts.get(RESULTS[actionType] ?? "overlay-other");
}

/**
 * Whose spell it is, and for how long.
 *
 * @param {Result} result
 * @param {Texts} texts
 * @returns {string}
 */
export function resultDetail({ characterName, durationSeconds }, texts) {
  const name = isolated(characterName);
  const time = texts.countdown((durationSeconds ?? 0) * 1_000);
  return [
    characterName ? texts.get("overlay-of-character", { name }) : "",
    durationSeconds ? texts.get("overlay-for-time", { time }) : "",
  ].filter((part) => part !== "").join(" · ");
}

/**
 * What a screen reader is told when a scene begins.
 *
 * @param {import("./scenes.js").Playing} scene
 * @param {Texts} texts
 * @returns {string} Empty when it is not worth a sentence.
 */
export function told({ kind, goal, ending }, texts) {
  const about = goal ?? ending?.goal;
  if (!about || kind === "dice" || kind === "consumed") return "";
  const event = isolated([...eventName(about, texts)].slice(0, TOLD_CHARACTERS_MAX).join(""));
  if (kind === "opened") return texts.get("overlay-told-opened", { event, count: about.target });
  const note = kind === "armed" ? texts.get("overlay-armed-note")
    : ending ? endingNote(ending, texts) : "";
  const what = [texts.get(`overlay-${kind}`), note].filter((part) => part !== "").join(", ");
  return texts.get("overlay-told-state", { event, what });
}
