import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { nodeCommand, start, type RunningProcess } from '../../extension/shared/process.ts';
import { bundlePrograms } from './bundle-programs.ts';

const repository = join(import.meta.dirname, '..', '..');

/** The command line, with the reader that it starts. */
export const bundleServerProgram = async (): Promise<string> =>
  join(await bundlePrograms({ cli: 'extension/cli/main.ts', reader: 'extension/server/reader.ts' }), 'cli.cjs');

export interface ServerProgram {
  readonly url: string;
  readonly process: RunningProcess;
}

/** `mlflow-workbench server` without a token, as a process of its own, on `mlflow.db` in this folder; `program` is what `bundleServerProgram` made. */
export const startServerProgram = async (program: string, folder: string): Promise<ServerProgram> => {
  const command = nodeCommand(program, ['server', '--port', '0', '--no-token', '--log-level', 'error']);
  // What is not in the bundle is found from here.
  const env = { ...command.env, NODE_PATH: join(repository, 'node_modules') };
  const running = await start({ ...command, cwd: folder, env }, { streams: ['ignore', 'pipe', 'inherit'] });
  if (running.stdout === null) throw new Error('no pipe');
  for await (const line of createInterface({ input: running.stdout })) {
    const url = /MLFLOW_TRACKING_URI=(.*)/.exec(line)?.[1];
    if (url !== undefined) return { url, process: running };
  }
  throw new Error('The server ended before it was ready');
};
