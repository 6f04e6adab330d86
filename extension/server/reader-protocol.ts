import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { ArtifactPlaces } from './store-components.ts';

/** A store that is open in the main thread. */
export interface StoreFile extends ArtifactPlaces {
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
  | { readonly kind: 'close'; readonly path: string };

export type FromReader =
  | ({ readonly kind: 'reply'; readonly id: number } & ReadReply)
  /** From here on every change is told. */
  | { readonly kind: 'watching'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly event: StoreEvent }
  /** MLflow's code and message. */
  | { readonly kind: 'failure'; readonly id: number; readonly code: string; readonly message: string };
