import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import type { CommandValues } from './command.ts';
import { pathSource, type ResolvedParameters } from './parameters.ts';

/** Fetches what lies at a URI into a folder, and says where it is then. */
export type Download = (uri: string, folder: string) => Promise<string>;

export interface PathOptions {
  readonly projectDirectory: string;
  readonly storageDirectory?: string | undefined;
  readonly download: Download;
}

/** The values that go into the command: those of type `path` have become absolute local paths. */
export const resolvePathValues = async ({ declared, extra }: ResolvedParameters, options: PathOptions): Promise<CommandValues> => {
  const values = new Map<string, string>();
  const storage = createStorage(options.storageDirectory);
  for (const [index, { parameter, value }] of declared.entries()) {
    const isPath = parameter.type === 'path';
    values.set(parameter.name, isPath ? await localPath({ name: parameter.name, value, index }, storage, options) : value);
  }
  return { declared: values, extra };
};

interface PathValue {
  readonly name: string;
  readonly value: string;
  /** Among the declared parameters: names the folder of a download. */
  readonly index: number;
}

const localPath = async ({ name, value, index }: PathValue, storage: () => Promise<string>, options: PathOptions): Promise<string> => {
  const source = pathSource(value, options.projectDirectory);
  if (source.kind === 'remote') return await fetched(source.uri, join(await storage(), `param_${index}`), options.download);
  if (existsSync(source.path)) return source.path;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Got value ${value} for parameter ${name}, but no such file or directory was found.`);
};

/** Nothing at all becomes an empty folder, as in MLflow. */
const fetched = async (uri: string, folder: string, download: Download): Promise<string> => {
  if (uri !== '') return await download(uri, folder);
  await mkdir(folder, { recursive: true });
  return folder;
};

/** One new folder per run, made when it is first needed. */
const createStorage = (parent: string | undefined): (() => Promise<string>) => {
  let created: Promise<string> | undefined;
  const create = async (): Promise<string> => {
    if (parent !== undefined) await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent ?? tmpdir(), 'tmp'));
  };
  return () => (created ??= create());
};
