import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

import { MlflowError } from '../shared/errors.ts';
import { nodeCommand, start, type RunningProcess } from '../shared/process.ts';
import { addressText } from './store-connection.ts';

export interface TrackingServerOptions {
  /** File name of the bundled command line. */
  readonly cliScript: string;
  readonly storePath: string;
  readonly artifactsDestination: string;
  readonly port: number;
  readonly token: string;
  /** Names by which clients call it besides those of loopback. */
  readonly otherHosts?: readonly string[];
  readonly artifactFolders?: readonly string[];
  readonly onLine: (line: string) => void;
}

export interface TrackingServer {
  readonly url: string;
  readonly pid: number;
  /** Says why it ended; empty when it was asked to. */
  readonly ended: Promise<string>;
  /** Requests under way get their answers. */
  stop(): void;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** `mlflow-workbench server` for one store: a child that ends with this process, whose pipe to its stdin then closes. */
export const startTrackingServer = async (options: TrackingServerOptions): Promise<TrackingServer> => {
  const child = await start(nodeCommand(options.cliScript, argumentsOf(options)), { streams: ['pipe', 'pipe', 'pipe'] });
  // Neither in its arguments nor in its environment, which other programs can see.
  child.stdin?.on('error', () => {});
  child.stdin?.write(`${options.token}\n`);
  let last = '';
  if (child.stderr !== null)
    createInterface({ input: child.stderr }).on('line', (line) => {
      last = line.replace(/^mlflow-workbench: /, '');
      options.onLine(line);
    });
  let isStopping = false;
  const ended = child.ended.then(({ code, signal }) => (isStopping ? '' : last || `It ended with ${code ?? signal}`));
  const url = await Promise.race([addressOf(child, options.onLine), ended.then((reason) => Promise.reject(new MlflowError('INVALID_STATE', reason)))]);
  const stop = (): void => {
    isStopping = true;
    child.stdin?.end();
  };
  return { url, pid: child.pid, ended, stop };
};

const argumentsOf = ({ storePath, artifactsDestination, port, otherHosts = [], artifactFolders = [] }: TrackingServerOptions): readonly string[] => [
  'server',
  ...['--backend-store-uri', addressText({ kind: 'sqlite', path: storePath })],
  ...['--artifacts-destination', artifactsDestination],
  ...['--port', String(port)],
  ...(otherHosts.length > 0 ? ['--allowed-hosts', [...loopbackNames, ...otherHosts].join(',')] : []),
  ...(artifactFolders.length > 0 ? ['--artifact-folders', artifactFolders.join(',')] : []),
  ...['--token-file', '-', '--stop-with-stdin', '--log-level', 'debug'],
];

/** It tells its address once it listens. */
const addressOf = (child: RunningProcess, onLine: (line: string) => void): Promise<string> =>
  new Promise((resolve) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLine(line);
      const [, url] = /MLFLOW_TRACKING_URI=(\S+)/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });

/** This one, when nobody has it, or else any that is free. */
export const freePort = async (wanted: number): Promise<number> => (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;

export const isFreePort = async (port: number): Promise<boolean> => (await tryPort(port)) !== undefined;

const tryPort = async (port: number): Promise<number | undefined> => {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
};
