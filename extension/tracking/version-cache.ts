const mostEntries = 20;

/** Keeps what was read of a store until the store's version is another one; without versions it keeps nothing. Used in the snapshot of a read. */
export class VersionCache<Value> {
  readonly #versionOf: (() => string) | undefined;
  readonly #entries = new Map<string, Value>();
  #version = '';

  constructor(versionOf: (() => string) | undefined) {
    this.#versionOf = versionOf;
  }

  get(key: string): Value | undefined {
    this.#checkVersion();
    return this.#entries.get(key);
  }

  put(key: string, value: Value): Value {
    this.#checkVersion();
    if (this.#versionOf === undefined) return value;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > mostEntries && !oldest.done) this.#entries.delete(oldest.value);
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }

  #checkVersion(): void {
    const version = this.#versionOf?.() ?? '';
    if (version !== this.#version) this.#entries.clear();
    this.#version = version;
  }
}
