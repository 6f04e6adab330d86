import type { RunReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import { type ExperimentNode, isTreeNode } from './tree-nodes.ts';

/** The experiments of what a menu hands to a command: the clicked row and, when several are selected, all of them. */
export const experimentsOf = (clicked: unknown, selected: readonly unknown[] = []): readonly ExperimentNode[] =>
  (selected.length > 0 ? selected : [clicked]).filter((item): item is ExperimentNode => isTreeNode(item) && item.kind === 'experiment');

export const readyStores = (stores: StoreConnections): readonly StoreConnection[] => stores.all.filter(({ state }) => state.kind === 'ready');

/** The store that a run is in; an error in words when the store has gone since the row was drawn. */
export const storeOf = (stores: StoreConnections, { storeId }: RunReference): StoreConnection => {
  const connection = stores.byId(storeId);
  if (connection === undefined) throw new MlflowError('INVALID_STATE', `The store ${storeId} is no longer open in this window`);
  return connection;
};
