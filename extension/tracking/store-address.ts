import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

import { fileURLToPath } from 'node:url';

import { MlflowError } from '../shared/errors.ts';
import type { StoreAddress } from './store-connection.ts';

const sqlitePrefix = 'sqlite:///';

/** Reads what a person writes into the settings: a path, MLflow's `sqlite:///…` or `file:///…`, or a server's URL. Whether a path is of a folder shows on the disk only. */
export const readStoreAddress = (text: string, folder: string): StoreAddress => {
  const trimmed = text.trim();
  if (/^https?:\/\//i.test(trimmed)) return readServerAddress(trimmed);
  if (/^file:\/\//i.test(trimmed)) return { kind: 'files', path: readFileUri(trimmed) };
  if (/^[a-z][a-z\d+.-]+:/i.test(trimmed) && !trimmed.startsWith(sqlitePrefix)) {
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `'${trimmed}' is not a store: give the path of a SQLite file or of an mlruns folder, sqlite:///… or a server's http(s) URL`,
    );
  }
  const path = trimmed.startsWith(sqlitePrefix) ? trimmed.slice(sqlitePrefix.length) : trimmed;
  return { kind: 'sqlite', path: resolve(folder, path.replace(/^~(?=$|[/\\])/, homedir())) };
};

const readFileUri = (text: string): string => {
  try {
    return fileURLToPath(text).replace(/(?<=.)[/\\]+$/, '');
  } catch (error) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `'${text}' is not a folder of this machine`, { cause: error });
  }
};

/** Without user, password, fragment, and all of the query but `workspace`: credentials are never part of an address. */
const readServerAddress = (text: string): StoreAddress => {
  const url = URL.parse(text);
  if (url === null) throw new MlflowError('INVALID_PARAMETER_VALUE', `'${text}' is not a URL`);
  const address = { kind: 'server', url: url.origin + url.pathname.replace(/\/+$/, '') } as const;
  const workspace = url.searchParams.get('workspace') ?? '';
  return workspace === '' ? address : { ...address, workspace: readWorkspace(workspace) };
};

/** By MLflow's rule for their names; it becomes a header. */
const readWorkspace = (text: string): string => {
  if (/^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/.test(text)) return text;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `'${text}' is not a workspace: it has lower-case letters, digits and dashes`);
};

/** Short and for people: a path relative to the folder it was found in, elsewhere with the folder that it is in (files of MLflow have the same name), or a server's name. */
export const labelOfAddress = (address: StoreAddress, folder: string): string => {
  if (address.kind === 'server') return [address.url.replace(/^https?:\/\//, ''), ...(address.workspace === undefined ? [] : [address.workspace])].join(' · ');
  const inside = relative(folder, address.path);
  return inside.startsWith('..') || isAbsolute(inside) ? join(basename(dirname(address.path)), basename(address.path)) : inside;
};
