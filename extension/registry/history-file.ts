import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { RegistryChange } from '../../schemas/workbench-api.ts';
import { errorMessage, isSystemError } from '../shared/errors.ts';

/** More would not be read by anybody (bytes). */
const largestFile = 64 * 1024 * 1024;

/** A link in the place of the file could lead anywhere. */
const noLinks = constants.O_NOFOLLOW ?? 0;

/** Beside the store's file or folder. */
export const historyPathOf = (storePath: string): string => `${storePath}.registry.jsonl`;

/** Of a server that keeps none: what this editor changes on it, in a folder of the editor's own. */
export const remoteHistoryFile = (storage: string, url: string): HistoryFile =>
  new HistoryFile(join(storage, 'registry-history', `${hash('sha256', url).slice(0, 24)}.jsonl`), { makesFolder: true });

export interface HistoryReading {
  readonly changes: readonly RegistryChange[];
  /** What could not be read or written, in a sentence. */
  readonly problem?: string;
}

/** Changes of a registry, one JSON object a line, only ever appended to. */
export class HistoryFile {
  readonly #path: string;
  readonly #makesFolder: boolean;
  #writing: Promise<void> = Promise.resolve();
  #problem: string | undefined;

  /** The folder of a store is never made: without it the store is gone. */
  constructor(path: string, { makesFolder = false }: { readonly makesFolder?: boolean } = {}) {
    this.#path = path;
    this.#makesFolder = makesFolder;
  }

  /** A change that cannot be noted down has happened all the same: that is a problem of the history, which says so. */
  append(changes: readonly RegistryChange[]): Promise<void> {
    if (changes.length === 0) return this.#writing;
    const text = changes.map((change) => `${JSON.stringify(change)}\n`).join('');
    this.#writing = this.#writing.then(async () => this.#write(text));
    return this.#writing;
  }

  async read(): Promise<HistoryReading> {
    await this.#writing;
    try {
      const { changes, broken } = readLines(await this.#readText());
      const problem = this.#problem ?? (broken === 0 ? undefined : `${broken} ${broken === 1 ? 'line' : 'lines'} of ${this.#path} cannot be read`);
      return { changes, ...(problem !== undefined && { problem }) };
    } catch (error) {
      return { changes: [], problem: `${this.#path} cannot be read: ${errorMessage(error)}` };
    }
  }

  async #write(text: string): Promise<void> {
    try {
      if (this.#makesFolder) await mkdir(dirname(this.#path), { recursive: true });
      const handle = await open(this.#path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | noLinks, 0o644);
      try {
        await handle.write(text);
      } finally {
        await handle.close();
      }
      this.#problem = undefined;
    } catch (error) {
      this.#problem = `Changes cannot be written to ${this.#path}: ${errorMessage(error)}`;
    }
  }

  async #readText(): Promise<string> {
    const handle = await open(this.#path, constants.O_RDONLY | noLinks).catch(absentIsUndefined);
    if (handle === undefined) return '';
    try {
      const { size } = await handle.stat();
      if (size > largestFile) throw new Error(`it is larger than ${largestFile / 1024 / 1024} MB`);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  }
}

const absentIsUndefined = (error: unknown): undefined => {
  if (isSystemError(error, 'ENOENT')) return undefined;
  throw error;
};

const readLines = (text: string): { readonly changes: readonly RegistryChange[]; readonly broken: number } => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const changes = lines.flatMap((line) => readChange(line) ?? []);
  return { changes, broken: lines.length - changes.length };
};

const things: ReadonlySet<unknown> = new Set(['model', 'version', 'alias', 'stage', 'tag', 'description']);

/** Anybody may write into the file: what is not a change is left out. */
const readChange = (line: string): RegistryChange | undefined => {
  const value = parse(line);
  if (typeof value !== 'object' || value === null) return undefined;
  const { time, kind, model, what, version, by, key, from, to } = value as Readonly<Record<string, unknown>>;
  if (typeof time !== 'number' || (kind !== 'exact' && kind !== 'observed') || typeof model !== 'string' || !things.has(what)) return undefined;
  return {
    time,
    kind,
    model,
    what: what as RegistryChange['what'],
    ...(typeof version === 'number' && { version }),
    ...texts({ by, key, from, to }),
  };
};

const texts = (fields: Readonly<Record<'by' | 'key' | 'from' | 'to', unknown>>): Partial<Record<'by' | 'key' | 'from' | 'to', string>> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
