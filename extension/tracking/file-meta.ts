import { join } from 'node:path';

import { readYamlFields, type YamlFields, type YamlReading, type YamlValue } from '../../schemas/yaml-value.ts';
import { writeYamlFields } from '../../schemas/yaml-writer.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { MlflowError } from '../shared/errors.ts';
import { toInt64 } from '../shared/int64.ts';
import { readBytes, stampOf, stillHolds, writeWhole } from './file-io.ts';
import { metaFile } from './file-layout.ts';

/** The `meta.yaml` of an experiment, a run or a model, read again only when it has changed. */
export class MetaFile {
  readonly #folder: string;
  #stamp = '';
  #text = '';
  #isWritten = false;
  #reading: YamlReading | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get reading(): YamlReading {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  /** Whether it says something else than at the last look; what we have written ourselves counts once too. */
  check(): boolean {
    const wasWritten = this.#isWritten;
    this.#isWritten = false;
    if (this.#reading === undefined || stillHolds(this.#stamp, stampOf(join(this.#folder, metaFile)))) return wasWritten;
    const before = this.#text;
    this.#reading = this.#read();
    return wasWritten || this.#text !== before;
  }

  /** Replaces fields; what we do not know stays as it is. */
  update(fields: YamlFields): void {
    const { reading } = this;
    if ('problem' in reading) throw new MlflowError('INVALID_STATE', `${join(this.#folder, metaFile)} cannot be changed: ${reading.problem}`);
    writeMeta(this.#folder, { ...reading.fields, ...fields });
    this.#reading = this.#read();
    this.#isWritten = true;
  }

  #read(): YamlReading {
    const path = join(this.#folder, metaFile);
    this.#stamp = stampOf(path);
    const bytes = readBytes(path);
    this.#text = bytes?.toString('utf8') ?? '';
    if (bytes === undefined) return { problem: `${metaFile} is missing` };
    const reading = readYamlFields(this.#text);
    return 'problem' in reading ? { problem: `${metaFile} cannot be read: ${reading.problem}` } : reading;
  }
}

export const writeMeta = (folder: string, fields: YamlFields): void => writeWhole(join(folder, metaFile), writeYamlFields(fields));

export const readMeta = (folder: string): YamlReading => new MetaFile(folder).reading;

/** Old releases wrote ids without quotes. */
export const textOf = (value: YamlValue | undefined): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;

/** A time in ms since the epoch; undefined when it is none. */
export const timeOf = (value: YamlValue | undefined): number | undefined => {
  const number = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : undefined;
};

/** A 64-bit integer; undefined when it is none. */
export const integerOf = (value: YamlValue | undefined): Int64 | undefined => (typeof value === 'bigint' ? toInt64(value) : timeOf(value));

export const fieldsOf = (value: YamlValue | undefined): YamlFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as YamlFields) : {};
