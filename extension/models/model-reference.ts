import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

import { asStoreId, type StoreId } from '../../schemas/ids.ts';
import { splitUri } from '../shared/uri.ts';

/** A model by its address: `models:/…` and `runs:/…` are of a store, the active one of the folder when none is named. */
export interface ModelReference {
  readonly storeId?: StoreId;
  /** As MLflow takes it (its E.5): `models:/…`, `runs:/…`, an absolute path, `file:`, `s3:`, … */
  readonly modelUri: string;
}

/** What a command was handed may be anything. */
export const readModelReference = (value: unknown): ModelReference | undefined => {
  if (typeof value !== 'object' || value === null || !('modelUri' in value) || typeof value.modelUri !== 'string' || value.modelUri === '') return undefined;
  const storeId = 'storeId' in value && typeof value.storeId === 'string' ? asStoreId(value.storeId) : undefined;
  return { modelUri: value.modelUri, ...(storeId !== undefined && { storeId }) };
};

/** The folder of this machine that an address names; undefined for all others. */
export const localFolderOf = (modelUri: string): string | undefined => {
  if (isAbsolute(modelUri)) return modelUri;
  try {
    return /^file:/i.test(modelUri) ? fileURLToPath(modelUri) : undefined;
  } catch {
    return undefined;
  }
};

/** Whether MLflow finds the model by asking a store. */
export const needsStore = (modelUri: string): boolean =>
  !isAbsolute(modelUri) && ['models', 'runs', 'mlflow-artifacts'].includes(splitUri(modelUri).scheme ?? '');
