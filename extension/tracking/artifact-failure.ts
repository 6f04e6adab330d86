import type { RunId } from '../../schemas/ids.ts';
import { explainUnreadable, type Unreadable } from '../artifacts/unreadable.ts';
import type { StoreConnection } from './store-connection.ts';

type Store = Pick<StoreConnection, 'address' | 'tracking'>;

/** Why the artifacts of this run could not be read, by where they are. */
export const explainArtifactFailure = async ({ address, tracking }: Store, runId: RunId, error: unknown): Promise<Unreadable> => {
  // The failure itself is the news when the run cannot be read either.
  const artifactUri = await tracking.getRun(runId).then(
    ({ info }) => info.artifactUri,
    () => '',
  );
  return explainUnreadable({ artifactUri, isLocal: address.kind !== 'server' }, error);
};
