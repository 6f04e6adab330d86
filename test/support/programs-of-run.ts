import { globSync, readFileSync } from 'node:fs';

/** The processes of a run that live, its shell, its programs and daemons: all carry its id in their environment. Linux only. */
export const programsOfRun = (runId: string): readonly number[] =>
  globSync('/proc/[0-9]*/environ')
    .filter((file) => hasLine(file, `MLFLOW_WORKBENCH_RUN=${runId}`))
    .map((file) => Number(file.split('/')[2]));

/** What has ended meanwhile has none, and what only waits to be collected has an empty one. */
const hasLine = (file: string, line: string): boolean => {
  try {
    return readFileSync(file, 'latin1').split('\0').includes(line);
  } catch {
    return false;
  }
};
