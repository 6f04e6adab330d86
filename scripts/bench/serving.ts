/** What is measured of *Serve*: by the programs as they are shipped. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { ModelServer, type ServingSite } from '../../extension/models/model-server.ts';
import { createScoringClient } from '../../extension/models/scoring-client.ts';
import { start } from '../../extension/shared/process.ts';
import { repository } from '../tools.ts';
import { measureTryIt } from './try-it.ts';

const limits = { start: 600_000, lease: 60_000, grace: { interrupt: 500, terminate: 500 } };

const siteIn = (folder: string): ServingSite => ({
  root: join(folder, 'serving'),
  supervisorScript: join(repository, 'dist', 'serving-supervisor.cjs'),
  limits,
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Resolves once somebody answers at the port. */
const untilAnswered = async (port: number): Promise<void> => {
  const client = createScoringClient(port);
  while (!(await client.ping())) await delay(1);
  client.dispose();
};

/** ms that the program needs by itself until it answers. */
const timeAlone = async (program: string): Promise<number> => {
  const port = await freePort();
  const begin = performance.now();
  const child = await start({ file: program, args: ['--port', String(port)] }, { streams: ['ignore', 'ignore', 'inherit'] });
  await untilAnswered(port);
  const taken = performance.now() - begin;
  child.kill('SIGKILL');
  await child.ended;
  return taken;
};

interface Served {
  readonly server: ModelServer;
  /** ms from the click. */
  readonly taken: number;
  readonly port: number;
}

const serve = async (interpreter: string, modelUri: string, folder: string): Promise<Served> => {
  const begin = performance.now();
  const request = { model: { modelUri }, label: 'model', modelUri, interpreter, manager: 'local', workspaceFolder: folder, variables: [] } as const;
  const server = await ModelServer.start({ request, allowed: [], port: await freePort() }, siteIn(folder));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const look = (): void => {
    if (server.state.phase === 'ready') resolve(server.state.port);
    else if (server.hasEnded) reject(new Error(`The server did not start: ${JSON.stringify(server.state)}`));
  };
  server.onDidChange(look);
  look();
  const port = await promise;
  return { server, port, taken: performance.now() - begin };
};

const end = async ({ server }: Served): Promise<void> => {
  server.stop();
  await server.untilEnded();
  server.dispose();
};

/** ms from the click to ready, without those that the program takes by itself. */
export const measureOwnServing = async (program: string, folder: string, rounds: number): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const alone = await timeAlone(program);
    const served = await serve(program, folder, folder);
    times.push(served.taken - alone);
    await end(served);
  }
  return times;
};

export interface RealServing {
  /** ms from the click to the first prediction. */
  readonly firstPrediction: number;
  /** ms of each request that are ours. */
  readonly requests: readonly number[];
}

/** A model that the real mlflow serves. */
export const measureServing = async (
  python: string,
  model: string,
  { folder, rounds }: { readonly folder: string; readonly rounds: number },
): Promise<RealServing> => {
  const begin = performance.now();
  const served = await serve(python, model, folder);
  const client = createScoringClient(served.port);
  const { status } = await client.score({ contentType: 'application/json', body: '{"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 2]]}}' });
  const taken = performance.now() - begin;
  client.dispose();
  const requests = await measureTryIt(model, served.port, rounds);
  await end(served);
  if (status !== 200) throw new Error(`The model answered ${status}`);
  return { firstPrediction: taken, requests };
};
