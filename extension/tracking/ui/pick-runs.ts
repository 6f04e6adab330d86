import * as vscode from 'vscode';

import type { RunReference } from '../../host/commands.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import type { Run } from '../run.ts';
import type { StoreConnection } from '../store-connection.ts';
import { readExperiments } from './run-queries.ts';
import { runDescription, runLabel, statusWord } from './run-text.ts';

/** Newest runs offered per store; the others are found in the tree. */
const offered = 200;

interface RunItem extends vscode.QuickPickItem {
  readonly run: RunReference;
}

/** Lets the user choose runs of all open stores; undefined when given up. */
export const pickRuns = async (stores: readonly StoreConnection[], chosen: readonly RunReference[]): Promise<readonly RunReference[] | undefined> => {
  const isChosen = ({ storeId, runId }: RunReference): boolean => chosen.some((run) => run.storeId === storeId && run.runId === runId);
  const ready = stores.filter(({ state }) => state.kind === 'ready');
  const items = Promise.all(ready.map((store) => readItems(store, ready.length > 1))).then((lists) =>
    lists.flat().map((item) => ({ ...item, picked: isChosen(item.run) })),
  );
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: 'Compare Runs',
    placeHolder: 'Choose two runs or more',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.map(({ run }) => run);
};

const readItems = async (connection: StoreConnection, namesStore: boolean): Promise<readonly RunItem[]> => {
  const { tracking } = connection;
  const experiments = new Map((await readExperiments(tracking)).map(({ experimentId, name }) => [experimentId, name]));
  const page = await tracking.searchRuns({ experimentIds: [...experiments.keys()], orderBy: ['attributes.start_time DESC'], maxResults: offered });
  return page.items.map((run) => toItem(connection, run, [experiments.get(run.info.experimentId) ?? '', ...(namesStore ? [connection.label] : [])]));
};

const toItem = ({ id }: StoreConnection, run: Run, places: readonly string[]): RunItem => ({
  label: iconSafeText(runLabel(run)),
  description: iconSafeText(runDescription(run, [], Date.now())),
  detail: iconSafeText([...places, statusWord(run.info.status), run.info.runId].join(' · ')),
  run: { storeId: id, runId: run.info.runId },
});
