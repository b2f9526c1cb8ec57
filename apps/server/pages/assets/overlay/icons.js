const DIE_OUTLINE = "M12 1 21.5 6.5v11L12 23 2.5 17.5v-11z";
const DIE_EDGES = "M12 1 6.2 9M12 1l5.8 8M6.2 9h11.6L12 18.6zM2.5 6.5 6.2 9 2.5 17.5 12 18.6"
  + "M21.5 6.5 17.8 9l3.7 8.5L12 18.6V23";

/** A twenty-sided die: its outline, and the edges in front. */
export const DIE = [DIE_OUTLINE, DIE_EDGES];

/** @type {Record<string, string>} */
const SHAPES = {
  dice: DIE_OUTLINE + DIE_EDGES,
  spell: "M12 1.5 14 9l7.5-2.5L16 12l5.5 5.5L14 15l-2 7.5L10 15l-7.5 2.5L8 12 2.5 6.5 10 9z",
  monster: "M4 2c1 6 1.5 11-1 20M10 1c1.6 7 1.6 13-1 21M16 1c1.8 7 1.8 13-.6 21"
    + "M21.5 4c1 5 .6 11-1.5 17",
  treasure: "M3 11V8.5A4.5 4.5 0 0 1 7.5 4h9A4.5 4.5 0 0 1 21 8.5V11M2 11h20v9H2zM10 11v4.5h4V11",
  chat: "M3 4h18v12.5H11L6 21v-4.5H3zM7.5 8.5h9M7.5 12h6",
  stat: "M4 21V11M10 21V4M16 21v-7M21 21V8M2 21h20",
  custom: "M13.5 1.5 4 14h6.5L9.5 22.5 20 9.5h-7z",
};

/**
 * The shape for a type of action.
 *
 * @param {string} actionType
 */
export function shapeOf(actionType) {
  return SHAPES[kindOf(actionType)];
}

/**
 * The family of an action, by which it is drawn and coloured.
 *
 * @param {string} actionType
 * @returns {string}
 */
export function kindOf(actionType) {
  const [family] = actionType.split("_");
  return family in SHAPES ? family : "custom";
}
