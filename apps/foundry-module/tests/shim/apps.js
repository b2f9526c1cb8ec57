/** Foundry's window classes, as far as a window without a screen needs them. */
export function applications(instances, page) {
  class ApplicationV2 {
    static DEFAULT_OPTIONS = {};

    get options() {
      return this.constructor.DEFAULT_OPTIONS;
    }

    async render() {
      const isFirst = !instances.has(this.options.id);
      instances.set(this.options.id, this);
      this.context = await this._prepareContext({});
      if (isFirst) await this._onFirstRender(this.context, {});
      return this;
    }

    async close() {
      instances.delete(this.options.id);
      this._onClose({});
      return this;
    }

    async _onFirstRender() {}

    _onClose() {}

    /** As a click on a button with that `data-action`. */
    act(action) {
      return this.options.actions[action].call(this);
    }
  }
  return {
    instances,
    api: {
      ApplicationV2,
      HandlebarsApplicationMixin: (Base) => class extends Base {},
      DialogV2: { confirm: async () => page.confirms },
    },
  };
}
