/**
 * The terms of an evaluated roll as the wire has them: `{type, class, …}` each.
 *
 * @param {any[]} terms
 * @returns {object[]}
 */
export function serializeTerms(terms) {
  return terms.map(serializeTerm);
}

/** @param {any} term */
function serializeTerm(term) {
  const { DiceTerm, NumericTerm, OperatorTerm, ParentheticalTerm, PoolTerm } =
    foundry.dice.terms;
  const common = { class: term.constructor.name, ...flavorOf(term) };
  if (term instanceof DiceTerm) return { type: "die", ...common, ...die(term) };
  if (term instanceof OperatorTerm) {
    return { type: "operator", ...common, operator: term.operator };
  }
  if (term instanceof NumericTerm) return { type: "number", ...common, value: term.number };
  if (term instanceof ParentheticalTerm) {
    const rolls = term.roll ? [serializeTerms(term.roll.terms)] : [];
    return { type: "parenthetical", ...common, expression: term.expression, rolls };
  }
  if (term instanceof PoolTerm) return { type: "pool", ...common, ...pool(term) };
  return other(term, common);
}

/** @param {any} term */
function die(term) {
  return {
    faces: Number.isInteger(term.faces) ? term.faces : 0,
    count: Number.isInteger(term.number) ? term.number : term.results.length,
    results: term.results.map(result),
    modifiers: [...term.modifiers],
    expression: term.expression,
    denomination: term.constructor.DENOMINATION ?? null,
  };
}

/** @param {any} term */
function pool(term) {
  return {
    rolls: term.rolls.map((/** @type {FoundryRoll} */ { terms }) => serializeTerms(terms)),
    results: term.results.map(result),
    modifiers: [...term.modifiers],
    expression: term.expression,
  };
}

/** @param {any} fallen One result of a die or pool. */
function result(fallen) {
  const symbols = symbolsOf(fallen.ffg);
  return {
    value: Number.isFinite(fallen.result) ? fallen.result : 0,
    active: fallen.active !== false,
    rerolled: fallen.rerolled === true,
    exploded: fallen.exploded === true,
    discarded: fallen.discarded === true,
    ...(symbols.length > 0 ? { symbols } : {}),
  };
}

/**
 * A function such as `max(2, 1d6)` has rolled dice inside; what is unknown has a text at best.
 *
 * @param {any} term
 * @param {object} common
 */
function other(term, common) {
  const inner = Array.isArray(term.rolls) ? term.rolls : [];
  if (inner.length === 0) return { type: "unknown", ...common, expression: term.expression ?? "" };
  const rolls = inner.map((/** @type {FoundryRoll} */ { terms }) => serializeTerms(terms));
  return { type: "parenthetical", ...common, expression: term.expression, rolls };
}

/** @param {any} term */
function flavorOf(term) {
  const flavor = term.flavor || term.options?.flavor;
  return typeof flavor === "string" && flavor !== "" ? { flavor } : {};
}

/**
 * The symbols of narrative dice (`starwarsffg`, `genesys`), those that came up.
 *
 * @param {unknown} counts By symbol.
 * @returns {{type: string, count: number}[]}
 */
export function symbolsOf(counts) {
  if (typeof counts !== "object" || counts === null) return [];
  return Object.entries(counts)
    .filter(([, count]) => Number.isInteger(count) && count > 0)
    .map(([type, count]) => ({ type, count }));
}
