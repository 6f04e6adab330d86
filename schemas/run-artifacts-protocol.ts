/** What the tab *Artifacts* of a run's page asks of the host. */

export interface ArtifactEntry {
  /** Relative to the run's artifacts, with `/`. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Bytes; absent for folders. */
  readonly size?: number;
}

export type ArtifactListing =
  | {
      readonly kind: 'listed';
      /** Folders first, then by name. */
      readonly entries: readonly ArtifactEntry[];
      /** How many more there are than are told. */
      readonly omitted: number;
    }
  | {
      readonly kind: 'unreadable';
      readonly message: string;
      /** What would make them readable. */
      readonly advice?: string;
      /** A person can agree to read the folder (`allowArtifactFolders`). */
      readonly canAllow: boolean;
    };

export interface ArtifactBytes {
  /** Fewer than asked for where the file ends before. */
  readonly bytes: ArrayBuffer;
  /** Bytes of the whole file; absent where the server does not tell. */
  readonly size?: number;
}

/** Bytes that one message carries at most: a page asks again for more. */
export const mostBytesPerRead = 8 * 1024 * 1024;

interface OfPath {
  readonly params: { readonly path: string };
  readonly result: null;
}

/** Paths are those of artifacts; an empty one means all of them. */
export interface RunArtifactsProtocol {
  readonly requests: {
    readonly listArtifacts: { readonly params: { readonly path: string }; readonly result: ArtifactListing };
    /** Bytes from `start`, without the one at `end`. */
    readonly readArtifact: { readonly params: { readonly path: string; readonly start: number; readonly end: number }; readonly result: ArtifactBytes };
    /** In an editor of VS Code. */
    readonly openArtifact: OfPath;
    /** Asks where to. */
    readonly downloadArtifact: OfPath;
    /** Where it is on this machine. */
    readonly revealArtifact: OfPath;
    /** Asks for another run that has this file. */
    readonly compareArtifact: OfPath;
    readonly copyArtifactPath: OfPath;
    /** Asks whether folders outside that of the store may be read. */
    readonly allowArtifactFolders: { readonly params: null; readonly result: null };
  };
}
