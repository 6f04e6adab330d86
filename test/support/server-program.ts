import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { nodeCommand, start, type RunningProcess } from '../../extension/shared/process.ts';

const program = fileURLToPath(new URL('../../extension/cli/main.ts', import.meta.url));

export interface ServerProgram {
  readonly url: string;
  readonly process: RunningProcess;
}

/** `mlflow-workbench server` without a token, as a process of its own, on `mlflow.db` in this folder. */
export const startServerProgram = async (folder: string): Promise<ServerProgram> => {
  const command = nodeCommand(program, ['server', '--port', '0', '--no-token', '--log-level', 'error']);
  const running = await start({ ...command, cwd: folder }, { streams: ['ignore', 'pipe', 'inherit'] });
  if (running.stdout === null) throw new Error('no pipe');
  for await (const line of createInterface({ input: running.stdout })) {
    const url = /MLFLOW_TRACKING_URI=(.*)/.exec(line)?.[1];
    if (url !== undefined) return { url, process: running };
  }
  throw new Error('The server ended before it was ready');
};
