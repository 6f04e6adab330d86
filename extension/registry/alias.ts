import { MlflowError } from '../shared/errors.ts';

/** A movable name for one version of a model. */
export interface Alias {
  readonly alias: string;
  readonly version: number;
}

const maxLength = 255;
const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export const isLatestAlias = (alias: string): boolean => alias.toLowerCase() === 'latest';

export const checkAlias = (alias: string): void => {
  if (alias === '') throw invalid('Registered model alias name cannot be empty.');
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    throw invalid(`Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`);
  }
  if ([...alias].length > maxLength) throw invalid(`'Registered model alias name' exceeds the maximum length of ${maxLength} characters`);
};

/** `latest` and `v3` would read like a version. */
export const checkNewAlias = (alias: string): void => {
  checkAlias(alias);
  if (isLatestAlias(alias)) throw invalid("'latest' alias name (case insensitive) is reserved.");
  if (/^[vV]\p{Nd}+$/u.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
};
