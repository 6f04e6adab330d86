import { watch } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Disposable } from './disposables.ts';

export interface FollowedFile extends Disposable {
  /** Reads what is there and resolves then; nothing more will come. */
  finish(): Promise<void>;
}

export interface FollowListener {
  onData(chunk: Buffer): void;
  /** So many bytes were left out, because they come faster than anybody can read. */
  onSkipped(bytes: number): void;
}

/** What is handed over at once; of what lies further back only so much of its end. Bytes. */
const largestChunk = 1024 * 1024;
/** Pause in ms between two chunks: what prints faster is read in larger pieces. */
const pause = 30;
/** Where a file system tells nobody of changes, and on Windows, which does so late. ms. */
const pollInterval = 500;

/** Follows a file that grows, from its last megabyte on, until it is disposed of. */
export const followFile = (path: string, listener: FollowListener): FollowedFile => {
  const file = open(path, 'r');
  let isDisposed = false;
  let reading: Promise<void> | undefined;
  let readAgain = false;
  let position = 0;

  const readAll = async (): Promise<void> => {
    const handle = await file;
    while (readAgain && !isDisposed) {
      readAgain = false;
      position = await readNew(handle, position, listener);
      await delay(pause);
    }
    reading = undefined;
  };
  const read = (): Promise<void> => {
    readAgain = true;
    reading ??= readAll();
    return reading;
  };
  const watching = watchFile(path, () => void read());
  void read();
  const dispose = (): void => {
    if (isDisposed) return;
    isDisposed = true;
    watching.dispose();
    void file.then(async (handle) => await handle.close());
  };
  return {
    dispose,
    finish: async () => {
      await read();
      dispose();
    },
  };
};

const readNew = async (handle: FileHandle, position: number, listener: FollowListener): Promise<number> => {
  const { size } = await handle.stat();
  const from = Math.max(position, size - largestChunk);
  if (from > position) listener.onSkipped(from - position);
  const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(Math.max(0, size - from)), position: from });
  if (bytesRead > 0) listener.onData(buffer.subarray(0, bytesRead));
  return from + bytesRead;
};

const watchFile = (path: string, onChange: () => void): Disposable => {
  const timer = setInterval(onChange, pollInterval).unref();
  const watcher = watchIfPossible(path, onChange);
  return {
    dispose: () => {
      clearInterval(timer);
      watcher?.close();
    },
  };
};

/** A system may have run out of watchers. */
const watchIfPossible = (path: string, onChange: () => void): ReturnType<typeof watch> | undefined => {
  try {
    return watch(path, onChange).on('error', () => {});
  } catch {
    return undefined;
  }
};
