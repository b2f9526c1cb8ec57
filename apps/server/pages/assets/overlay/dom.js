const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with a class and what stands in it. Strings become text, never markup.
 *
 * @param {string} tag
 * @param {string} className
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/**
 * Text that a person wrote, whatever its direction.
 *
 * @param {string} className
 * @param {string} [text]
 */
export function named(className, text = "") {
  const made = element("bdi", className, text);
  made.dir = "auto";
  return made;
}

/**
 * A drawing of a few shapes.
 *
 * @param {string} className
 * @param {...string} paths
 * @returns {SVGElement}
 */
export function drawing(className, ...paths) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("class", className);
  made.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const shape = document.createElementNS(SVG, "path");
    shape.setAttribute("d", path);
    made.append(shape);
  }
  return made;
}

/**
 * Sets a text only when it is another one, so that nothing is laid out or read for nothing.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * @param {HTMLElement} target
 * @param {string[]} texts Each becomes an element of its own.
 * @param {(text: string) => HTMLElement} make
 */
export function setList(target, texts, make) {
  const before = [...target.children].map((child) => child.textContent);
  if (before.length === texts.length && before.every((text, i) => text === texts[i])) return;
  const kept = new Map([...target.children].map((child) => [child.textContent, child]));
  target.replaceChildren(...texts.map((text) => kept.get(text) ?? make(text)));
}
