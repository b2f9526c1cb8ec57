/** A small dice roller with the shape of Foundry's: sums, products, pools, keep, explode, reroll. */

class RollTerm {
  constructor() {
    this.options = {};
  }

  get flavor() {
    return this.options.flavor ?? "";
  }
}

class NumericTerm extends RollTerm {
  constructor({ number }) {
    super();
    this.number = number;
  }

  get total() {
    return this.number;
  }

  get expression() {
    return String(this.number);
  }
}

class OperatorTerm extends RollTerm {
  constructor({ operator }) {
    super();
    this.operator = operator;
  }

  get expression() {
    return ` ${this.operator} `;
  }
}

class DiceTerm extends RollTerm {
  constructor({ number, faces, modifiers = [], results = [] }) {
    super();
    Object.assign(this, { number, faces, modifiers, results });
  }

  get total() {
    return this.results.filter(({ active }) => active).reduce((all, one) => all + one.result, 0);
  }

  get expression() {
    return `${this.number}d${this.letter()}${this.modifiers.join("")}`;
  }

  letter() {
    return String(this.faces);
  }

  evaluate(throwDie) {
    for (let die = 0; die < this.number; die += 1) this.#add(throwDie);
    for (const modifier of this.modifiers) this.#modify(modifier, throwDie);
  }

  #add(throwDie) {
    this.results.push({ result: throwDie(this.faces), active: true });
  }

  #modify(modifier, throwDie) {
    if (modifier === "kh" || modifier === "kl") return keep(this.results, modifier);
    if (modifier === "x") {
      for (let at = 0; at < this.results.length && at < 100; at += 1) {
        if (this.results[at].result !== this.faces) continue;
        this.results[at].exploded = true;
        this.#add(throwDie);
      }
    } else if (modifier.startsWith("r")) {
      const [first] = this.results;
      if (first.result !== Number(modifier.slice(1))) return undefined;
      Object.assign(first, { active: false, rerolled: true });
      this.#add(throwDie);
    }
    return undefined;
  }
}

class Die extends DiceTerm {
  static DENOMINATION = "d";
}

class FateDie extends DiceTerm {
  static DENOMINATION = "f";

  letter() {
    return "f";
  }

  evaluate(throwDie) {
    super.evaluate(() => throwDie(3) - 2);
  }
}

class ParentheticalTerm extends RollTerm {
  constructor({ roll }) {
    super();
    this.roll = roll;
  }

  get total() {
    return this.roll.total;
  }

  get expression() {
    return `(${this.roll.formula})`;
  }
}

class PoolTerm extends RollTerm {
  constructor({ rolls, modifiers = [] }) {
    super();
    Object.assign(this, { rolls, modifiers, results: [] });
  }

  settle() {
    this.results = this.rolls.map(({ total }) => ({ result: total, active: true }));
    for (const modifier of this.modifiers) keep(this.results, modifier);
  }

  get total() {
    return this.results.filter(({ active }) => active).reduce((all, one) => all + one.result, 0);
  }

  get expression() {
    return `{${this.rolls.map(({ formula }) => formula).join(",")}}${this.modifiers.join("")}`;
  }
}

function keep(results, modifier) {
  const values = results.map(({ result }) => result);
  const kept = values.indexOf(modifier === "kh" ? Math.max(...values) : Math.min(...values));
  results.forEach((result, at) => {
    if (at !== kept) Object.assign(result, { active: false, discarded: true });
  });
}

export const terms = {
  RollTerm, NumericTerm, OperatorTerm, DiceTerm, Die, FateDie, ParentheticalTerm, PoolTerm,
};

