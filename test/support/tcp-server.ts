import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { TcpServer, type TcpServerOptions } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { newTempFolder } from './store-database.ts';

export interface StartedServer {
  readonly server: TcpServer;
  readonly port: number;
  /** Of the store; its parent is a folder of the test's own too. */
  readonly folder: string;
  readonly artifacts: string;
}

/** A server on a new store that asks for no token, with its artifacts in `mlartifacts` beside the file. */
export const startTcpServer = async (options: Partial<TcpServerOptions> = {}): Promise<StartedServer> => {
  const folder = join(newTempFolder(), 'store');
  const artifacts = join(folder, 'mlartifacts');
  mkdirSync(artifacts, { recursive: true });
  const places = { path: join(folder, 'mlflow.db'), artifactRoot: 'mlflow-artifacts:/', artifactsDestination: artifacts };
  const server = await TcpServer.start({ ...places, token: undefined, host: '127.0.0.1', port: 0, log: silentLogger, ...options });
  onTestFinished(() => server.dispose());
  return { server, port: Number(new URL(server.url).port), folder, artifacts };
};
