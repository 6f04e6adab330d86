import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

import type { ConversionReport } from '../../../schemas/workbench-api.ts';
import { toSignal } from '../../host/abort.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { sayInformation, sayWarning } from '../../host/messages.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { HttpClient } from '../../shared/http.ts';
import type { Logger } from '../../shared/logger.ts';
import { convertStore } from '../rest-conversion.ts';
import type { StoreConnection } from '../store-connection.ts';
import { defaultStoreName } from './store-discovery.ts';

export interface ConvertStoreOptions {
  readonly stores: { readonly all: readonly StoreConnection[] };
  /** The window's server. */
  readonly http: HttpClient;
  readonly log: Logger;
  /** Shows the new file: it may lie where nobody looks for stores. */
  readonly onConverted: (store: StoreConnection, path: string) => Promise<void>;
}

/** *Convert to SQLite…*: asks for the new file, shows how far it is, and says what came of it. */
export const convertFolder = async (chosen: StoreConnection | undefined, { stores, http, log, onConverted }: ConvertStoreOptions): Promise<void> => {
  const store = chosen ?? (await pickFolderStore(stores.all));
  if (store?.address.kind !== 'files') return;
  const from = store.address.path;
  const to = await askForFile(from);
  if (to === undefined) return;
  const report = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: lineText(`Converting ${store.label} to SQLite`), cancellable: true },
    (progress, token) => convertStore(http, { from, to }, reportShares(progress), toSignal(token)).catch((error: unknown) => onFailure(error, token)),
  );
  if (report === undefined) return;
  tellLog(log, from, to, report);
  await onConverted(store, to);
  await tellReport(to, report);
};

const pickFolderStore = async (all: readonly StoreConnection[]): Promise<StoreConnection | undefined> => {
  const stores = all.filter(({ address }) => address.kind === 'files');
  if (stores.length <= 1) return stores[0];
  const items = stores.map((store) => ({ label: iconSafeText(store.label), store }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'The folder to convert' }))?.store;
};

/** The dialog would replace a file: what is there already is refused instead. */
const askForFile = async (from: string): Promise<string | undefined> => {
  const uri = await vscode.window.showSaveDialog({
    title: 'Convert to SQLite: the new file',
    saveLabel: 'Convert',
    defaultUri: vscode.Uri.file(join(dirname(from), defaultStoreName)),
    filters: { 'SQLite databases': ['db', 'sqlite', 'sqlite3'] },
  });
  if (uri !== undefined && uri.scheme !== 'file') throw new MlflowError('INVALID_PARAMETER_VALUE', 'The new file must be on the disk of the folder’s machine');
  return uri?.fsPath;
};

/** VS Code adds up percents. */
const reportShares = (progress: vscode.Progress<{ increment?: number; message?: string }>): ((share: number) => void) => {
  let last = 0;
  return (share) => {
    const percent = Math.floor(share * 100);
    progress.report({ increment: percent - last, message: `${percent} %` });
    last = percent;
  };
};

/** Who has cancelled knows it. */
const onFailure = (error: unknown, token: vscode.CancellationToken): undefined => {
  if (!token.isCancellationRequested) throw error;
};

const tellLog = (log: Logger, from: string, to: string, { counts, remarks }: ConversionReport): void => {
  log.info(
    `Converted ${from} to ${to}: ${Object.entries(counts)
      .map(([table, count]) => `${count} ${table}`)
      .join(', ')}`,
  );
  for (const remark of remarks) log.warn(`Conversion of ${from}: ${remark}`);
};

const tellReport = async (to: string, { counts, remarks }: ConversionReport): Promise<void> => {
  const sum = `${counts['runs'] ?? 0} runs and ${counts['metrics'] ?? 0} points of metrics are in ${to}, counted and checked. The folder stays as it is.`;
  if (remarks.length === 0) return void sayInformation(sum);
  const some = remarks.length === 1 ? remarks[0] : `${remarks.length} things were left out or changed`;
  const answer = await sayWarning(`${sum} But: ${some}.`, 'Show Log');
  if (answer === 'Show Log') await vscode.commands.executeCommand('mlflow.showLog');
};
