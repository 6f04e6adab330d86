import { asExperimentId, type ExperimentId, type RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { pythonFloatText, pythonJson, pythonList, pythonRepr } from '../shared/python-text.ts';
import type { DatasetInput, Metric, Param, Tag } from './run.ts';

/** Rules of mlflow/utils/validation.py, with its sentences. Lengths are in code points, as in Python. */

const maxKeyLength = 250;
const maxParamValueLength = 6000;
const maxTagValueLength = 8000;
const maxExperimentNameLength = 500;
const maxExperimentTagValueLength = 20_000;
const maxArtifactLocationLength = 2048;

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);
const invalidValue = (path: string, value: unknown, why?: string): MlflowError =>
  invalid(`Invalid value ${pythonJson(value)} for parameter '${path}' supplied${why === undefined ? '.' : `: ${why}`}`);

const codePoints = (text: string, limit: number): number => (text.length <= limit ? text.length : [...text].length);

export const checkLength = (what: string, limit: number, text: string): void => {
  if (codePoints(text, limit) > limit) throw invalid(`'${what}' exceeds the maximum length of ${limit} characters`);
};

/** MLflow cuts long values silently, because a training run must not fail for them. */
const truncate = (text: string, limit: number): string => (codePoints(text, limit) > limit ? [...text].slice(0, limit).join('') : text);

/** `posixpath.normpath` */
const normalize = (path: string): string => {
  const parts: string[] = [];
  const isAbsolute = path.startsWith('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (!isAbsolute && parts.length === 0) || parts.at(-1) === '..') parts.push(part);
    else parts.pop();
  }
  const start = /^\/\/(?!\/)/.test(path) ? '//' : isAbsolute ? '/' : '';
  return start + parts.join('/') || '.';
};

const badCharacters = `Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( )${process.platform === 'win32' ? '' : ', colon(:)'} and slashes (/).`;
const nameCharacters = process.platform === 'win32' ? /^[/\p{L}\p{N}_.\- ]*$/u : /^[/\p{L}\p{N}_.\- :]*$/u;

const badPath = (name: string): string =>
  `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to ${pythonRepr(normalize(name))}`;

/** What nearly all names are: no segment is empty or begins with a dot. */
const plainName = /^[^/.][^/]*(?:\/[^/.][^/]*)*$/;

/** Names that are files of their own for a file store: `a/../b` and `./a` would be others. */
export const isUnsafeName = (name: string): boolean =>
  !plainName.test(name) && (normalize(name) !== name || name === '.' || name.startsWith('..') || name.startsWith('/'));

export const checkName = (name: string, path: string): void => {
  if (!nameCharacters.test(name)) throw invalidValue(path, name, badCharacters);
  checkPath(name, path);
};

/** The part of the check that names of registered models share. */
export const checkPath = (name: string, path: string): void => {
  if (isUnsafeName(name)) throw invalidValue(path, name, badPath(name));
};

const at = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

export const checkMetric = (metric: Metric, path = ''): void => {
  checkName(metric.key, at(path, 'name'));
  if (metric.timestamp < 0) {
    const why = `metric '${metric.key}' (value=${pythonFloatText(metric.value)}). Timestamp must be a nonnegative long (64-bit integer) `;
    throw invalidValue(at(path, 'timestamp'), metric.timestamp, why);
  }
  checkLength('Metric name', maxKeyLength, metric.key);
};

/** The param as it is stored. */
export const checkParam = (param: Param, path = ''): Param => {
  checkName(param.key, at(path, 'key'));
  checkLength('Param key', maxKeyLength, param.key);
  return { key: param.key, value: truncate(param.value, maxParamValueLength) };
};

/** The tag as it is stored. */
export const checkTag = (tag: Tag, path = ''): Tag => {
  checkName(tag.key, at(path, 'key'));
  checkLength(at(path, 'key'), maxKeyLength, tag.key);
  return { key: tag.key, value: truncate(tag.value, maxTagValueLength) };
};

export const checkExperimentTag = (tag: Tag): void => {
  checkName(tag.key, 'key');
  checkLength('key', maxKeyLength, tag.key);
  checkLength('value', maxExperimentTagValueLength, tag.value);
};

export const checkExperimentName = (name: string): void => {
  if (name === '') throw invalid("Invalid experiment name: ''");
  checkLength('name', maxExperimentNameLength, name);
};

export const checkArtifactLocationLength = (location: string): void => {
  if (codePoints(location, maxArtifactLocationLength) <= maxArtifactLocationLength) return;
  throw invalid(
    `Invalid artifact path length. The length of the artifact path cannot be greater than ${maxArtifactLocationLength} characters. To configure this limit, please set the MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable.`,
  );
};

/** The id as SQLite knows it: Python's `int()` takes blanks, a sign and zeros in front. */
export const parseExperimentId = (text: string): ExperimentId => {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw invalid(`Invalid experiment ID '${text}'. Experiment ID must be a valid integer.`);
  return asExperimentId(BigInt(text.trim().replace('+', '')).toString());
};

export const checkRunId = (runId: RunId): void => {
  if (!/^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u.test(runId)) throw invalidValue('run_id', runId);
};

const checkBatchLimit = (what: string, limit: number, count: number): void => {
  if (count <= limit) return;
  throw invalid(
    `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
  );
};

export const checkBatchLimits = (metrics: number, params: number, tags: number): void => {
  checkBatchLimit('metrics', 1000, metrics);
  checkBatchLimit('params', 100, params);
  checkBatchLimit('tags', 100, tags);
  checkBatchLimit('metrics, params, and tags', 1000, metrics + params + tags);
};

export const checkUniqueParams = (params: readonly Param[]): void => {
  const duplicates = params.map(({ key }) => key).filter((key, index, keys) => keys.indexOf(key) < index);
  if (duplicates.length === 0) return;
  throw invalid(
    `Duplicate parameter keys have been submitted: ${pythonList(duplicates)}. Please ensure the request contains only one param value per param key.`,
  );
};

/** A page of `maxResults` items; MLflow refuses others with these words. */
export const checkMaxResults = (maxResults: number): void => {
  if (maxResults < 1) throw invalid(`Invalid value ${maxResults} for parameter 'max_results' supplied. It must be a positive integer`);
  if (maxResults > 50_000) throw invalid(`Invalid value ${maxResults} for parameter 'max_results' supplied. It must be at most 50000`);
};

/** Datasets have sentences of their own for what MLflow's columns can hold. */
export const checkDatasetInput = ({ dataset, tags }: DatasetInput): void => {
  checkLength('name', 500, dataset.name);
  checkLength('digest', 36, dataset.digest);
  checkLength('source', 65_535, dataset.source);
  checkLength('schema', 1_048_575, dataset.schema ?? '');
  checkLength('profile', 16_777_215, dataset.profile ?? '');
  for (const tag of tags) {
    checkLength('key', 255, tag.key);
    checkLength('value', 500, tag.value);
  }
};
