import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { nodeCommand, start } from '../../extension/shared/process.ts';
import { startMlflowServer } from '../../test/support/mlflow-server.ts';
import { repository } from '../tools.ts';

export interface MeasuredServer {
  /** The store's file. */
  readonly path: string;
  readonly url: string;
  /** ms from its start to its first answer. */
  readonly coldStart: number;
  /** MB that it and its children use. */
  memory(): number;
  stop(): Promise<void>;
}

export interface MeasuredPeer extends MeasuredServer {
  pause(): void;
  resume(): void;
}

/** Where either server keeps it. */
export const storeIn = (folder: string): string => join(folder, 'mlflow.db');

/** The bundled `mlflow-workbench server` on `mlflow.db` in the folder. */
export const startOurs = async (folder: string): Promise<MeasuredServer> => {
  const began = performance.now();
  const command = nodeCommand(join(repository, 'dist', 'cli.cjs'), ['server', '--port', '0', '--no-token', '--log-level', 'error']);
  const running = await start({ ...command, cwd: folder }, { streams: ['ignore', 'pipe', 'inherit'] });
  if (running.stdout === null) throw new Error('no pipe');
  const url = await urlIn(running.stdout);
  await (await fetch(`${url}/health`)).text();
  return {
    path: storeIn(folder),
    url,
    coldStart: performance.now() - began,
    memory: () => memoryOf([running.pid]),
    stop: async () => {
      running.kill('SIGTERM');
      await running.ended;
    },
  };
};

const urlIn = async (output: NodeJS.ReadableStream): Promise<string> => {
  for await (const line of createInterface({ input: output })) {
    const url = /MLFLOW_TRACKING_URI=(.*)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The server ended before it was ready');
};

/** The released `mlflow server` with one worker, and all else as it comes. */
export const startPeer = async (folder: string): Promise<MeasuredPeer> => {
  const began = performance.now();
  const server = await startMlflowServer(folder, { withJobs: true });
  const coldStart = performance.now() - began;
  return { ...server, path: storeIn(folder), coldStart, memory: () => memoryOf(programsIn(folder)) };
};

/** Its worker has the folder in its arguments as the first process has. */
const programsIn = (folder: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(join('/proc', name, 'cmdline')).includes(folder))
    .map(Number);

/** Proportional set sizes of these processes and of all below them. */
const memoryOf = (pids: readonly number[]): number => {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(/^PPid:\s+(\d+)/m.exec(read(join('/proc', name, 'status')))?.[1]) }));
  const all = new Set(pids);
  for (const pid of all) for (const { pid: child, parent } of parents) if (parent === pid) all.add(child);
  return [...all].reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(join('/proc', String(pid), 'smaps_rollup')))?.[1] ?? 0), 0) / 1024;
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended in the meantime.
    return '';
  }
};
