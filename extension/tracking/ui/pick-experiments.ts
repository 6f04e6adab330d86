import * as vscode from 'vscode';

import type { ExperimentId } from '../../../schemas/ids.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import type { StoreConnection } from '../store-connection.ts';
import { readExperiments } from '../runs-by-id.ts';
import { experimentIdIn } from './ids-in-text.ts';

export interface ExperimentItem extends vscode.QuickPickItem {
  readonly connection: StoreConnection;
  readonly experimentId: ExperimentId;
}

/** By its name, its id or a pasted URL, which the picker's own search finds nothing for; undefined when given up. */
export const pickExperiment = async (stores: readonly StoreConnection[]): Promise<ExperimentItem | undefined> => {
  const picker = vscode.window.createQuickPick<ExperimentItem>();
  const { promise, resolve, reject } = Promise.withResolvers<ExperimentItem | undefined>();
  picker.title = 'Go to Experiment';
  picker.placeholder = 'Name, ID or pasted URL';
  picker.matchOnDescription = true;
  picker.busy = true;
  let all: readonly ExperimentItem[] = [];
  const show = (text: string): void => {
    const pasted = experimentIdIn(text);
    picker.items = pasted === undefined ? all : all.filter(({ experimentId }) => experimentId === pasted).map((item) => ({ ...item, alwaysShow: true }));
  };
  picker.onDidChangeValue(show);
  picker.onDidAccept(() => picker.selectedItems.length > 0 && resolve(picker.selectedItems[0]));
  picker.onDidHide(() => (resolve(undefined), picker.dispose()));
  picker.show();
  readItems(stores).then((items) => {
    all = items;
    picker.busy = false;
    show(picker.value);
  }, reject);
  return await promise.finally(() => picker.hide());
};

/** Undefined when given up. */
export const pickExperiments = (stores: readonly StoreConnection[]): Thenable<readonly ExperimentItem[] | undefined> =>
  vscode.window.showQuickPick(readItems(stores), {
    canPickMany: true,
    title: 'Open Runs in Table',
    placeHolder: 'Choose experiments',
    matchOnDescription: true,
  });

const readItems = async (stores: readonly StoreConnection[]): Promise<readonly ExperimentItem[]> =>
  (await Promise.all(stores.map((connection) => experimentItems(connection, stores.length > 1)))).flat();

const experimentItems = async (connection: StoreConnection, namesStore: boolean): Promise<readonly ExperimentItem[]> =>
  (await readExperiments(connection.tracking)).map(({ experimentId, name }) => ({
    label: iconSafeText(name),
    description: iconSafeText([`ID ${experimentId}`, ...(namesStore ? [connection.label] : [])].join(' · ')),
    connection,
    experimentId,
  }));
