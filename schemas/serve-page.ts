import type { ModelSignature } from './model-signature.ts';
import type { ArtifactBytes } from './run-artifacts-protocol.ts';
import type { PageProtocol } from './webview-protocol.ts';

/** What makes the environment that a model is served in; `local` is the workspace's Python as it is. */
export const servingManagers = ['local', 'virtualenv', 'uv', 'conda'] as const;
export type ServingManager = (typeof servingManagers)[number];

export interface ScoringRequest {
  readonly contentType: 'application/json' | 'text/csv';
  readonly body: string;
}

export interface ScoringReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The reply is longer: only its beginning is here. */
  readonly isCut: boolean;
  /** ms */
  readonly latency: number;
}

export type ServedModelState =
  | { readonly kind: 'starting' }
  /** `address` is for programs of this machine, `outside` for those elsewhere, where it differs. `since` in ms since the epoch. */
  | { readonly kind: 'ready'; readonly since: number; readonly address: string; readonly outside?: string }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string; readonly missingPackage?: string };

/** What a request can be built from. */
export interface ModelInput {
  readonly signature?: ModelSignature;
  /** The signature comes from the type hints of the model's function: data go in as a list under `inputs`. */
  readonly isFromTypeHints: boolean;
  /** The body of a request that was saved with the model. */
  readonly example?: string;
  /** What else is to be known, in sentences. */
  readonly notes: readonly string[];
}

export interface ServePage {
  readonly label: string;
  readonly modelUri: string;
  /** The store that it is of. */
  readonly source: string;
  readonly manager: ServingManager;
  readonly interpreter: string;
  readonly state: ServedModelState;
  /** It goes on when the window is closed. */
  readonly isKept: boolean;
}

export interface ServeProtocol extends PageProtocol {
  readonly requests: {
    readonly score: { readonly params: ScoringRequest; readonly result: ScoringReply };
    readonly stop: { readonly params: null; readonly result: null };
    readonly restart: { readonly params: null; readonly result: null };
    readonly keep: { readonly params: { readonly isKept: boolean }; readonly result: null };
    /** The package that is missing, into the environment of the interpreter. */
    readonly install: { readonly params: null; readonly result: null };
    readonly openLog: { readonly params: null; readonly result: null };
    readonly openModel: { readonly params: null; readonly result: null };
    readonly copy: { readonly params: { readonly text: string }; readonly result: null };
    /** Asks for a CSV or parquet file; null when it was given up. */
    readonly chooseRows: { readonly params: null; readonly result: { readonly name: string } | null };
    /** Bytes of the file that was chosen last, from `start`, without the one at `end`. */
    readonly readRows: { readonly params: { readonly start: number; readonly end: number }; readonly result: ArtifactBytes };
  };
  readonly events: {
    readonly page: ServePage;
    readonly input: ModelInput;
    /** The end of what the server has printed. */
    readonly log: string;
    /** What the page itself kept, once, before everything else. */
    readonly restore: unknown;
  };
}
