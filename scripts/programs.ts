import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants as modes } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program with our own output; rejects when it fails. */
export const run = async (program: string, args: readonly string[], options: RunOptions = {}): Promise<void> => {
  const code = await exitCode(program, args, options);
  if (code !== 0) throw new Error(`'${[program, ...args].join(' ')}' ended with exit code ${code}`);
};

/** Runs a program whose output matters only when it fails: then it is part of the error. */
export const runQuietly = async (program: string, args: readonly string[], options: RunOptions = {}): Promise<void> => {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = once(child, 'close').then(([status]) => Number(status ?? 1));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await code) !== 0) throw new Error(`'${[program, ...args].join(' ')}' ended with exit code ${await code}:\n${output}${errors}`);
};

export interface SideBySideOptions extends RunOptions {
  /** Begins each line of its output. */
  readonly label?: string;
  /** Gives way to others. */
  readonly inBackground?: boolean;
}

export const exitCode = async (
  program: string,
  args: readonly string[],
  { label, inBackground = false, ...options }: SideBySideOptions = {},
): Promise<number> => {
  const child = spawn(program, args, { ...options, stdio: label === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  if (inBackground && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) createInterface({ input: output }).on('line', (line) => console.log(`${label} ${line}`));
  }
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
};

/** What a program prints; undefined when it cannot be started or fails. */
export const outputOf = (program: string, args: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, modes.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Absolute path of a program on PATH. */
export const findProgram = (name: string): string | undefined => {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find(isExecutable);
};
