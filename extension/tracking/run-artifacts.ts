import type { RunId } from '../../schemas/ids.ts';
import { mostBytesPerRead, type ArtifactBytes, type ArtifactListing } from '../../schemas/run-artifacts-protocol.ts';
import { parseArtifactFolder, parseArtifactPath } from '../artifacts/artifact-path.ts';
import { MlflowError } from '../shared/errors.ts';
import { explainArtifactFailure } from './artifact-failure.ts';
import type { StoreConnection } from './store-connection.ts';

type Store = Pick<StoreConnection, 'address' | 'artifacts' | 'tracking'>;

/** Entries of one folder that are told to a page. */
const mostEntries = 10_000;

/** A folder for the tree of a run's page; what cannot be read is said with what would help. */
export const listForPage = async (store: Store, runId: RunId, path: string, signal?: AbortSignal): Promise<ArtifactListing> => {
  const folder = parseArtifactFolder(path).join('/');
  try {
    const found = await store.artifacts.listArtifacts(runId, folder === '' ? undefined : folder, signal);
    const entries = found.toSorted((a, b) => Number(b.isDirectory) - Number(a.isDirectory) || (a.path < b.path ? -1 : 1));
    return { kind: 'listed', entries: entries.slice(0, mostEntries), omitted: Math.max(0, entries.length - mostEntries) };
  } catch (error) {
    signal?.throwIfAborted();
    const canAllow = error instanceof MlflowError && error.code === 'PERMISSION_DENIED' && store.address.kind !== 'server';
    return { kind: 'unreadable', ...(await explainArtifactFailure(store, runId, error)), canAllow };
  }
};

export interface PartOfArtifact {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes for a preview. A page is not trusted: it gets no more than one message carries. */
export const readForPage = async (store: Store, runId: RunId, { path, start, end }: PartOfArtifact, signal?: AbortSignal): Promise<ArtifactBytes> => {
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start < end && end - start <= mostBytesPerRead;
  if (!isRange) throw new MlflowError('INVALID_PARAMETER_VALUE', `No range of bytes: ${start} to ${end}`);
  return await store.artifacts.readArtifact(runId, parseArtifactPath(path).join('/'), { start, end }, signal);
};
