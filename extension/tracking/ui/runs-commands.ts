import type { ExperimentId } from '../../../schemas/ids.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import type { OnDemand } from '../../host/on-demand.ts';
import { type Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { isWithinFolder } from '../name-folders.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import { readExperiments } from '../runs-by-id.ts';
import { pickExperiments } from './pick-experiments.ts';
import type { RunsPages } from './runs-page.ts';
import { isTreeNode, type TreeNode } from './tree-nodes.ts';
import { readyStores } from './tree-selection.ts';

interface RunsCommandsOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly pages: OnDemand<RunsPages>;
}

interface ChosenExperiment {
  readonly connection: StoreConnection;
  readonly experimentId: ExperimentId;
}

/** Every way into a table of runs. */
export const registerRunsCommands = ({ register, stores, pages }: RunsCommandsOptions): Disposable =>
  register('mlflow.tracking.openRuns', async (clicked, selected) => {
    const nodes = (selected ?? [clicked]).filter(isTreeNode);
    const chosen = nodes.length === 0 ? await pickExperiments(readyStores(stores)) : (await Promise.all(nodes.map(experimentsIn))).flat();
    if (nodes.length > 0 && chosen?.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no experiment to show runs of');
    // A table has one order and one filter, and these are a server's: each store has a table of its own.
    const open = await pages.get();
    for (const [connection, some] of Map.groupBy(chosen ?? [], ({ connection }) => connection)) {
      open.open({ store: addressText(connection.address), experimentIds: [...new Set(some.map(({ experimentId }) => experimentId))] });
    }
  });

const experimentsIn = async (node: TreeNode): Promise<readonly ChosenExperiment[]> => {
  const { connection } = node;
  switch (node.kind) {
    case 'experiment':
    case 'more':
    case 'run':
      return [{ connection, experimentId: node.experimentId }];
    case 'folder': {
      const all = await readExperiments(connection.tracking);
      return all.filter(({ name }) => isWithinFolder(name, node.path)).map(({ experimentId }) => ({ connection, experimentId }));
    }
    case 'store':
    case 'favourites':
    case 'note':
      return [];
    default:
      return node satisfies never;
  }
};