/** The class `Roll` of one client; `throwDie(faces)` gives what falls. */
export function rollClass(throwDie) {
  return class Roll {
    constructor(formula, _data = {}, options = {}) {
      this.options = options;
      this.terms = parse(formula, Roll);
    }

    static create(formula, data, options) {
      return new Roll(formula, data, options);
    }

    static validate(formula) {
      try {
        return parse(formula, Roll).length > 0;
      } catch {
        return false;
      }
    }

    static fromTerms(list, options = {}) {
      const roll = new Roll("0", {}, options);
      roll.terms = list;
      return roll;
    }

    static fromData(data) {
      return Roll.fromTerms(data.terms.map(reviveTerm, Roll), data.options);
    }

    get formula() {
      return this.terms.map(({ expression }) => expression).join("");
    }

    get total() {
      return sum(this.terms);
    }

    get dice() {
      return this.terms.flatMap((term) => {
        if (term instanceof DiceTerm) return [term];
        return term.roll?.dice ?? term.rolls?.flatMap(({ dice }) => dice) ?? [];
      });
    }

    async evaluate() {
      for (const term of this.terms) {
        if (term instanceof DiceTerm) term.evaluate(throwDie);
        if (term instanceof ParentheticalTerm) await term.roll.evaluate();
        if (!(term instanceof PoolTerm)) continue;
        for (const roll of term.rolls) await roll.evaluate();
        term.settle();
      }
      return this;
    }

    toJSON() {
      const list = this.terms.map((term) => ({ ...term, class: term.constructor.name }));
      return { class: "Roll", options: this.options, terms: list, formula: this.formula };
    }
  };
}

function reviveTerm(data) {
  const inner = (roll) => this.fromData(roll);
  const revived = { ...data };
  if (data.roll) revived.roll = inner(data.roll);
  if (data.rolls) revived.rolls = data.rolls.map(inner);
  const term = new terms[data.class](revived);
  return Object.assign(term, { options: data.options, results: data.results });
}

function sum(list) {
  let [total, sign, product] = [0, 1, null];
  let factor = 0;
  for (const term of list) {
    if (!(term instanceof OperatorTerm)) {
      factor = product ? product(term.total) : term.total;
      product = null;
    } else if (term.operator === "*" || term.operator === "/") {
      const left = factor;
      product = term.operator === "*" ? (right) => left * right : (right) => left / right;
    } else {
      total += sign * factor;
      factor = 0;
      sign = term.operator === "-" ? -1 : 1;
    }
  }
  return total + sign * factor;
}

const TOKEN = /\s*(?:(\d*)d(\d+|f)((?:kh|kl|x|r\d+)*)(?:\[([^\]]*)\])?|(\d+)|([-+*/])|([({]))/y;

function parse(formula, Roll) {
  const list = [];
  let at = 0;
  while (at < formula.trimEnd().length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(formula);
    if (!found) throw new Error(`cannot read ${formula} at ${at}`);
    at = TOKEN.lastIndex;
    const [, number, faces, modifiers, flavor, plain, operator, bracket] = found;
    if (faces) list.push(newDie({ number, faces, modifiers, flavor }));
    else if (plain) list.push(new NumericTerm({ number: Number(plain) }));
    else if (operator) list.push(new OperatorTerm({ operator }));
    else at = parseGroup(formula, at, bracket, { list, Roll });
  }
  return list;
}

function newDie({ number, faces, modifiers, flavor }) {
  const settings = {
    number: Number(number || 1),
    faces: faces === "f" ? 3 : Number(faces),
    modifiers: modifiers.match(/kh|kl|x|r\d+/g) ?? [],
  };
  const die = faces === "f" ? new FateDie(settings) : new Die(settings);
  if (flavor) die.options.flavor = flavor;
  return die;
}

function parseGroup(formula, start, bracket, { list, Roll }) {
  const closing = bracket === "(" ? ")" : "}";
  let [depth, end] = [1, start];
  for (; depth > 0; end += 1) {
    if (end >= formula.length) throw new Error(`${bracket} is not closed`);
    if (formula[end] === bracket) depth += 1;
    if (formula[end] === closing) depth -= 1;
  }
  const inside = formula.slice(start, end - 1);
  if (bracket === "(") {
    list.push(new ParentheticalTerm({ roll: new Roll(inside) }));
    return end;
  }
  const [modifier = ""] = /^(?:kh|kl)?/.exec(formula.slice(end)) ?? [];
  const rolls = inside.split(",").map((part) => new Roll(part));
  list.push(new PoolTerm({ rolls, modifiers: modifier ? [modifier] : [] }));
  return end + modifier.length;
}
