import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MlflowError } from '../shared/errors.ts';
import { decodeFully, splitUri } from '../shared/uri.ts';
import { parseModelUri } from './model-uri.ts';

/** The run or logged model that a new version names as its origin. */
export interface SourceOwner {
  readonly kind: 'run' | 'model';
  /** Empty when the client named none. */
  readonly id: string;
  /** Root of its artifacts; undefined when there is no such run or model. */
  readonly location: string | undefined;
}

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export const invalidSource = (source: string, why: string): MlflowError => invalid(`Invalid model version source: '${source}'. ${why}`);

export const notOwner = (source: string, { kind }: Pick<SourceOwner, 'kind'>): MlflowError =>
  invalidSource(source, `The ${kind}_id request parameter must identify the resource that contains the source.`);

/** Prompts have no files; MLflow's clients put one of these words. */
export const checkPromptSource = (source: string): void => {
  if (source === 'dummy-source' || source === 'prompt-template') return;
  throw invalid(`Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`);
};

/** Their artifacts lie on the host that the URI names, where a server that follows it would connect. */
const hostSchemes = new Set(['ftp', 'sftp', 'hdfs', 'viewfs', 'http', 'https', 'r2', 'b2', 'abfss']);

export const checkSourceHost = (source: string): void => {
  const { scheme, authority = '' } = splitUri(source);
  if (!hostSchemes.has(scheme) && !(scheme === 'mlflow-artifacts' && authority !== '')) return;
  throw invalid(
    `'source' cannot use the '${scheme}' scheme: the '${scheme}' scheme addresses a host other than the tracking server's ` +
      'configured artifact storage, so the server would connect to the host named in the URI.',
  );
};

/** Whoever reads the version later gets at these files: they must be the owner's, or lie in a place that names no file here. */
export const checkSource = (source: string, owner: SourceOwner): void => {
  const { scheme, authority = '' } = splitUri(source);
  if (isLocal(source)) return checkLocalSource(source, owner);
  checkNoRelativePath(source);
  if (scheme === 'runs') return checkRunSource(source, authority, owner);
  if (scheme === 'mlflow-artifacts' && (owner.location === undefined || !isWithinUri(source, owner.location))) throw notOwner(source, owner);
};

const checkRunSource = (source: string, authority: string, owner: SourceOwner): void => {
  const uri = parseModelUri(source);
  if (authority !== '' || owner.kind !== 'run' || uri.kind !== 'run' || uri.runId !== owner.id) throw notOwner(source, owner);
};

const isLocal = (text: string): boolean => {
  const { scheme, authority = '' } = splitUri(text);
  if (scheme === 'file' && !/^($|\.$|localhost|127\.0\.0\.1)/i.test(authority)) {
    throw invalid(
      `${text} is not a valid remote uri. For remote access on windows, please consider using a different scheme such as SMB (e.g. smb://<hostname>/<path>).`,
    );
  }
  return scheme === '' || scheme === 'file' || (process.platform === 'win32' && /^[a-z]$/.test(scheme));
};

const checkLocalSource = (source: string, owner: SourceOwner): void => {
  if (owner.id !== '' && owner.location === undefined) throw notOwner(source, owner);
  if (owner.location !== undefined && isLocal(owner.location) && isWithinFolder(toPath(source), toPath(owner.location))) return;
  throw invalidSource(
    source,
    `To use a local path as a model version source, the ${owner.kind}_id request parameter has to be specified and the local path ` +
      `has to be contained within the artifact directory of the run specified by the ${owner.kind}_id.`,
  );
};

const toPath = (text: string): string => (/^file:/i.test(text) ? fileUriPath(text) : decodeFully(text));

const fileUriPath = (uri: string): string => (process.platform === 'win32' ? fileURLToPath(uri) : decodeFully(splitUri(uri).path));

const isWithinFolder = (path: string, folder: string): boolean => {
  const rest = relative(realPath(resolve(folder)), realPath(resolve(path)));
  return rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
};

/** With symbolic links followed as far as the path exists. */
const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
};

const checkNoRelativePath = (source: string): void => {
  const decoded = decodeFully(source);
  const path = splitUri(decoded).path.replace(/\/+$/, '').replaceAll(/\/+/g, '/');
  if (!path.includes('\0') && !decoded.split('/').includes('..') && path.startsWith('/') && posix.normalize(path) === path) return;
  throw invalidSource(
    source,
    'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided ' +
      'without relative path references present. Please provide an absolute path.',
  );
};

const isWithinUri = (text: string, root: string): boolean => {
  const [uri, rootUri] = [splitUri(text), splitUri(root)];
  const [parts, rootParts] = [pathParts(uri.path), pathParts(rootUri.path)];
  const isSamePlace = uri.scheme === rootUri.scheme && (uri.authority ?? '').toLowerCase() === (rootUri.authority ?? '').toLowerCase();
  return isSamePlace && rootParts.length > 0 && rootParts.every((part, index) => part === parts[index]);
};

const pathParts = (path: string): readonly string[] =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeFully);
