import { expect, onTestFinished } from 'vitest';

import { silentLogger } from '../../extension/shared/logger.ts';
import { RemoteConnection } from '../../extension/tracking/remote-connection.ts';
import type { RegistryNotes, StoreState } from '../../extension/tracking/store-connection.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';

/** A server as a window sees it that somebody looks at, and what it has told. */
export const connectRemote = (
  url: string,
  registryNotes?: RegistryNotes,
  workspace?: string,
): { readonly connection: RemoteConnection; readonly events: readonly StoreEvent[] } => {
  const attention = { isThere: () => true, onDidReturn: () => ({ dispose: () => {} }) };
  const options = {
    address: { kind: 'server', url, ...(workspace !== undefined && { workspace }) },
    label: 'server',
    attention,
    log: silentLogger,
    interval: 50,
    firstPause: 5,
  } as const;
  const connection = new RemoteConnection({ ...options, ...(registryNotes && { registryNotes }) });
  onTestFinished(() => connection.dispose());
  const events: StoreEvent[] = [];
  connection.onDidChange((event) => events.push(event));
  return { connection, events };
};

export const whenRemoteState = async (connection: RemoteConnection, kind: StoreState['kind']): Promise<StoreState> => {
  await expect.poll(() => connection.state.kind).toBe(kind);
  return connection.state;
};
