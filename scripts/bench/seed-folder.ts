import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createFileStore } from '../../extension/tracking/file-store.ts';

/** A new `mlruns/` with finished runs, each with a metric, a param and two tags; their ids are their numbers. */
export const seedFolder = (root: string, runs: number): void => {
  createFileStore(root);
  for (let number = 1; number <= runs; number += 1) addRun(join(root, '0', number.toString(16).padStart(32, '0')), number);
};

const addRun = (folder: string, number: number): void => {
  for (const name of ['artifacts', 'metrics', 'params', 'tags']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'metrics', 'loss'), `1700000000000 ${number / 1e6} 1\n`);
  writeFileSync(join(folder, 'params', 'alpha'), `0.${number}`);
  writeFileSync(join(folder, 'tags', 'mlflow.runName'), `run-${number}`);
  writeFileSync(join(folder, 'tags', 'team'), 'red');
  writeFileSync(join(folder, 'meta.yaml'), metaOf(folder, number));
};

/** As MLflow writes it. */
const metaOf = (folder: string, number: number): string =>
  [
    `artifact_uri: file://${join(folder, 'artifacts')}`,
    `end_time: ${1_700_000_060_000 + number * 1000}`,
    "entry_point_name: ''",
    "experiment_id: '0'",
    'lifecycle_stage: active',
    `run_id: '${number.toString(16).padStart(32, '0')}'`,
    `run_name: run-${number}`,
    "source_name: ''",
    'source_type: 4',
    "source_version: ''",
    `start_time: ${1_700_000_000_000 + number * 1000}`,
    'status: 3',
    'tags: []',
    'user_id: me',
    '',
  ].join('\n');
