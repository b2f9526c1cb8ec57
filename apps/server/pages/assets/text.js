/**
 * The texts of one area of the pages in one language, as the server gives them: plain, or one for
 * each plural form.
 *
 * @typedef {Record<string, string | Record<string, string>>} Messages
 */

/** Texts with names and numbers in them, in the way of one language. */
export class Texts {
  /**
   * @param {string} language
   * @param {Messages} messages
   */
  constructor(language, messages) {
    this.language = language;
    this.#messages = messages;
    this.#plurals = new Intl.PluralRules(language);
    this.#numbers = new Intl.NumberFormat(language);
  }

  #messages;
  #plurals;
  #numbers;

  /**
   * The text with that id; the id itself when there is none, so that its absence is seen.
   *
   * @param {string} id
   * @param {Record<string, string|number>} [values] What stands in braces in it. Numbers are
   *   printed in the way of the language. `count` selects the plural form, and is printed as
   *   `shown` unless that is given.
   */
  get(id, values = {}) {
    const message = this.#messages[id] ?? id;
    const text = typeof message === "string" ? message : this.#form(message, values.count);
    const known = values.count === undefined ? values : { shown: values.count, ...values };
    return text.replace(/\{\s*\$?([\w-]+)\s*\}/g, (braces, name) => {
      const value = known[name];
      return value === undefined ? braces : this.#print(value);
    });
  }

  /**
   * The text with that id, which takes nothing in; what else to say when there is none.
   *
   * @param {string} id
   * @param {string} otherwise
   */
  find(id, otherwise) {
    return id in this.#messages ? this.get(id) : otherwise;
  }

  /** @param {number} value */
  number(value) {
    return this.#numbers.format(value);
  }

  /**
   * A time that runs down, such as `4:05`, or `1:04:05`.
   *
   * @param {number} ms
   */
  countdown(ms) {
    const seconds = Math.max(0, Math.ceil(ms / 1_000));
    const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
    const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
    const end = two(seconds % 60);
    return hours > 0 ? `${hours}:${two(minutes)}:${end}` : `${minutes}:${end}`;
  }

  /**
   * @param {Record<string, string>} forms
   * @param {string|number|undefined} amount
   */
  #form(forms, amount) {
    const form = this.#plurals.select(Number(amount ?? 0));
    return forms[form] ?? forms.other ?? Object.values(forms)[0] ?? "";
  }

  /** @param {string|number} value */
  #print(value) {
    return typeof value === "number" ? this.#numbers.format(value) : value;
  }
}

/**
 * @param {string} language `en` or `fr`.
 * @param {string} area The name of a file of texts.
 * @returns {Promise<Texts>} Throws when the server does not answer.
 */
export async function loadTexts(language, area) {
  const answer = await fetch(`/texts/${language}/${area}.json`);
  if (!answer.ok) throw new Error(`no texts: ${answer.status}`);
  return new Texts(language, await answer.json());
}
