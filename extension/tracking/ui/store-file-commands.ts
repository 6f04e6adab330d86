import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayError, sayInformation, sayWarning } from '../../host/messages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { StoreConnections } from '../store-connection.ts';
import { backupPathOf, backUpStore, restoreStore, upgradeStore } from '../upgrade-store.ts';
import { pickLocalStore, type FileConnection } from './pick-local-store.ts';

export interface PythonWithMlflow {
  readonly path: string;
  readonly mlflow: string;
}

/** The Python of a folder, when it has mlflow. */
export type FindMlflow = (folder: string, signal?: AbortSignal) => Promise<PythonWithMlflow | undefined>;

/** Commands that change how a store's file is kept, never what was logged. */
export const registerStoreFileCommands = (register: RegisterCommand, stores: StoreConnections, findMlflow: FindMlflow): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.allowArtifactFolders', (item) => withStore(stores, item, allowFolders)));
  owned.own(register('mlflow.tracking.makeStoreFaster', (item) => withStore(stores, item, changeIndexes)));
  owned.own(register('mlflow.tracking.upgradeStore', (item) => withStore(stores, item, (store) => backUpAndUpgrade(store, findMlflow))));
  return owned;
};

const withStore = async (stores: StoreConnections, item: unknown, work: (store: FileConnection) => Promise<void>): Promise<void> => {
  const store = await pickLocalStore(stores, item, 'Store');
  if (store !== undefined) await work(store);
};

const allowFolders = async ({ label, file }: FileConnection): Promise<void> => {
  const folders = await file.artifactFolders();
  if (folders.length === 0) {
    void sayInformation(`All artifacts of ${label} are where they can be read.`);
    return;
  }
  const placeHolder = `${label} says that artifacts are in these folders, outside its own. Choose one to have it read`;
  const folder = folders.length === 1 ? folders[0] : await vscode.window.showQuickPick(folders, { placeHolder });
  if (folder === undefined) return;
  const detail = `The store ${file.path} names this folder, which is outside its own. Whatever is in it can then be listed and opened as artifacts. A store from somebody else could name any folder of this machine: allow it only when you know that artifacts are there.`;
  const allow = 'Allow';
  if ((await sayWarning(`Read artifacts in ${folder}?`, { modal: true, detail }, allow)) !== allow) return;
  await file.allowArtifactFolder(folder);
  void sayInformation(`Artifacts in ${folder} are read from now on.`);
};

const changeIndexes = async (store: FileConnection): Promise<void> => {
  const { present, missing } = await store.file.indexes();
  if (missing.length === 0) return offerRemoval(store, present);
  const add = 'Add Indexes';
  const detail = `Searches, sorting by a metric and curves of a large store become faster. ${missing.length} indexes are added to ${store.file.path}: ${missing.join(', ')}. The file grows, by up to a third when it is mostly metrics, and logging costs a little more. Nothing that was logged is changed, mlflow ignores them and keeps them when it upgrades. To undo it run this command again.`;
  if ((await sayInformation(`Make ${store.label} faster?`, { modal: true, detail }, add)) !== add) return;
  await inProgress(`Adding indexes to ${store.label}`, () => store.file.setIndexes(true));
  void sayInformation(`${store.label} has the indexes now.`);
};

const offerRemoval = async (store: FileConnection, present: readonly string[]): Promise<void> => {
  const remove = 'Remove Indexes';
  const detail = `${store.file.path} has the indexes already: ${present.join(', ')}. Without them searches of a large store are slower; nothing that was logged is lost.`;
  if ((await sayInformation(`${store.label} is as fast as it gets`, { modal: true, detail }, remove)) !== remove) return;
  await inProgress(`Removing indexes from ${store.label}`, () => store.file.setIndexes(false));
};

const inProgress = <T>(title: string, work: () => Promise<T>): Thenable<T> =>
  vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: lineText(title) }, work);

const backUpAndUpgrade = async (store: FileConnection, findMlflow: FindMlflow): Promise<void> => {
  const { label, file } = store;
  const python = await findMlflow(dirname(file.path));
  if (python === undefined)
    throw new MlflowError(
      'INVALID_STATE',
      `An upgrade is made by mlflow itself, and no Python with mlflow was found for ${dirname(file.path)}. Choose one with 'MLflow: Select Python Interpreter…'`,
    );
  const backup = backupPathOf(file.path, new Date());
  const go = 'Back Up and Upgrade';
  const detail = `A copy is made first: ${basename(backup)}, in the same folder. Then mlflow ${python.mlflow} (${python.path}) changes the tables of ${file.path} to the form that it needs; older releases of mlflow cannot open the file afterwards. Stop programs that log to it until it is done.`;
  if ((await sayWarning(`Upgrade ${label} with mlflow ${python.mlflow}?`, { modal: true, detail }, go)) !== go) return;
  await copyWithProgress(store, python.path, backup);
  await upgradeOrOfferBackup(store, python.path, backup);
};

/** Can be cancelled, up to the moment when the copy is whole. */
const copyWithProgress = async ({ label, file }: FileConnection, python: string, backup: string): Promise<void> => {
  const options = { location: vscode.ProgressLocation.Notification, title: lineText(`Backing up ${label}`), cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    let shown = 0;
    const onProgress = (copied: number, total: number): void => {
      const percent = total === 0 ? 100 : Math.floor((100 * copied) / total);
      progress.report({ increment: percent - shown, message: `${percent} %` });
      shown = percent;
    };
    await backUpStore(python, file.path, backup, onProgress, toSignal(token));
  });
};

const upgradeOrOfferBackup = async (store: FileConnection, python: string, backup: string): Promise<void> => {
  const { label, file } = store;
  try {
    await inProgress(`mlflow upgrades ${label}`, () => upgradeStore(python, file.path));
    void sayInformation(`${label} is upgraded. What it was is kept as ${basename(backup)}.`);
  } catch (error) {
    const restore = 'Restore the Backup';
    const message = `${errorMessage(error)}. The tables may be half changed; everything is in ${backup}.`;
    if ((await sayError(message, restore, 'Leave It')) !== restore) return;
    await inProgress(`Restoring ${label}`, () => restoreStore(python, file.path, backup));
    void sayInformation(`${label} is what it was before the upgrade.`);
  } finally {
    await file.lookAgain();
  }
};
