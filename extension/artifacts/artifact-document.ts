import { createHash } from 'node:crypto';

import { asRunId, type RunId, type StoreId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { parseArtifactFolder, type ArtifactPath } from './artifact-path.ts';

/** The scheme of a run's artifacts as documents of the editor: `mlflow-artifact://<store>/<run id>/<path>`. */
export const artifactScheme = 'mlflow-artifact';

/** The parts of such a URI, none of them encoded. */
export interface DocumentUri {
  readonly authority: string;
  readonly path: string;
}

export interface ArtifactDocument {
  /** See `storeKey`. */
  readonly store: string;
  readonly runId: RunId;
  readonly path: ArtifactPath;
}

/**
 * Names a store in a URI's authority, the same in every window. An address would not do: VS Code makes a host
 * name of it where an editor loads pictures, which has to be short and is folded to lower case.
 */
export const storeKey = (storeId: StoreId): string => createHash('sha256').update(storeId).digest('hex').slice(0, 16);

export const documentUri = (storeId: StoreId, runId: RunId, path: string): DocumentUri => ({
  authority: storeKey(storeId),
  path: `/${[runId, ...parseArtifactFolder(path)].join('/')}`,
});

export const readDocumentUri = ({ authority, path }: DocumentUri): ArtifactDocument => {
  const [, runId = '', rest] = /^\/([^/]+)(?:\/(.*))?$/s.exec(path) ?? [];
  if (runId === '') throw new MlflowError('INVALID_PARAMETER_VALUE', `No artifact of a run: ${path}`);
  return { store: authority, runId: asRunId(runId), path: parseArtifactFolder(rest) };
};
