import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import { withPathFirst } from '../shared/path-variable.ts';
import { start, userEnvironment, type Command, type RunningProcess } from '../shared/process.ts';
import { identify, killTree } from '../shared/process-tree.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import { servingEnvironment, servingMarker } from './serving-environment.ts';
import { explainFailure } from './serving-failure.ts';
import type { ServingRequest } from './serving-folder.ts';

export interface MlflowRun {
  readonly request: Pick<ServingRequest, 'modelUri' | 'manager' | 'variables' | 'interpreter' | 'workspaceFolder'>;
  readonly store?: StoreAddress;
  /** Names of variables that the user lets the model have. */
  readonly allowed: readonly string[];
  /** What comes behind `mlflow`. */
  readonly args: readonly string[];
  /** What it prints, line by line. */
  readonly onLine: (line: string) => void;
}

/** Characters of the output in which the cause of a failure is looked for. */
const longestTail = 200_000;
const grace = { interrupt: 3_000, terminate: 3_000 };

/** Runs mlflow to its end, with the environment that a model gets. Aborting ends it with all that it has started. Thrown: why it failed. */
export const runMlflow = async ({ request, store, allowed, args, onLine }: MlflowRun, signal: AbortSignal): Promise<void> => {
  const id = randomUUID();
  const { interpreter, workspaceFolder } = request;
  const environment = servingEnvironment(userEnvironment(), { id, request, allowed, ...(store !== undefined && { store }) });
  const env = withPathFirst(environment, dirname(interpreter));
  const { output, ending } = await runToEnd({ file: interpreter, args: ['-m', 'mlflow', ...args], cwd: workspaceFolder, env }, { id, onLine }, signal);
  if (ending === 0) return;
  throw new MlflowError('INVALID_STATE', explainFailure(output, { interpreter, ending: String(ending) }).message);
};

/** What a program has said last, and its exit code or the signal that ended it. */
export interface Ended {
  readonly output: string;
  readonly ending: number | string | null;
}

/** `id`: a name of its own, by which all that it has started is found; the environment holds it as `servingMarker`. */
export const runToEnd = async (
  command: Command,
  { id, onLine }: { readonly id: string; readonly onLine: MlflowRun['onLine'] },
  signal: AbortSignal,
): Promise<Ended> => {
  signal.throwIfAborted();
  const child = await start(command, { streams: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = collectOutput(child, onLine);
  const stop = (): void => void endAll(child, id);
  signal.addEventListener('abort', stop, { once: true });
  // It may have been given up while the program was starting.
  if (signal.aborted) stop();
  const { code, signal: killed } = await child.ended;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return { output: output(), ending: code ?? killed };
};

const endAll = async (child: RunningProcess, id: string): Promise<void> => {
  const root = await identify(child.pid);
  if (root !== undefined) await killTree(root, { grace, marker: servingMarker(id) });
};

/** Hands back what was printed last. */
const collectOutput = ({ stdout, stderr }: RunningProcess, onLine: (line: string) => void): (() => string) => {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-longestTail);
      for (const line of chunk.split(/\r?\n/)) if (line.trim() !== '') onLine(line);
    });
  }
  return () => text;
};

export const dockerfileArgs = (modelUri: string, directory: string): readonly string[] => [
  ...['models', 'generate-dockerfile', '--model-uri', modelUri],
  ...['--output-directory', directory],
];

export const exportArgs = (modelUri: string, directory: string): readonly string[] => [
  'artifacts',
  'download',
  '--artifact-uri',
  modelUri,
  '--dst-path',
  directory,
];
