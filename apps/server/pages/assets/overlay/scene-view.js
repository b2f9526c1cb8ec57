import { DIE, kindOf, shapeOf } from "./icons.js";
import { drawing, element, named } from "./dom.js";
import { eventName, isolated, resultDetail, resultLine } from "./words.js";

/** @typedef {import("./scenes.js").Playing} Playing */
/** @typedef {import("./shapes.js").Goal} Goal */
/** @typedef {import("./shapes.js").Result} Result */
/** @typedef {import("./shapes.js").Roll} Roll */
/** @typedef {import("../text.js").Texts} Texts */

const SPARKS = 16;

/**
 * What is seen of a scene in the middle of the picture.
 *
 * @param {Playing} scene
 * @param {Texts} texts
 * @returns {HTMLElement|null} Null for a scene that has no picture of its own.
 */
export function sceneElement(scene, texts) {
  const goal = scene.goal ?? scene.ending?.goal;
  if (!goal) return null;
  const parts = partsOf(scene, goal, texts);
  if (!parts) return null;
  const made = element("section", "scene", sparks(), ...parts);
  made.dataset.scene = scene.kind;
  made.dataset.kind = kindOf(goal.actionType);
  made.dataset.effect = scene.ending?.result?.effectType || effectOf(goal.actionType);
  return made;
}

/**
 * @param {Playing} scene
 * @param {Goal} goal
 * @param {Texts} texts
 * @returns {HTMLElement[]|null}
 */
function partsOf({ kind, ending }, goal, texts) {
  const event = named("scene-event", eventName(goal, texts));
  if (kind === "armed") {
    const [title, note] = [texts.get("overlay-armed"), texts.get("overlay-armed-note")];
    return [medal(goal), line("scene-title", title), event, line("scene-note", note)];
  }
  if (kind === "consumed" && goal.roll) {
    const critical = texts.get(`overlay-${goal.roll.criticalType}`);
    const struck = texts.get("overlay-struck");
    const rolled = line("scene-note", rollLine(goal.roll, texts));
    return [die(goal.roll.result, texts), line("scene-title", critical), rolled, event,
      line("scene-note", struck)];
  }
  if (kind !== "executed" || !ending?.result) return null;
  return executedParts(goal, ending.result, event, texts);
}

/**
 * @param {Goal} goal
 * @param {Result} result
 * @param {HTMLElement} event
 * @param {Texts} texts
 */
function executedParts(goal, result, event, texts) {
  const said = line("scene-line", resultLine(goal, result, texts));
  const thanks = element("p", "thanks", ...goal.contributors.map((n) => named("contributor", n)));
  const { originalValue, invertedValue } = result;
  if (originalValue !== null && invertedValue !== null) {
    const before = die(originalValue, texts);
    const after = die(invertedValue, texts);
    before.classList.add("before");
    after.classList.add("after");
    const faces = element("div", "faces", before, element("span", "arrow"), after);
    return [line("scene-title", texts.get("overlay-inverted")), faces, said, event, thanks];
  }
  return [medal(goal), said, line("scene-note", resultDetail(result, texts)), event, thanks];
}

/**
 * A roll that everybody may see.
 *
 * @param {any} roll The fact.
 * @param {Texts} texts
 * @returns {HTMLElement}
 */
export function rollElement(roll, texts) {
  const { characterName, formula, result, criticalType } = roll;
  const shown = {
    characterName: String(characterName ?? ""), formula: String(formula ?? ""),
    result: Number(result ?? 0), criticalType: String(criticalType ?? ""),
  };
  const words = element("div", "roll-words", line("roll-who", rollLine(shown, texts)));
  if (roll.isCritical === true) {
    words.append(line("roll-critical", texts.get(`overlay-${shown.criticalType}`)));
  }
  const made = element("article", "roll", die(shown.result, texts), words);
  made.dataset.critical = shown.criticalType;
  return made;
}

/**
 * @param {Roll} roll
 * @param {Texts} texts
 */
function rollLine({ characterName, formula }, texts) {
  return texts.get("overlay-rolled", { name: isolated(characterName), formula });
}

/**
 * @param {number} value
 * @param {Texts} texts
 */
function die(value, texts) {
  const number = element("span", "die-value", texts.number(value));
  number.dataset.digits = String(String(value).length);
  return element("div", "die", drawing("die-shape", ...DIE), number);
}

/** @param {Goal} goal */
function medal({ actionType }) {
  return element("div", "medal", drawing("shape", shapeOf(actionType)));
}

/**
 * @param {string} className
 * @param {string} text
 */
function line(className, text) {
  const made = element("p", className, text);
  made.dir = "auto";
  return made;
}

/** @param {string} actionType */
function effectOf(actionType) {
  return actionType.includes("_") ? actionType.slice(actionType.indexOf("_") + 1) : "";
}

function sparks() {
  const all = element("div", "sparks");
  all.setAttribute("aria-hidden", "true");
  for (let index = 0; index < SPARKS; index += 1) {
    const spark = element("i", "spark");
    spark.style.setProperty("--turn", `${index / SPARKS}turn`);
    spark.style.setProperty("--reach", String(0.7 + ((index * 7) % 5) / 8));
    all.append(spark);
  }
  return all;
}
