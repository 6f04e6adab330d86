import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { errorMessage } from '../../shared/errors.ts';
import { listVersions } from '../git-project.ts';
import { readProjectAddress } from '../project-address.ts';
import { openPlace, pickWorkspaceFolder, withGit, type OpenPlaceOptions } from './open-place.ts';
import { pickEntryPoint } from './pick-entry-point.ts';
import { requireTrust, type ChosenEntryPoint } from './start-run.ts';

const title = 'Run Project from Git';

/** Asks for an address and a version, clones, and lets an entry point be chosen; undefined when given up. */
export const chooseFromGit = async (options: OpenPlaceOptions): Promise<ChosenEntryPoint | undefined> => {
  requireTrust();
  const workspaceFolder = await pickWorkspaceFolder();
  const uri = workspaceFolder === undefined ? undefined : await askAddress(workspaceFolder.uri.fsPath);
  if (workspaceFolder === undefined || uri === undefined) return undefined;
  const address = readProjectAddress(uri, workspaceFolder.uri.fsPath);
  const versions = address.kind === 'folder' ? [] : await withGit('Looking for versions', options.log, async (tools) => await listVersions(address.url, tools));
  const picked = await pickVersion(versions);
  if (picked === undefined) return undefined;
  const found = await openPlace({ uri, ...(picked.version !== undefined && { version: picked.version }) }, workspaceFolder, options);
  return await pickEntryPoint(title, [found]);
};

const askAddress = async (folder: string): Promise<string | undefined> =>
  await vscode.window.showInputBox({
    title,
    prompt: 'Address of a git repository, with #folder where the project is not at its top',
    placeHolder: 'https://github.com/mlflow/mlflow-example.git',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'An address is needed' : problemOf(text.trim(), folder)),
  });

const problemOf = (uri: string, folder: string): string | undefined => {
  try {
    readProjectAddress(uri, folder);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
};

interface VersionItem extends vscode.QuickPickItem {
  readonly version?: string;
}

/** Branches and tags to choose from; a commit is typed. */
const pickVersion = async (versions: readonly string[]): Promise<VersionItem | undefined> => {
  const pick = vscode.window.createQuickPick<VersionItem>();
  const { promise, resolve } = Promise.withResolvers<VersionItem | undefined>();
  const [own] = versions;
  const whole: VersionItem = { label: '$(git-branch) The newest', ...(own !== undefined && { description: iconSafeText(own) }) };
  const listed = versions.map((version): VersionItem => ({ label: iconSafeText(version), version }));
  const show = (): void => {
    const typed = pick.value.trim();
    const commit: VersionItem = { label: `$(git-commit) ${iconSafeText(typed)}`, description: 'commit', version: typed, alwaysShow: true };
    pick.items = [whole, ...listed, ...(/^[\da-f]{40}$/.test(typed) ? [commit] : [])];
  };
  pick.title = title;
  pick.placeholder = 'Choose a branch or a tag, or paste a full commit';
  pick.ignoreFocusOut = true;
  pick.onDidChangeValue(show);
  pick.onDidAccept(() => resolve(pick.selectedItems[0]));
  pick.onDidHide(() => resolve(undefined));
  show();
  pick.show();
  const picked = await promise;
  pick.dispose();
  return picked;
};
