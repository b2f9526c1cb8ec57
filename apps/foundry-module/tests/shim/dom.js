/** As much of a page as the status icon needs. */
class Element {
  constructor(page, tag) {
    Object.assign(this, { page, tag, id: "", children: [], attributes: {}, parentElement: null });
    this.listeners = {};
  }

  prepend(child) {
    child.parentElement = this;
    this.children = [child, ...this.children.filter((other) => other !== child)];
  }

  replaceChildren(...children) {
    this.children = children;
    for (const child of children) child.parentElement = this;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  addEventListener(event, act) {
    this.listeners[event] = act;
  }

  click() {
    this.listeners.click();
  }

  find(id) {
    if (this.id === id) return this;
    return this.children.map((child) => child.find(id)).find(Boolean) ?? null;
  }
}

/** A page that shows the list of players. */
export function newPage() {
  const root = new Element(null, "body");
  const players = new Element(null, "aside");
  players.id = "players";
  root.prepend(players);
  return {
    getElementById: (id) => root.find(id),
    createElement: (tag) => new Element(root, tag),
  };
}
