import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import { checkName, fail, makeFolder, unfinishedName } from './artifact-folder.ts';
import { nameOf, parentOf, type ArtifactPath } from './artifact-path.ts';

/** Writes a file as a whole or not at all: readers see the old one until the new one is complete. */
export const writeArtifact = async (root: string, path: ArtifactPath, body: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> => {
  const name = path.join('/');
  const folder = await makeFolder(root, parentOf(path));
  await checkName(folder, nameOf(path));
  const unfinished = join(folder, unfinishedName(randomUUID()));
  try {
    const handle = await open(unfinished, 'wx');
    try {
      await writeAll(handle, body, signal);
    } finally {
      await handle.close();
    }
    await rename(unfinished, join(folder, nameOf(path)));
  } catch (error) {
    await rm(unfinished, { force: true });
    if (signal?.aborted === true) throw new MlflowError('CANCELLED', `The upload of '${name}' was cut off`, { cause: error });
    fail(error, name);
  }
};

const writeAll = async (handle: FileHandle, body: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<void> => {
  for await (const chunk of body) {
    signal?.throwIfAborted();
    for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
  }
  signal?.throwIfAborted();
};
