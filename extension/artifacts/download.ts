import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { RunId } from '../../schemas/ids.ts';
import { isSystemError, MlflowError } from '../shared/errors.ts';
import { parseArtifactPath } from './artifact-path.ts';
import type { ArtifactRepository, FileInfo } from './artifact-repository.ts';

export interface Downloaded {
  readonly runId: RunId;
  /** Of a file or a folder; empty for all artifacts of the run. */
  readonly path: string;
}

/** Told as bytes arrive, not more often than every 100 ms. */
export type OnBytes = (progress: { readonly path: string; readonly bytes: number }) => void;

interface Transfer {
  readonly repository: ArtifactRepository;
  readonly runId: RunId;
  readonly onBytes: OnBytes;
  readonly signal: AbortSignal;
}

const unfinished = (target: string): string => `${target}.download`;
const reportEvery = 100;

/** Streams a file to a place of this machine, whose name it gets when it is whole. */
export const downloadFile = async (transfer: Transfer, path: string, target: string): Promise<void> => {
  const { signal } = transfer;
  const part = unfinished(target);
  try {
    await pipeline(counting(received(transfer, path), path, transfer.onBytes), createWriteStream(part, { flags: 'wx' }), { signal });
    await rename(part, target);
  } catch (error) {
    // A file of somebody else with this name stays.
    if (!isSystemError(error, 'EEXIST')) await rm(part, { force: true });
    throw error;
  }
};

/** Connections that may break off one after the other without having brought a byte. */
const mostFruitless = 3;

/** The bytes of a file: where a connection breaks off, another one goes on. */
async function* received({ repository, runId, signal }: Transfer, path: string): AsyncGenerator<Uint8Array> {
  const first = await repository.downloadArtifact(runId, path, signal);
  let body: AsyncIterable<Uint8Array> = first;
  let bytes = 0;
  for (let fruitless = 0; ;) {
    const before = bytes;
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      fruitless = bytes === before ? fruitless + 1 : 0;
      if (signal.aborted || fruitless === mostFruitless) throw error;
    }
    body = await repository.downloadRest(runId, path, { received: bytes, version: first.version }, signal);
  }
}

async function* counting(body: AsyncIterable<Uint8Array>, path: string, onBytes: OnBytes): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let told = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (Date.now() - told >= reportEvery) {
      told = Date.now();
      onBytes({ path, bytes });
    }
    yield chunk;
  }
}

/** A run logs thousands of files, never a million: a server that lists without an end is stopped. */
const mostFiles = 100_000;

/** All files of a folder, to be written below a new folder. */
export const listFiles = async (repository: ArtifactRepository, { runId, path }: Downloaded, signal?: AbortSignal): Promise<readonly FileInfo[]> => {
  const files: FileInfo[] = [];
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const child of await repository.listArtifacts(runId, folder === '' ? undefined : folder, signal)) {
      if (child.isDirectory) folders.push(child.path);
      else files.push(child);
    }
    if (files.length + folders.length > mostFiles) throw new MlflowError('REQUEST_TOO_LARGE', `'${path}' has more than ${mostFiles} files and folders`);
  }
  return files;
};

/**
 * Writes all files below `target`, a folder that is made, so that nothing that is there already is touched.
 * What was not whole when it failed or was given up is taken away again.
 */
export const downloadFolder = async (transfer: Transfer, files: readonly FileInfo[], { folder, target }: { folder: string; target: string }): Promise<void> => {
  await makeTarget(target);
  try {
    for (const { path } of files) {
      const place = join(target, ...localPath(folder, path));
      await mkdir(dirname(place), { recursive: true });
      await downloadFile(transfer, path, place);
    }
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
};

const makeTarget = async (target: string): Promise<void> => {
  try {
    await mkdir(target);
  } catch (error) {
    throw new MlflowError('RESOURCE_ALREADY_EXISTS', `${target} cannot be made: is there one already?`, { cause: error });
  }
};

/** Names come from the server: none of them may lead out of the folder, or be a device. */
const localPath = (folder: string, path: string): readonly string[] => parseArtifactPath(folder === '' ? path : path.slice(folder.length + 1));
