import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

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
  const ended = server.ended.then(({ code }) => `mlflow server ended with code ${code}`);
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([untilHealthy(url), ended.then((message) => Promise.reject(new Error(message)))]);
  return {
    url,
    stop: async () => {
      // Its workers are children of its own: the whole group ends.
      process.kill(-server.pid, 'SIGKILL');
      await server.ended;
    },
  };
};

const untilHealthy = async (url: string): Promise<void> => {
  for (;;) {
    const response = await fetch(`${url}/health`).catch(() => undefined);
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
