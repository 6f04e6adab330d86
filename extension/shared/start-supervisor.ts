import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { MlflowError } from './errors.ts';
import { start, type Command, type RunningProcess } from './process.ts';

/** Starts a program of ours that outlives this one, and resolves when it says that it is ready; what it has to say else goes to the log file. */
export const startSupervisor = async (command: Command, logFile: string): Promise<void> => {
  const log = openSync(logFile, 'a');
  try {
    const supervisor = await start(command, { streams: ['ignore', 'pipe', log], detached: true });
    if (!(await isReady(supervisor))) throw new MlflowError('INTERNAL_ERROR', `The supervisor did not start: ${await readFile(logFile, 'utf8')}`);
    supervisor.stdout?.destroy();
    supervisor.unref();
  } finally {
    closeSync(log);
  }
};

/** The first thing that it says is that it is ready; when it ends instead, its stdout ends. */
const isReady = async ({ stdout }: RunningProcess): Promise<boolean> => {
  if (stdout === null) return false;
  const controller = new AbortController();
  const said = await Promise.race([once(stdout, 'data', controller), once(stdout, 'close', controller)]);
  controller.abort();
  return said.length > 0;
};
