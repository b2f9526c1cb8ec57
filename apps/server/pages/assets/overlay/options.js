/** @typedef {"top-left"|"top"|"top-right"|"bottom-left"|"bottom"|"bottom-right"} Position */

/**
 * What the address of an overlay asks for.
 *
 * @typedef {object} Options
 * @property {Position} position
 * @property {number} scale 1 is the size for 1920×1080.
 * @property {number} volume 0 (silent) to 1.
 */

/** @type {Position[]} */
const POSITIONS = ["top-left", "top", "top-right", "bottom-left", "bottom", "bottom-right"];
const SCALE_MIN = 0.5;
const SCALE_MAX = 3;
const VOLUME_ON = 0.6;

/**
 * Wrong values fall back to what would be without them: an overlay on air has nobody to ask.
 *
 * @param {URLSearchParams} query
 * @returns {Options}
 */
export function optionsOf(query) {
  const position = POSITIONS.find((known) => known === query.get("position"));
  return {
    position: position ?? "top-left",
    scale: scaleOf(query.get("scale")),
    volume: volumeOf(query.get("sound")),
  };
}

/** @param {string|null} value A factor such as `1.25`, or percent such as `125`. */
function scaleOf(value) {
  const number = value ? Number(value) : Number.NaN;
  const scale = number >= 10 ? number / 100 : number;
  return scale >= SCALE_MIN && scale <= SCALE_MAX ? scale : 1;
}

/** @param {string|null} value `on`, or a volume from 0 to 100. */
function volumeOf(value) {
  if (value === "on") return VOLUME_ON;
  const volume = value ? Number(value) / 100 : 0;
  return volume >= 0 && volume <= 1 ? volume : 0;
}
