import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

import { TcpServer, type TcpServerOptions } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';

/** Our standalone server on this file, its uploads beside it; stopped after the test. */
export const serveStore = async (path: string, options: Partial<TcpServerOptions> = {}): Promise<TcpServer> => {
  const places = { artifactRoot: 'mlflow-artifacts:/', artifactsDestination: join(dirname(path), 'mlartifacts') };
  const server = await TcpServer.start({ path, ...places, host: '127.0.0.1', port: 0, token: undefined, log: silentLogger, ...options });
  onTestFinished(() => server.stop());
  return server;
};
