import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { storeVariables } from '../tracking/store-connection.ts';
import { quoteForBash } from '../shared/shell-quote.ts';
import type { ExecutionPlan } from './run-folder.ts';

/** Every process of a run carries it, also those that a script starts: by it they are found when the run is stopped. */
export const runMarker = (plan: Pick<ExecutionPlan, 'runId'>): `${string}=${string}` => `${markerVariable}=${plan.runId}`;

const markerVariable = 'MLFLOW_WORKBENCH_RUN';

/** The three variables that `mlflow run` gives to an entry point, and ours. */
export const runEnvironment = (plan: ExecutionPlan, base: Readonly<Record<string, string>>): Record<string, string> => ({
  ...base,
  PYTHONUNBUFFERED: '1',
  MLFLOW_RUN_ID: plan.runId,
  ...storeVariables(plan.store),
  MLFLOW_EXPERIMENT_ID: plan.experimentId,
  [markerVariable]: plan.runId,
});

/**
 * The folder that makes `python` mean this interpreter. Commands say `python`; where the interpreter is
 * called otherwise (`/usr/bin/python3`), a folder with a script of that name stands in.
 */
export const pythonFolder = async (interpreter: string, scratch: string): Promise<string> => {
  const folder = dirname(interpreter);
  if (process.platform === 'win32' || existsSync(join(folder, 'python'))) return folder;
  await mkdir(scratch, { recursive: true });
  const script = join(scratch, 'python');
  await writeFile(script, `#!/bin/sh\nexec ${quoteForBash(interpreter)} "$@"\n`);
  await chmod(script, 0o755);
  return scratch;
};
