import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { errorMessage, MlflowError } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the program; `userEnvironment()` when absent. */
  readonly env?: Environment;
}

export interface Ending {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Output extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess {
  readonly pid: number;
  /** The piped ones of the three. */
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly ended: Promise<Ending>;
  kill(signal?: NodeJS.Signals): void;
  /** This process may end before it. */
  unref(): void;
}

/** A pipe, nothing, this process's own, or an open file. */
export type Stream = 'pipe' | 'ignore' | 'inherit' | number;

export interface StartOptions {
  /** stdin, stdout, stderr. */
  readonly streams: readonly [Stream, Stream, Stream];
  /** A process group of its own, which outlives this process. */
  readonly detached?: boolean;
}

const ofTheEditor = /^(ELECTRON_|VSCODE_|CODE_SERVER_)|^NODE_OPTIONS$/i;

/** What programs of the user are started with: this process's environment without the editor's own variables. */
export const userEnvironment = (environment: Environment = process.env): Record<string, string> => {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined && !ofTheEditor.test(name)) kept[name] = value;
  return kept;
};

/** Runs a script of ours with this process's own program, as plain Node even where that is Electron. */
export const nodeCommand = (script: string, args: readonly string[] = []): Command => ({
  file: process.execPath,
  args: [script, ...args],
  env: { ...userEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
});

/** Resolves once the program runs; rejects with RESOURCE_DOES_NOT_EXIST when it cannot be started. */
export const start = async (command: Command, options: StartOptions): Promise<RunningProcess> => {
  const child = spawn(command.file, [...command.args], {
    cwd: command.cwd,
    env: command.env ?? userEnvironment(),
    stdio: [...options.streams],
    detached: options.detached === true,
    windowsHide: true,
  });
  const ended = endingOf(child);
  await once(child, 'spawn').catch((error: unknown) => {
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Cannot start ${command.file}: ${errorMessage(error)}`, { cause: error });
  });
  // Nobody may listen; without a listener a late error (a failed kill) would end this process.
  child.on('error', () => {});
  return toRunningProcess(child, ended);
};

const endingOf = (child: ChildProcess): Promise<Ending> => new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));

const toRunningProcess = (child: ChildProcess, ended: Promise<Ending>): RunningProcess => ({
  pid: child.pid ?? 0,
  stdin: child.stdin,
  stdout: child.stdout,
  stderr: child.stderr,
  ended,
  kill: (signal) => void child.kill(signal),
  unref: () => child.unref(),
});

export interface RunOptions {
  /** ms after which the program is killed. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Runs a program to its end and hands back what it wrote, whatever its exit code. */
export const run = (command: Command, options: RunOptions = {}): Promise<Output> => {
  const { promise, resolve, reject } = Promise.withResolvers<Output>();
  const settings = { cwd: command.cwd, env: command.env ?? userEnvironment(), maxBuffer: 64 * 1024 * 1024, windowsHide: true, ...options };
  const child = execFile(command.file, [...command.args], { ...settings, encoding: 'utf8' }, (error, stdout, stderr) => {
    const hasRun = child.pid !== undefined;
    if (options.signal?.aborted === true || (error !== null && !hasRun)) reject(failure(command, error, options.signal));
    else resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
  });
  child.stdin?.end();
  return promise;
};

const failure = (command: Command, error: unknown, signal: AbortSignal | undefined): unknown => {
  if (signal?.aborted === true) return signal.reason;
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `Cannot run ${command.file}: ${errorMessage(error)}`, { cause: error });
};
