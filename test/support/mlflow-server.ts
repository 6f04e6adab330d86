import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { start } from '../../extension/shared/process.ts';
import { pythonPath } from './python.ts';

export interface MlflowServer {
  readonly url: string;
  stop(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
};

/** MLflow's own server on a new SQLite file in the folder; resolves when it answers. */
export const startMlflowServer = async (folder: string): Promise<MlflowServer> => {
  const port = await freePort();
  const options = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'mlartifacts')];
  const command = {
    file: pythonPath(),
    args: ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...options],
    cwd: folder,
  };
  const server = await start(command, { streams: ['ignore', 'ignore', 'ignore'], detached: true });
  const gone = new AbortController();
  void server.ended.then(({ code }) => gone.abort(new Error(`mlflow server ended with code ${code}`)));
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, gone.signal);
  return {
    url,
    stop: async () => {
      // Its workers are children of its own: the whole group ends.
      process.kill(-server.pid, 'SIGKILL');
      await server.ended;
    },
  };
};

/** Rejects with the signal's reason as soon as it is aborted. */
const untilHealthy = async (url: string, signal: AbortSignal): Promise<void> => {
  for (;;) {
    const response = await fetch(`${url}/health`, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (response?.ok === true) return;
    await delay(100);
  }
};
