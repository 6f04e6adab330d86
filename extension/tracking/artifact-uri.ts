import { MlflowError } from '../shared/errors.ts';
import { decodeFully } from '../shared/uri.ts';
import { checkArtifactLocationLength } from './validation.ts';
import { dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

const schemeOf = (location: string): string | undefined => /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase();

/** `<location>/<part>/…`; in a URI the parts go before the query. */
export const appendToLocation = (location: string, ...parts: readonly string[]): string => {
  const [, path = '', query = ''] = (schemeOf(location) === undefined ? undefined : /^([^?#]*)(.*)$/s.exec(location)) ?? [location, location];
  return `${path.replace(/\/$/, '')}/${parts.join('/')}${query}`;
};

/** Refuses what MLflow refuses in a location that comes over the wire. */
export const checkLocation = (location: string): void => {
  const scheme = schemeOf(location);
  if (scheme === 'runs') throw invalid(`Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  if (/#/.test(location) || (scheme !== undefined && /;/.test(location))) throw invalid("'artifact_location' URL can't include fragments or params.");
  if (/[\0-\x1f]/.test(location)) throw invalid("'artifact_location' cannot contain control characters.");
  const query = /\?(.*)$/s.exec(location)?.[1];
  if (query !== undefined && decodeFully(query).includes('..')) throw invalid('Invalid query string');
  checkArtifactLocationLength(location);
};

/** A relative path is one beside the store's file, since a server's working directory says nothing. */
export const resolveLocation = (location: string, databasePath: string): string => {
  if (schemeOf(location) !== undefined || isAbsolute(location)) return location;
  const path = join(dirname(databasePath), location);
  return process.platform === 'win32' ? pathToFileURL(path).href : path;
};
