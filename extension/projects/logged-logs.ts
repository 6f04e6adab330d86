import type { RunId } from '../../schemas/ids.ts';
import type { ArtifactRepository } from '../artifacts/artifact-repository.ts';
import { MlflowError } from '../shared/errors.ts';
import type { LogTail } from '../models/log-tail.ts';

/** Names that people and programs give to what a process has printed. */
const logName = /\.(?:log|out|err|txt)$/i;
/** Texts that are no logs. */
const otherName = /^(?:requirements|constraints|conda|license|readme)[^/]*\.txt$/i;
/** The name that we and others log a run's output by. */
const usualName = 'stdout.log';

/** Folders that are looked into. */
const logFolder = /^logs?$/i;

/** Logged texts that look like logs, the most likely one first. */
export const listLogs = async (artifacts: ArtifactRepository, runId: RunId, signal?: AbortSignal): Promise<readonly string[]> => {
  const root = await artifacts.listArtifacts(runId, undefined, signal);
  const folders = root.filter(({ path, isDirectory }) => isDirectory && logFolder.test(path));
  const below = await Promise.all(folders.map(async ({ path }) => await artifacts.listArtifacts(runId, path, signal)));
  const files = [root, ...below].flat().filter(({ path, isDirectory }) => !isDirectory && isLog(path));
  return files.map(({ path }) => path).toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
};

const isLog = (path: string): boolean => logName.test(path) && !otherName.test(path.split('/').at(-1) ?? '');

const rank = (path: string): number => (path === usualName ? 0 : /\.txt$/i.test(path) ? 2 : 1);

/** Bytes; what a server sends is read from its beginning. */
const largest = 64 * 1024 * 1024;

/** Reads a logged text to its end, of which the tail keeps what it can. */
export const readLogArtifact = async (
  artifacts: ArtifactRepository,
  runId: RunId,
  { path, tail }: { readonly path: string; readonly tail: LogTail },
): Promise<void> => {
  let size = 0;
  for await (const chunk of await artifacts.downloadArtifact(runId, path)) {
    tail.add(chunk);
    size += chunk.length;
    if (size > largest) throw new MlflowError('BAD_REQUEST', `${path} is larger than ${largest / 1024 / 1024} MB: download it to see its end`);
  }
};
