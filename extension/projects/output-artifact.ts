import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MlflowError } from '../shared/errors.ts';
import { run } from '../shared/process.ts';
import { runEnvironment } from './run-environment.ts';
import type { RunFolder, RunPlan } from './run-folder.ts';

/** The name that others log a run's output by. */
const artifactName = 'stdout.log';

/** Logs what a run has printed as its artifact: copied where artifacts are files, by the run's mlflow elsewhere. */
export const logOutput = async (plan: RunPlan, folder: RunFolder, variables: Readonly<Record<string, string>>): Promise<void> => {
  const local = localFolder(plan.artifactUri);
  if (local !== undefined) {
    await mkdir(local, { recursive: true });
    return await copyFile(folder.outputFile, join(local, artifactName));
  }
  const file = join(folder.path, artifactName);
  await copyFile(folder.outputFile, file);
  const args = ['-m', 'mlflow', 'artifacts', 'log-artifact', '--local-file', file, '--run-id', plan.runId];
  const { code, stderr } = await run({ file: plan.environment.interpreter ?? 'python', args, env: runEnvironment(plan, variables) });
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `The output could not be logged: ${stderr.trim().split('\n').at(-1) ?? ''}`);
};

const localFolder = (uri: string): string | undefined => {
  if (uri.startsWith('file://')) return fileURLToPath(uri);
  return /^[a-z][a-z\d+.-]+:/i.test(uri) ? undefined : uri;
};
