import { type Disposable, Disposables } from '../shared/disposables.ts';
import type { StoreConnection, StoreConnections } from './store-connection.ts';

/** Calls `follow` for each store that is or comes into the window; what it returns is disposed when the store leaves. */
export const followStores = (stores: StoreConnections, follow: (connection: StoreConnection) => Disposable): Disposable => {
  const followed = new Map<StoreConnection, Disposable>();
  const update = (): void => {
    for (const [connection, item] of followed) {
      if (stores.all.includes(connection)) continue;
      followed.delete(connection);
      item.dispose();
    }
    for (const connection of stores.all) if (!followed.has(connection)) followed.set(connection, follow(connection));
  };
  const owned = new Disposables();
  owned.own({ dispose: () => followed.forEach((item) => item.dispose()) });
  owned.own(stores.onDidChange(update));
  update();
  return owned;
};
