import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { start } from '../../extension/shared/process.ts';
import { pythonPath } from './python.ts';

export interface MlflowServer {
  readonly url: string;
  /** All of its processes stand still, until they go on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
};

/** The first user of MLflow's basic auth, as `basic_auth.ini` names it. */
export const administrator = { user: 'admin', password: 'correct horse battery' };

/** Who has no permission of their own has none at all. */
const authConfig = (folder: string): string =>
  [
    '[mlflow]',
    'default_permission = NO_PERMISSIONS',
    `database_uri = sqlite:///${join(folder, 'basic_auth.db')}`,
    `admin_username = ${administrator.user}`,
    `admin_password = ${administrator.password}`,
    'authorization_function = mlflow.server.auth:authenticate_request_basic_auth',
    '',
  ].join('\n');

/** `mlflow server --app-name basic-auth`, of which only `/health` answers whoever asks. */
export const startAuthServer = async (folder: string, args: readonly string[] = []): Promise<MlflowServer> => {
  const config = join(folder, 'basic_auth.ini');
  await writeFile(config, authConfig(folder));
  const env = { ...process.env, MLFLOW_AUTH_CONFIG_PATH: config, MLFLOW_FLASK_SERVER_SECRET_KEY: 'of-a-test' };
  return await startMlflowServer(folder, { args: ['--app-name', 'basic-auth', ...args], env });
};

export interface MlflowServerOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** As released: its runners of jobs look for work all the time, which takes more than half of two cores. */
  readonly withJobs?: boolean;
  /** What `--static-prefix` in `args` says. */
  readonly prefix?: string;
}

/** MLflow's own server on a new SQLite file in the folder; resolves when it answers. */
export const startMlflowServer = async (
  folder: string,
  { args = [], env = process.env, withJobs = false, prefix = '' }: MlflowServerOptions = {},
): Promise<MlflowServer> => {
  const port = await freePort();
  const options = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'mlartifacts')];
  const command = {
    file: pythonPath(),
    args: ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...options, ...args],
    cwd: folder,
    env: { ...env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: String(withJobs) },
  };
  const server = await start(command, { streams: ['ignore', 'ignore', 'ignore'], detached: true });
  const gone = new AbortController();
  void server.ended.then(({ code }) => gone.abort(new Error(`mlflow server ended with code ${code}`)));
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url + prefix, gone.signal);
  // Its workers are children of its own: a signal is for the whole group.
  const signal = (name: NodeJS.Signals): boolean => process.kill(-server.pid, name);
  return {
    url,
    pause: () => void signal('SIGSTOP'),
    resume: () => void signal('SIGCONT'),
    stop: async () => {
      signal('SIGKILL');
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
