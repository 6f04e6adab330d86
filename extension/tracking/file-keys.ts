import { join } from 'node:path';

import { listFolder, stampOf, stillHolds } from './file-io.ts';

interface KeyFile<T> {
  readonly key: string;
  readonly path: string;
  stamp: string;
  value: T;
}

export interface KeyFilesOptions<T> {
  /** What the file holds; `before` is what it held when it was last read. Undefined when it is gone. */
  readonly read: (path: string, key: string, before: T | undefined) => T | undefined;
  readonly isSame: (a: T, b: T) => boolean;
}

/**
 * A folder in which each file is a key (`metrics/`, `params/`, `tags/`), a `/` in the key being a folder: read when first
 * asked for, then only where something has changed. Links are not followed: they could lead anywhere.
 */
export class KeyFiles<T> {
  readonly #root: string;
  readonly #options: KeyFilesOptions<T>;
  #folders: Map<string, string> | undefined;
  #files = new Map<string, KeyFile<T>>();

  constructor(root: string, options: KeyFilesOptions<T>) {
    this.#root = root;
    this.#options = options;
  }

  /** By key. */
  get values(): ReadonlyMap<string, T> {
    if (this.#folders === undefined) this.#list();
    return new Map([...this.#files].map(([key, { value }]) => [key, value]));
  }

  get(key: string): T | undefined {
    if (this.#folders === undefined) this.#list();
    return this.#files.get(key)?.value;
  }

  /** Looks at one key's file; whether its content changed since it was read. */
  checkKey(key: string): boolean {
    const file = this.#files.get(key);
    return file !== undefined && this.#refresh(file);
  }

  /** Looks for new and removed keys, with `deep` at each file too; keys whose content changed since it was read. */
  check(deep: boolean): readonly string[] {
    const folders = this.#folders;
    if (folders === undefined) return [];
    const isStale = [...folders].some(([path, stamp]) => !stillHolds(stamp, stampOf(path)));
    if (isStale) return this.#list();
    return deep ? [...this.#files].filter(([, file]) => this.#refresh(file)).map(([key]) => key) : [];
  }

  /** The root and the folders in it, as far as they have been read. */
  get folders(): readonly string[] {
    return [...(this.#folders?.keys() ?? [])];
  }

  #list(): readonly string[] {
    const isFirst = this.#folders === undefined;
    const before = this.#files;
    this.#folders = new Map();
    this.#files = new Map();
    const changed = new Set<string>(before.keys());
    this.#listIn(this.#root, '', before, changed);
    return isFirst ? [] : [...changed];
  }

  #listIn(folder: string, prefix: string, before: ReadonlyMap<string, KeyFile<T>>, changed: Set<string>): void {
    this.#folders?.set(folder, stampOf(folder));
    for (const entry of listFolder(folder)) {
      const key = prefix + entry.name;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) this.#listIn(path, `${key}/`, before, changed);
      else if (entry.isFile()) this.#add(key, path, before.get(key), changed);
    }
  }

  #add(key: string, path: string, known: KeyFile<T> | undefined, changed: Set<string>): void {
    if (known !== undefined) {
      this.#files.set(key, known);
      if (!this.#refresh(known)) changed.delete(key);
      return;
    }
    const stamp = stampOf(path);
    const value = this.#options.read(path, key, undefined);
    if (value === undefined) return;
    this.#files.set(key, { key, path, stamp, value });
    changed.add(key);
  }

  /** Whether the content is another one. */
  #refresh(file: KeyFile<T>): boolean {
    const stamp = stampOf(file.path);
    if (stillHolds(file.stamp, stamp)) return false;
    const value = this.#options.read(file.path, file.key, file.value);
    if (value === undefined) return false;
    file.stamp = stamp;
    const isSame = this.#options.isSame(file.value, value);
    file.value = value;
    return !isSame;
  }
}
