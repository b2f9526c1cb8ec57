import { clone } from "./tree.js";
import { Collection, createDocument } from "./documents.js";

/** `game.settings` of one client: client settings in its profile, world settings as documents. */
export class ClientSettings {
  constructor(client) {
    this.client = client;
    this.settings = new Map();
    this.menus = new Map();
    const worldSettings = () => {
      const ids = Object.keys(client.tree.Setting);
      return new Collection(ids.map((id) => client.document(`Setting.${id}`)));
    };
    this.storage = { get: (scope) => (scope === "world" ? worldSettings() : client.storage) };
  }

  register(scope, key, setting) {
    this.settings.set(`${scope}.${key}`, setting);
  }

  registerMenu(scope, key, menu) {
    this.menus.set(`${scope}.${key}`, menu);
  }

  get(scope, key) {
    const [setting, full] = this.#known(scope, key);
    const stored =
      setting.scope === "client" ? this.client.storage.get(full) : this.#document(full)?.value;
    return stored === undefined ? clone(setting.default) : JSON.parse(stored);
  }

  async set(scope, key, value) {
    const [setting, full] = this.#known(scope, key);
    const json = JSON.stringify(value);
    if (setting.scope === "client") {
      this.client.storage.set(full, json);
      setting.onChange?.(value);
      return value;
    }
    if (!this.client.user.isGM) throw new Error("a player may not change the settings of a world");
    const document = this.#document(full);
    if (document) await document.update({ value: json });
    else await createDocument(this.client, "Setting", { key: full, value: json });
    return value;
  }

  /** The document was changed by somebody. */
  changed({ key, value }) {
    const setting = this.settings.get(key);
    setting?.onChange?.(JSON.parse(value));
  }

  #document(full) {
    return this.storage.get("world").find(({ key }) => key === full);
  }

  #known(scope, key) {
    const full = `${scope}.${key}`;
    const setting = this.settings.get(full);
    if (!setting) throw new Error(`${full} is not a registered game setting`);
    return [setting, full];
  }
}
