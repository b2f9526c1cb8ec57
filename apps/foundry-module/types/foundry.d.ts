/**
 * The parts of Foundry's client that this module touches, declared by ourselves from its public
 * documentation. What a game system defines is `any`: there are hundreds of them.
 */

/** A document of any kind. Its fields depend on kind and system. */
interface FoundryDocument {
  [field: string]: any;
  id: string;
  uuid: string;
  name: string;
  img: string;
  flags: Record<string, any>;
  toObject(): any;
  getFlag(scope: string, key: string): any;
  unsetFlag(scope: string, key: string): Promise<unknown>;
  update(changes: object, operation?: object): Promise<unknown>;
  delete(): Promise<unknown>;
  createEmbeddedDocuments(kind: string, data: object[]): Promise<FoundryDocument[]>;
}

/** A collection: a map by id that can be searched like a list. */
interface FoundryCollection {
  readonly contents: FoundryDocument[];
  get(id: string | undefined): FoundryDocument | undefined;
  find(is: (one: FoundryDocument) => boolean): FoundryDocument | undefined;
  filter(is: (one: FoundryDocument) => any): FoundryDocument[];
  map<T>(make: (one: FoundryDocument) => T): T[];
  some(is: (one: FoundryDocument) => boolean): boolean;
}

interface FoundryRoll {
  terms: any[];
  dice: any[];
  options: object;
  formula: string;
  total: number;
  evaluate(options?: { allowInteractive?: boolean }): Promise<FoundryRoll>;
}

interface SocketIoSocket {
  readonly connected: boolean;
  on(event: string, act: (...heard: any[]) => void): void;
  onAny(act: (event: string, ...heard: any[]) => void): void;
  emit(event: string, ...said: any[]): void;
  close(): void;
}

declare const io: (address: string, options: object) => SocketIoSocket;
declare const fromUuid: (uuid: string) => Promise<FoundryDocument | null>;
declare const fromUuidSync: (uuid: string) => FoundryDocument | null;
declare const canvas: { scene: FoundryDocument | null };
declare const ui: { notifications: { warn(text: string): void } };

declare const Hooks: {
  readonly events: Record<string, unknown[] | undefined>;
  on(hook: string, act: (...told: any[]) => unknown): number;
  once(hook: string, act: (...told: any[]) => unknown): number;
  off(hook: string, id: number): void;
  callAll(hook: string, ...told: unknown[]): void;
};

declare const CONFIG: { sounds: { dice: string } };

declare const CONST: {
  /** Until version 13. */
  DICE_ROLL_MODES: { PUBLIC: string };
  /** Until version 13. */
  ACTIVE_EFFECT_MODES: { ADD: number };
  /** Since version 14. */
  ACTIVE_EFFECT_SHOW_ICON: { ALWAYS: number };
  TOKEN_DISPOSITIONS: { HOSTILE: number };
};

declare const ChatMessage: {
  implementation: {
    create(data: object, operation?: object): Promise<FoundryDocument | undefined>;
    deleteDocuments(ids: string[]): Promise<unknown>;
    getSpeaker(of: { actor: FoundryDocument }): object;
    getSpeakerActor(speaker: object): FoundryDocument | null;
  };
};

declare const Roll: {
  create(formula: string): FoundryRoll;
  fromTerms(terms: any[], options?: object): FoundryRoll;
  validate(formula: string): boolean;
};

declare const foundry: {
  applications: {
    /** The windows that are open, by id. */
    instances: Map<string, any>;
    api: {
      ApplicationV2: any;
      HandlebarsApplicationMixin: (base: any) => any;
      DialogV2: { confirm(options: object): Promise<boolean | null> };
    };
  };
  dice: {
    terms: {
      DiceTerm: any;
      NumericTerm: any;
      OperatorTerm: any;
      ParentheticalTerm: any;
      PoolTerm: any;
    };
  };
  utils: {
    getProperty(from: object, path: string): any;
    hasProperty(from: object, path: string): boolean;
    randomID(): string;
  };
};

declare const game: {
  readonly version: string;
  readonly release: { generation: number };
  readonly world: { id: string; title: string };
  readonly system: { id: string; title: string };
  readonly user: FoundryDocument & { isGM: boolean };
  readonly users: FoundryCollection & { activeGM: FoundryDocument | null };
  readonly actors: FoundryCollection;
  readonly scenes: FoundryCollection & { active: FoundryDocument | null };
  readonly messages: FoundryCollection;
  readonly combats: FoundryCollection;
  readonly combat: FoundryDocument | null;
  readonly socket: SocketIoSocket | null;
  readonly modules: { get(id: string): { version: string; manifest?: string } | undefined };
  readonly i18n: { format(key: string, values: object): string };
  readonly keybindings: { register(scope: string, action: string, binding: object): void };
  readonly settings: {
    /** The registered settings, by `<scope>.<key>`. */
    readonly settings: Map<string, object>;
    /** Where they are stored; those of the world as documents with a `key`. */
    readonly storage: { get(scope: "world"): Iterable<FoundryDocument & { key: string }> };
    register(scope: string, key: string, setting: object): void;
    registerMenu(scope: string, key: string, menu: object): void;
    get(scope: string, key: string): any;
    set(scope: string, key: string, value: unknown): Promise<unknown>;
  };
};
