import { realpath } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MlflowError } from '../shared/errors.ts';
import { splitUri } from '../shared/uri.ts';
import { parseEncodedArtifactPath } from './artifact-path.ts';

export interface ArtifactRootsOptions {
  /** The folder of the store's file: what is below it needs no confirmation. */
  readonly storeFolder: string;
  /** More places that the person who started the server named, as paths or URIs. */
  readonly locations?: readonly string[];
  /** What a person can do to have another folder read, as a sentence. */
  readonly advice?: string;
  /** What `mlflow-artifacts:/` means; absent when this server proxies no artifacts. */
  readonly destination?: string;
}

const proxiedPrefix = '/api/2.0/mlflow-artifacts/artifacts/';

/**
 * Which folders of this machine a store may point to. A database can come from anywhere, and its rows
 * could name the home folder: outside the store's own folder a person must have agreed to the path.
 */
export class ArtifactRoots {
  readonly #options: ArtifactRootsOptions;
  readonly #named: readonly string[];
  readonly #trusted = new Set<string>();

  constructor(options: ArtifactRootsOptions) {
    this.#options = options;
    this.#named = (options.locations ?? []).filter(isLocal).map((location) => localFolder(location, options.storeFolder));
  }

  get destination(): string {
    if (this.#options.destination !== undefined) return this.#options.destination;
    throw new MlflowError('TEMPORARILY_UNAVAILABLE', 'This server does not proxy artifacts: start it with --artifacts-destination');
  }

  /** A person has agreed that artifacts below this folder are read. */
  trust(folder: string): void {
    this.#trusted.add(resolve(folder));
  }

  /** The folder that an artifact URI of the store stands for. */
  async folderOf(artifactUri: string): Promise<string> {
    const { scheme, path } = splitUri(artifactUri);
    if (scheme === 'mlflow-artifacts') return this.#proxied(path.replace(/^\/+/, ''));
    if ((scheme === 'http' || scheme === 'https') && path.includes(proxiedPrefix))
      return this.#proxied(path.slice(path.indexOf(proxiedPrefix) + proxiedPrefix.length));
    const folder = localFolder(artifactUri, this.#options.storeFolder);
    await this.#check(folder);
    return folder;
  }

  /** The folder that an artifact URI stands for, when nobody has agreed to read it yet; undefined for all others. */
  async foreignFolder(artifactUri: string): Promise<string | undefined> {
    try {
      await this.folderOf(artifactUri);
      return undefined;
    } catch (error) {
      return error instanceof ForeignFolder ? error.folder : undefined;
    }
  }

  #proxied(path: string): string {
    return join(this.destination, ...parseEncodedArtifactPath(path));
  }

  async #check(folder: string): Promise<void> {
    const real = await realOf(folder);
    for (const allowed of [this.#options.storeFolder, ...this.#named, ...this.#trusted]) {
      if (isWithin(real, await realOf(allowed))) return;
    }
    throw new ForeignFolder(folder, this.#options);
  }
}

class ForeignFolder extends MlflowError {
  readonly folder: string;

  constructor(folder: string, { storeFolder, advice = 'They are read only after you agree to it.' }: ArtifactRootsOptions) {
    super('PERMISSION_DENIED', `The artifacts are in ${folder}, outside the folder of the store (${storeFolder}). ${advice}`);
    this.folder = folder;
  }
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** With links resolved in the part that exists. */
const realOf = async (path: string): Promise<string> => {
  const missing: string[] = [];
  for (let at = resolve(path); ; at = resolve(at, '..')) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) return join(real, ...missing);
    if (at === resolve(at, '..')) return resolve(path);
    missing.unshift(at.slice(resolve(at, '..').length).replace(/^[\\/]/, ''));
  }
};

const isLocal = (location: string): boolean => /^[a-z]:[\\/]/i.test(location) || ['', 'file'].includes(splitUri(location).scheme);

/** A plain path or a `file:` URI; other schemes belong to Python's clients, which have the credentials. */
const localFolder = (artifactUri: string, storeFolder: string): string => {
  if (/^[a-z]:[\\/]/i.test(artifactUri)) return artifactUri;
  const { scheme } = splitUri(artifactUri);
  if (scheme === '') return isAbsolute(artifactUri) ? resolve(artifactUri) : resolve(storeFolder, artifactUri);
  if (scheme === 'file') return filePath(artifactUri, storeFolder);
  throw new MlflowError(
    'NOT_IMPLEMENTED',
    `Artifacts at ${scheme}: URIs cannot be read here: this server reads local folders only. Use mlflow's own client for ${artifactUri}`,
  );
};

const filePath = (uri: string, storeFolder: string): string => {
  const relative = /^file:(?!\/)(.*)$/i.exec(uri)?.[1];
  if (relative !== undefined) return resolve(storeFolder, relative);
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Not a file URI of this machine: ${uri}`, { cause: error });
  }
};
