import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Favourite, Favourites } from './favourites.ts';
import { isTreeNode, type TreeNode } from './tree-nodes.ts';

export const registerFavourites = (register: RegisterCommand, favourites: Favourites): Disposable => {
  const star = async (clicked: unknown, selected: readonly unknown[] | undefined, isFavourite: boolean): Promise<void> => {
    const byStore = Map.groupBy((selected ?? [clicked]).filter(isTreeNode), ({ connection }) => connection.id);
    for (const [storeId, nodes] of byStore) {
      await favourites.set(
        storeId,
        nodes.flatMap((node) => favouriteOf(node) ?? []),
        isFavourite,
      );
    }
  };
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.addFavourite', (clicked, selected) => star(clicked, selected, true)));
  owned.own(register('mlflow.tracking.removeFavourite', (clicked, selected) => star(clicked, selected, false)));
  return owned;
};

const favouriteOf = (node: TreeNode): Favourite | undefined => {
  if (node.kind === 'experiment') return { experimentId: node.experimentId };
  return node.kind === 'run' ? { experimentId: node.experimentId, runId: node.runId } : undefined;
};
