import * as vscode from 'vscode';

import type { RunReference } from '../../host/commands.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import type { ViewType } from '../experiment.ts';
import type { Run } from '../run.ts';
import type { StoreConnection } from '../store-connection.ts';
import { readExperiments } from '../runs-by-id.ts';
import { runDescription, runLabel, statusWord } from './run-text.ts';

/** Newest runs offered per store; the others are found in the tree. */
const offered = 200;

export interface RunItem extends vscode.QuickPickItem {
  readonly run: RunReference;
  readonly asRead: Run;
}

/** Lets the user choose runs of all open stores; undefined when given up. */
export const pickRuns = async (stores: readonly StoreConnection[], chosen: readonly RunReference[]): Promise<readonly RunReference[] | undefined> => {
  const isChosen = ({ storeId, runId }: RunReference): boolean => chosen.some((run) => run.storeId === storeId && run.runId === runId);
  const items = readRunItems(stores).then((all) => all.map((item) => ({ ...item, picked: isChosen(item.run) })));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: 'Compare Runs',
    placeHolder: 'Choose two runs or more',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.map(({ run }) => run);
};

/** One run, of the newest of each open store; undefined when given up. */
export const chooseRun = async (stores: readonly StoreConnection[], title: string): Promise<RunReference | undefined> => {
  const options = { title, placeHolder: 'Choose a run', matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(readRunItems(stores), options))?.run;
};

export type DeletedRun = RunReference & { readonly asRead: Run };

/** Deleted runs of experiments that are not deleted themselves. */
export const pickDeletedRuns = async (stores: readonly StoreConnection[]): Promise<readonly DeletedRun[] | 'none'> => {
  const items = await readRunItems(stores, { viewType: 'DELETED_ONLY' });
  if (items.length === 0) return 'none';
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: 'Restore Runs',
    placeHolder: 'Choose deleted runs',
    matchOnDetail: true,
  });
  return picked?.map(({ run, asRead }) => ({ ...run, asRead })) ?? [];
};

export interface RunSearch {
  readonly filter?: string;
  readonly viewType?: ViewType;
}

/** The newest runs of each open store that match. */
export const readRunItems = async (stores: readonly StoreConnection[], search: RunSearch = {}): Promise<readonly RunItem[]> => {
  const ready = stores.filter(({ state }) => state.kind === 'ready');
  return (await Promise.all(ready.map((store) => readItems(store, ready.length > 1, search)))).flat();
};

const readItems = async (connection: StoreConnection, namesStore: boolean, search: RunSearch): Promise<readonly RunItem[]> => {
  const { tracking } = connection;
  const experiments = new Map((await readExperiments(tracking)).map(({ experimentId, name }) => [experimentId, name]));
  const page = await tracking.searchRuns({
    experimentIds: [...experiments.keys()],
    orderBy: ['attributes.start_time DESC'],
    maxResults: offered,
    ...search,
  });
  return page.items.map((run) => toItem(connection, run, [experiments.get(run.info.experimentId) ?? '', ...(namesStore ? [connection.label] : [])]));
};

const toItem = ({ id }: StoreConnection, run: Run, places: readonly string[]): RunItem => ({
  label: iconSafeText(runLabel(run)),
  description: iconSafeText(runDescription(run, [], Date.now())),
  detail: iconSafeText([...places, statusWord(run.info.status), run.info.runId].join(' · ')),
  run: { storeId: id, runId: run.info.runId },
  asRead: run,
});
