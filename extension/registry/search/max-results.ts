import { MlflowError } from '../../shared/errors.ts';

const most = { models: 1_000, versions: 200_000 } as const;

export const checkMostResults = (maxResults: number, of: keyof typeof most): void => {
  if (maxResults < 1) throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value for max_results. It must be a positive integer, but got ${maxResults}`);
  if (maxResults <= most[of]) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value for request parameter max_results. It must be at most ${most[of]}, but got value ${maxResults}`,
  );
};
