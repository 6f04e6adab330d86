import type { RunId } from '../../schemas/ids.ts';
import type { ByteRange, HttpBody } from '../shared/http.ts';

export interface FileInfo {
  /** Relative to the run's artifact root, with `/`. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Bytes; absent for folders. */
  readonly size?: number;
}

export interface ArtifactPart {
  /** Fewer than asked for where the file ends before. */
  readonly bytes: ArrayBuffer;
  /** Bytes of the whole file; absent where the server does not tell. */
  readonly size?: number;
}

/** Of what came before a download broke off. */
export interface BegunDownload {
  /** Bytes. */
  readonly received: number;
  /** Of the file, as its server has told it at first. */
  readonly version: string | undefined;
}

export interface ArtifactRepository {
  /** Direct children of a folder; the root when `path` is absent. */
  listArtifacts(runId: RunId, path?: string, signal?: AbortSignal): Promise<readonly FileInfo[]>;
  downloadArtifact(runId: RunId, path: string, signal?: AbortSignal): Promise<HttpBody>;
  /** The same file from a byte on; throws RESOURCE_CONFLICT when it is known to have become another. */
  downloadRest(runId: RunId, path: string, begun: BegunDownload, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** These bytes and no others, where the server can do that. */
  readArtifact(runId: RunId, path: string, range: ByteRange, signal?: AbortSignal): Promise<ArtifactPart>;
}
