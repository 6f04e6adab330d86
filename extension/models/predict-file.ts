import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import { runMlflow, type MlflowRun } from './mlflow-command.ts';

/** A name beside the input that nothing has yet: `rows.predictions.json`. */
export const predictionsPath = (input: string): string => {
  const stem = join(dirname(input), basename(input, extname(input)));
  const names = [`${stem}.predictions.json`, ...Array.from({ length: 99 }, (_, index) => `${stem}.predictions-${index + 2}.json`)];
  const free = names.find((name) => !existsSync(name));
  if (free === undefined) throw new MlflowError('RESOURCE_ALREADY_EXISTS', `There are a hundred files such as ${basename(stem)}.predictions.json already`);
  return free;
};

/** `mlflow models predict`: a CSV file with a header, or a JSON file in one of the formats of a scoring server. */
export const predictFile = async (run: Omit<MlflowRun, 'args'>, input: string, output: string, signal: AbortSignal): Promise<void> => {
  const { modelUri, manager } = run.request;
  const contentType = extname(input).toLowerCase() === '.csv' ? 'csv' : 'json';
  const args = [
    ...['models', 'predict', '--model-uri', modelUri, '--env-manager', manager],
    ...['--input-path', input, '--output-path', output, '--content-type', contentType],
  ];
  await runMlflow({ ...run, args }, signal);
};
