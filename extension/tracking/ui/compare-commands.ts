import * as vscode from 'vscode';

import type { RegisterCommand, RunReference } from '../../host/commands.ts';
import type { OnDemand } from '../../host/on-demand.ts';
import { chosenRuns, type RowArguments } from '../../host/run-items.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import type { CheckedRuns } from './checked-runs.ts';
import type { ComparePages } from './compare-page.ts';
import { isWithinFolder } from '../name-folders.ts';
import { readExperiments } from '../runs-by-id.ts';
import { findPreviousRun, findRunsOf, type RunPointer } from './find-runs.ts';
import { pickRuns } from './pick-runs.ts';
import { isTreeNode, type TreeNode } from './tree-nodes.ts';

interface CompareCommandsOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly selectedRuns: () => readonly RunReference[];
  readonly checked: CheckedRuns;
  readonly pages: OnDemand<ComparePages>;
}

/** Every way into a compare page but a click on a layout file. */
export const registerCompareCommands = ({ register, stores, selectedRuns, checked, pages }: CompareCommandsOptions): Disposable => {
  const owned = new Disposables();
  const compare = async (runs: readonly RunReference[]): Promise<void> => {
    const chosen = runs.length >= 2 ? runs : await pickRuns(stores.all, runs);
    if (chosen !== undefined && chosen.length > 0) (await pages.get()).open({ runs: chosen.map(toPointer) });
  };
  const compareWithPrevious = async (row: RowArguments): Promise<void> => {
    const [run] = chosenRuns(row, selectedRuns);
    const store = run && stores.byId(run.storeId);
    if (run === undefined || store === undefined) return;
    const previous = await findPreviousRun(store, run.runId);
    if (previous === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'No run of this experiment started before this one');
    (await pages.get()).open({ runs: [previous, toPointer(run)] });
  };
  owned.own(register('mlflow.tracking.compareRuns', (...row) => compare(chosenRuns(row, selectedRuns))));
  owned.own(register('mlflow.tracking.compareCheckedRuns', () => compare(checked.all)));
  owned.own(register('mlflow.tracking.compareExperiment', (clicked, selected) => compareExperiments(selected ?? [clicked], pages)));
  owned.own(register('mlflow.tracking.compareWithPrevious', (...row) => compareWithPrevious(row)));
  owned.own(
    register('mlflow.tracking.addToComparison', async (...row) => {
      await (await pages.get()).addToLast(chosenRuns(row, selectedRuns).map(toPointer));
    }),
  );
  owned.own(register('mlflow.tracking.openLayoutAsText', (uri) => uri && vscode.commands.executeCommand('vscode.openWith', uri, 'default')));
  return owned;
};

const toPointer = ({ storeId, runId }: RunReference): RunPointer => ({ store: storeId, runId });

const compareExperiments = async (items: readonly unknown[], pages: OnDemand<ComparePages>): Promise<void> => {
  const nodes = items.filter(isTreeNode);
  const [first] = nodes;
  if (first === undefined) return;
  const experiments = await namesOf(first.connection, nodes);
  const { pointers, notes } = await findRunsOf([first.connection], { experiments });
  if (pointers.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There are no runs in ${experiments.join(', ')}`);
  (await pages.get()).open({ runs: pointers, source: { experiments }, notes });
};

/** Of the experiments themselves, and of all those in the folders. */
const namesOf = async (connection: StoreConnection, nodes: readonly TreeNode[]): Promise<readonly string[]> => {
  const isChosen = (experimentId: string, name: string): boolean =>
    nodes.some((node) => (node.kind === 'experiment' && node.experimentId === experimentId) || (node.kind === 'folder' && isWithinFolder(name, node.path)));
  const experiments = await readExperiments(connection.tracking);
  return experiments.filter(({ experimentId, name }) => isChosen(experimentId, name)).map(({ name }) => name);
};
