import { isAbsolute, resolve } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import type { Param } from '../tracking/run.ts';
import type { EntryPoint, Parameter } from './entry-point.ts';
import { quoteForShell } from '../shared/shell-quote.ts';

/** Values by name, in the order in which they were given. */
export type GivenValues = ReadonlyMap<string, string>;

export interface ResolvedParameters {
  readonly declared: readonly { readonly parameter: Parameter; readonly value: string }[];
  /** Given but not declared: appended to the command as `--key value`. */
  readonly extra: readonly Param[];
}

export const missingParameters = (entryPoint: EntryPoint, given: GivenValues): readonly Parameter[] =>
  entryPoint.parameters.filter((parameter) => parameter.defaultValue === undefined && !given.has(parameter.name));

/** Throws INVALID_PARAMETER_VALUE, in MLflow's words, when a required parameter has no value. */
export const requireParameters = (entryPoint: EntryPoint, given: GivenValues): void => {
  const missing = missingParameters(entryPoint, given);
  if (missing.length === 0) return;
  const names = missing.map((parameter) => `'${parameter.name}'`).join(', ');
  throw new MlflowError('INVALID_PARAMETER_VALUE', `No value given for missing parameters: ${names}`);
};

/** Throws INVALID_PARAMETER_VALUE for a missing value, or for a `uri` without a scheme. */
export const resolveParameters = (entryPoint: EntryPoint, given: GivenValues): ResolvedParameters => {
  requireParameters(entryPoint, given);
  const declared = entryPoint.parameters.map((parameter) => ({ parameter, value: given.get(parameter.name) ?? parameter.defaultValue ?? '' }));
  for (const { parameter, value } of declared) {
    const problem = valueProblem(parameter, value);
    if (problem !== undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', problem);
  }
  const names = new Set(entryPoint.parameters.map((parameter) => parameter.name));
  const extra = [...given].filter(([key]) => !names.has(key)).map(([key, value]) => ({ key, value }));
  return { declared, extra };
};

/** What MLflow would refuse, without looking at files; undefined when it would not. */
export const valueProblem = (parameter: Parameter, value: string): string | undefined => {
  if (value.includes('\0')) return `The value of parameter ${parameter.name} holds a NUL character, which no program can receive`;
  if (parameter.type === 'uri' && schemeOf(value) === '') return `Expected URI for parameter ${parameter.name} but got ${value}`;
  return undefined;
};

/** The params that MLflow logs: its shell-quoted text, `path` values before they are resolved. */
export const loggedParams = ({ declared, extra }: ResolvedParameters, platform: NodeJS.Platform): readonly Param[] => [
  ...declared.map(({ parameter, value }) => ({ key: parameter.name, value: quoteForShell(value, platform) })),
  ...extra.map(({ key, value }) => ({ key: quoteForShell(key, platform), value: quoteForShell(value, platform) })),
];

export type PathSource = { readonly kind: 'local'; readonly path: string } | { readonly kind: 'remote'; readonly uri: string };

/** Where a `path` value lies; a relative one is in the project's folder, as for `mlflow run .` there. */
export const pathSource = (value: string, projectDirectory: string): PathSource => {
  const scheme = schemeOf(value);
  const isLocal = scheme === '' || (scheme === 'file' && !/^file:\/\/[^/]/i.test(value));
  if (value === '' || !isLocal) return { kind: 'remote', uri: value };
  const path = percentDecoded(value.startsWith('file:') ? filePath(value) : value);
  return { kind: 'local', path: isAbsolute(path) ? resolve(path) : resolve(projectDirectory, path) };
};

/** `urllib.parse.urlparse(text).scheme` */
const schemeOf = (text: string): string => /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? '';

const filePath = (uri: string): string =>
  uri
    .slice('file:'.length)
    .replace(/^\/\/(?=\/)/, '')
    .replace(/[?#].*$/s, '');

/** `urllib.request.url2pathname` on POSIX: what is no valid escape stays as it is. */
const percentDecoded = (text: string): string => text.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
