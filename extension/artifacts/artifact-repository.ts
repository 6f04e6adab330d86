import type { RunId } from '../../schemas/ids.ts';

export interface FileInfo {
  /** Relative to the run's artifact root, with `/`. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Bytes; absent for folders. */
  readonly size?: number;
}

export interface ArtifactRepository {
  /** Direct children of a folder; the root when `path` is absent. */
  listArtifacts(runId: RunId, path?: string, signal?: AbortSignal): Promise<readonly FileInfo[]>;
  downloadArtifact(runId: RunId, path: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}
