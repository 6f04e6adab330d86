import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { MlflowError } from '../shared/errors.ts';
import { splitUri } from '../shared/uri.ts';
import { isFolderPath } from '../tracking/file-store.ts';
import { stderrLogger, type LogLevel } from '../server/stderr-logger.ts';
import { newToken } from '../shared/token.ts';
import { StandardInput } from './standard-input.ts';
import { checkToken, readOrCreateToken } from './token-file.ts';

interface ServerOptions {
  readonly backendStoreUri: string;
  readonly artifactsDestination: string;
  readonly defaultArtifactRoot: string;
  readonly artifactFolders?: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly allowedHosts?: readonly string[];
  readonly token: boolean;
  readonly tokenFile?: string;
  readonly stopWithStdin?: boolean;
  readonly logLevel: LogLevel;
}

/** The options of `mlflow server` keep their names. */
export const serverCommand = (): Command =>
  new Command('server')
    .description("Serves a SQLite store, or a folder as MLflow's mlruns, at a TCP port with MLflow's REST API")
    .option('--backend-store-uri <uri>', 'the store: sqlite:///relative.db, sqlite:////absolute.db, or the folder ./mlruns', 'sqlite:///mlflow.db')
    .option('--artifacts-destination <folder>', 'where artifacts that clients upload are kept', './mlartifacts')
    .option('--default-artifact-root <uri>', 'artifact location of new experiments', 'mlflow-artifacts:/')
    .option('--artifact-folders <folders>', 'further folders, separated by commas, that are read when the store says that artifacts are there', readList)
    .option('-h, --host <address>', 'network interface to listen on', '127.0.0.1')
    .option('-p, --port <number>', 'port, 0 for any free one', readPort, 5000)
    .option('--allowed-hosts <names>', 'exact names by which clients call this server, separated by commas', readList)
    .option('--token-file <file>', 'file that holds the token; made with a new one when it is not there; - reads a line of the standard input')
    .option('--no-token', 'ask for no token (only on a loopback interface)')
    .option('--stop-with-stdin', 'stop when the standard input ends, that is, with the program that started this one')
    .addOption(new Option('--log-level <level>').choices(['error', 'warn', 'info', 'debug']).default('info'))
    .helpOption('--help')
    .exitOverride()
    .action(serve);

const readPort = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
};

const readList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const artifactAdvice = 'Start the server with --artifact-folders to have that folder read.';

const serve = async (options: ServerOptions): Promise<void> => {
  const input = options.tokenFile === '-' || options.stopWithStdin === true ? new StandardInput() : undefined;
  try {
    await serveUntilStopped(options, input);
  } finally {
    input?.close();
  }
};

const serveUntilStopped = async (options: ServerOptions, input: StandardInput | undefined): Promise<void> => {
  const token = await tokenOf(options, input);
  const path = readBackendStore(options.backendStoreUri);
  // Only this verb needs SQLite's binary: the others start without it, and where it does not load.
  const { TcpServer } = await import('../server/tcp-server.ts');
  const server = await TcpServer.start({
    path,
    token,
    host: options.host,
    port: options.port,
    ...(options.allowedHosts && { allowedHosts: options.allowedHosts }),
    artifactRoot: options.defaultArtifactRoot,
    artifactsDestination: resolve(options.artifactsDestination),
    artifactFolders: (options.artifactFolders ?? []).map((folder) => resolve(folder)),
    artifactAdvice,
    log: stderrLogger(options.logLevel),
  });
  process.stdout.write(greeting(server.url, path, token, options.tokenFile));
  await Promise.race([signalled(), ...(options.stopWithStdin === true && input !== undefined ? [input.ended] : [])]);
  await server.stop();
};

const tokenOf = async ({ token, tokenFile }: ServerOptions, input: StandardInput | undefined): Promise<string | undefined> => {
  if (!token) return undefined;
  if (tokenFile === '-') return checkToken((await input?.firstLine) ?? '', 'The standard input');
  return tokenFile === undefined ? newToken() : readOrCreateToken(resolve(tokenFile));
};

/** As SQLAlchemy reads it: three slashes and a path, which is relative unless it begins with another one. Without a scheme it is a folder. */
const readBackendStore = (uri: string): string => {
  const file = /^sqlite:\/\/\/([^?]+)$/.exec(uri)?.[1];
  if (file !== undefined) return resolve(file);
  const folder = readFolder(uri);
  if (folder !== undefined && isFolderPath(folder)) return folder;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `'${uri}' is not a store that can be served: sqlite:///<path>, or a folder as ./mlruns`);
};

const readFolder = (uri: string): string | undefined => {
  if (/^file:\/\//i.test(uri)) return fileURLToPath(uri);
  return splitUri(uri).scheme.length > 1 ? undefined : resolve(uri);
};

const greeting = (url: string, path: string, token: string | undefined, tokenFile: string | undefined): string => {
  const lines = [`Serving ${path} at ${url} (Ctrl-C stops it)`, `  MLFLOW_TRACKING_URI=${url}`];
  // A new token exists nowhere else; one from a file stays there.
  if (token !== undefined && tokenFile === undefined) lines.push(`  MLFLOW_TRACKING_TOKEN=${token}`);
  if (tokenFile !== undefined && tokenFile !== '-') lines.push(`  MLFLOW_TRACKING_TOKEN: the content of ${tokenFile}`);
  return `${lines.join('\n')}\n`;
};

/** A second signal ends the process as usual. */
const signalled = (): Promise<unknown> =>
  Promise.race((['SIGINT', 'SIGTERM'] as const).map((signal) => new Promise((resolve) => process.once(signal, resolve))));
