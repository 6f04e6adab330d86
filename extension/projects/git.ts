import type { Readable } from 'node:stream';

import { MlflowError } from '../shared/errors.ts';
import { start, type Environment } from '../shared/process.ts';
import { withoutCredentials } from './source-version.ts';

export interface GitTools {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Lines as git prints them while it works: `Receiving objects:  45% (9/20)`. */
  readonly onProgress: (line: string) => void;
  readonly directory?: string;
}

/** Resolves with what git prints; rejects with its complaint, or with the signal's reason. */
export const git = async (args: readonly string[], { environment, signal, onProgress, directory }: GitTools): Promise<string> => {
  signal.throwIfAborted();
  const command = { file: 'git', args, env: environment, ...(directory !== undefined && { cwd: directory }) };
  const running = await start(command, { streams: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => running.kill();
  signal.addEventListener('abort', stop, { once: true });
  const [output, complaint, { code }] = await Promise.all([textOf(running.stdout), lastLineOf(running.stderr, onProgress), running.ended]);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `git ${args[0] ?? ''} failed: ${complaint}`);
  return output;
};

const textOf = async (stream: Readable | null): Promise<string> => {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
};

/** Complaints begin with `fatal:` or `error:`; what follows them are hints. */
const lastLineOf = async (stream: Readable | null, onLine: (line: string) => void): Promise<string> => {
  let last = '';
  let open = '';
  for await (const chunk of stream ?? []) {
    const lines = (open + String(chunk)).split(/[\r\n]+/);
    open = lines.pop() ?? '';
    for (const line of lines.map(withoutCredentials).filter((text) => text.trim() !== '')) {
      onLine(line);
      if (!/^(?:fatal|error):/.test(last) || /^(?:fatal|error):/.test(line)) last = line;
    }
  }
  return last.trim();
};
