import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Favourite, Favourites } from './favourites.ts';
import { isTreeNode, type TreeNode } from './tree-nodes.ts';

export const registerFavourites = (register: RegisterCommand, favourites: Favourites): Disposable => {
  const star = async (clicked: unknown, selected: readonly unknown[] | undefined, isFavourite: boolean): Promise<void> => {
    for (const node of (selected ?? [clicked]).filter(isTreeNode)) {
      const favourite = favouriteOf(node);
      if (favourite !== undefined) await favourites.set(node.connection.id, favourite, isFavourite);
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
