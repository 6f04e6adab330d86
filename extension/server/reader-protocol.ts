import type { ConversionReport, ConversionRequest, StoreEvent } from '../../schemas/workbench-api.ts';
import type { ArtifactPlaces } from './store-components.ts';

/** A store that is open in the main thread: a SQLite file, or a folder as MLflow's `mlruns/`. */
export interface StoreFile extends ArtifactPlaces {
  readonly kind: 'sqlite' | 'files';
  readonly path: string;
}

export interface ReadRequest {
  readonly method: string;
  /** Path below the store's root, and query. */
  readonly target: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

export interface ReadReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: ArrayBuffer;
}

/** What the main thread sends to a reader thread. */
export type ToReader =
  | { readonly kind: 'read'; readonly id: number; readonly store: StoreFile; readonly request: ReadRequest }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'watch'; readonly id: number; readonly store: StoreFile }
  | { readonly kind: 'unwatch'; readonly id: number }
  | { readonly kind: 'close'; readonly path: string }
  | { readonly kind: 'convert'; readonly id: number; readonly request: ConversionRequest };

export type FromReader =
  | ({ readonly kind: 'reply'; readonly id: number } & ReadReply)
  /** From here on every change is told. */
  | { readonly kind: 'watching'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly event: StoreEvent }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly kind: 'converted'; readonly id: number; readonly report: ConversionReport }
  /** For the log; it belongs to no request. */
  | { readonly kind: 'warning'; readonly text: string }
  /** MLflow's code and message. */
  | { readonly kind: 'failure'; readonly id: number; readonly code: string; readonly message: string };
