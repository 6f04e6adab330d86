import type { StoreConnection } from './store-connection.ts';

/** Resolves when a store has been opened, or could not be: pages that come back after a restart are sooner there than their stores. */
export const whenOpened = (connection: Pick<StoreConnection, 'state' | 'onDidChangeState'>): Promise<void> =>
  new Promise((resolve) => {
    if (connection.state.kind !== 'opening') return resolve();
    const subscription = connection.onDidChangeState(({ kind }) => {
      if (kind === 'opening') return;
      subscription.dispose();
      resolve();
    });
  });
