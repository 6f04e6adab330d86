import { asModelId, asRunId, type ModelId, type RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { splitUri } from '../shared/uri.ts';

/** A model addressed by text: `models:/m-…`, `models:/name/3`, `models:/name@alias`, `models:/name/Stage`, `models:/name/latest`, `runs:/id/path`. */
export type ModelUri =
  | { readonly kind: 'logged-model'; readonly modelId: ModelId }
  | { readonly kind: 'version'; readonly name: string; readonly version: number }
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  /** The stage is as written: any word that is no version. */
  | { readonly kind: 'stage'; readonly name: string; readonly stage: string }
  | { readonly kind: 'latest'; readonly name: string }
  | { readonly kind: 'run'; readonly runId: RunId; readonly path: string };

export const versionUri = (name: string, version: number): string => `models:/${name}/${version}`;
export const aliasUri = (name: string, alias: string): string => `models:/${name}@${alias}`;

export const parseModelUri = (text: string): ModelUri => {
  const { scheme, path } = splitUri(text);
  const uri = scheme === 'runs' ? readRunPath(path) : scheme === 'models' ? readModelPath(path) : undefined;
  if (uri === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', scheme === 'runs' ? improperRunUri(text) : improperModelUri(text));
  return uri;
};

const readRunPath = (path: string): ModelUri | undefined => {
  const [, runId, rest] = /^\/([^/]+)(?:\/(.*))?$/s.exec(path) ?? [];
  return runId === undefined ? undefined : { kind: 'run', runId: asRunId(runId), path: rest ?? '' };
};

const readModelPath = (path: string): ModelUri | undefined => {
  if (!path.startsWith('/')) return undefined;
  const [first = '', second, ...more] = path.replace(/^\/+/, '').split('/');
  if (more.length > 0 || first.trim() === '') return undefined;
  return second === undefined ? readOneSegment(first) : readSuffix(first, second);
};

const readOneSegment = (segment: string): ModelUri | undefined => {
  const at = segment.lastIndexOf('@');
  if (at < 0) return { kind: 'logged-model', modelId: asModelId(segment) };
  const alias = segment.slice(at + 1);
  return alias.trim() === '' ? undefined : { kind: 'alias', name: segment.slice(0, at), alias };
};

const readSuffix = (name: string, suffix: string): ModelUri | undefined => {
  if (suffix.trim() === '') return undefined;
  if (/^\d+$/.test(suffix)) return { kind: 'version', name, version: Number(suffix) };
  if (suffix.toLowerCase() === 'latest') return { kind: 'latest', name };
  return { kind: 'stage', name, stage: suffix };
};

const improperModelUri = (text: string): string =>
  `Not a proper models:/ URI: ${text}. Models URIs must be of the form 'models:/name/suffix' or 'models:/name@alias' ` +
  "where suffix is a version, stage, or the string 'latest' and where alias is a registered model alias. " +
  'Only one of suffix or alias can be defined at a time.';

const improperRunUri = (text: string): string =>
  `Not a proper runs:/ URI: ${text}. Runs URIs must be of the form 'runs:/<run_id>/run-relative/path/to/artifact'`;
