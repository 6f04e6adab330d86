import { open } from 'node:fs/promises';
import { basename } from 'node:path';

import type { RunId } from '../../schemas/ids.ts';
import type { ArtifactBytes } from '../../schemas/run-artifacts-protocol.ts';
import type { ByteRange } from '../shared/http.ts';
import { readForPage } from '../tracking/run-artifacts.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';

/** A file that rows of a request are taken from: only the bytes are read that are looked at. */
export interface RowSource {
  readonly name: string;
  read(range: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes>;
}

type Store = Pick<StoreConnection, 'address' | 'artifacts' | 'tracking'>;

/** A file of this machine. */
export const fileRows = (path: string): RowSource => ({
  name: basename(path),
  read: async ({ start, end }) => {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = new ArrayBuffer(Math.max(0, Math.min(end, size) - start));
      const { bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes.byteLength, start);
      return { bytes: bytesRead === bytes.byteLength ? bytes : bytes.slice(0, bytesRead), size };
    } finally {
      await file.close();
    }
  },
});

/** A dataset, or what else a run has logged. */
export const artifactRows = (store: Store, runId: RunId, path: string): RowSource => ({
  name: basename(path),
  read: async (range, signal) => await readForPage(store, runId, { path, ...range }, signal),
});

/** Folders that are looked into, and files that are offered. */
const [mostFolders, mostFiles] = [50, 200];

/** Paths of a run's artifacts that are tables. */
export const listRowArtifacts = async ({ artifacts }: Pick<Store, 'artifacts'>, runId: RunId, signal?: AbortSignal): Promise<readonly string[]> => {
  const found: string[] = [];
  const folders: (string | undefined)[] = [undefined];
  for (let visited = 0; visited < mostFolders && found.length < mostFiles && folders.length > 0; visited++) {
    for (const { path, isDirectory } of await artifacts.listArtifacts(runId, folders.shift(), signal)) {
      if (isDirectory) folders.push(path);
      else if (/\.(?:csv|parquet)$/i.test(path)) found.push(path);
    }
  }
  return found.slice(0, mostFiles);
};
