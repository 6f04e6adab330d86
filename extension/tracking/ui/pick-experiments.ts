import * as vscode from 'vscode';

import type { ExperimentId } from '../../../schemas/ids.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import type { StoreConnection } from '../store-connection.ts';
import { readExperiments } from '../runs-by-id.ts';

export interface ExperimentItem extends vscode.QuickPickItem {
  readonly connection: StoreConnection;
  readonly experimentId: ExperimentId;
}

/** Undefined when given up. */
export const pickExperiment = (stores: readonly StoreConnection[]): Thenable<ExperimentItem | undefined> =>
  vscode.window.showQuickPick(readItems(stores), { title: 'Go to Experiment', placeHolder: 'Name or ID', matchOnDescription: true });

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
