import * as vscode from 'vscode';

import { createBatcher } from '../../shared/batcher.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { AgreedServers } from './agreed-servers.ts';
import type { ProgramEnvironment } from './program-environment.ts';

/** ms between two looks at what terminals get. */
const interval = 100;

interface TerminalOptions {
  readonly collection: vscode.GlobalEnvironmentVariableCollection;
  readonly environment: ProgramEnvironment;
  readonly agreed: AgreedServers;
}

/** Keeps the environment of new terminals and tasks, which are terminals, as the store of their folder demands. */
export const provideTerminalEnvironment = ({ collection, environment, agreed }: TerminalOptions): Disposable => {
  const owned = new Disposables();
  // A window without the extension, or one that is no longer trusted, gives nothing.
  collection.persistent = false;
  const given = new Map<string, string>();
  const updates = owned.own(
    createBatcher<void>(interval, async () => {
      for (const folder of vscode.workspace.workspaceFolders ?? []) await update(folder, { collection, environment, given });
    }),
  );
  owned.own(environment.onDidChange(() => updates.add()));
  owned.own(vscode.window.onDidOpenTerminal((terminal) => void askFor(terminal, environment, agreed)));
  updates.add();
  return owned;
};

interface Update {
  readonly collection: vscode.GlobalEnvironmentVariableCollection;
  readonly environment: ProgramEnvironment;
  /** What each folder's collection holds: whatever is written makes VS Code mark open terminals as out of date. */
  readonly given: Map<string, string>;
}

const update = async (workspaceFolder: vscode.WorkspaceFolder, { collection, environment, given }: Update): Promise<void> => {
  const found = await environment.ofTerminals(workspaceFolder);
  const variables = found.kind === 'given' ? Object.entries(found.variables) : [];
  const [key, text] = [workspaceFolder.uri.toString(), JSON.stringify(variables)];
  if ((given.get(key) ?? '[]') === text) return;
  given.set(key, text);
  const scoped = collection.getScoped({ workspaceFolder });
  scoped.clear();
  scoped.description = `Programs log to ${lineText(environment.storeOf(workspaceFolder)?.label ?? '', 60)}, the store that MLflow shows`;
  for (const [name, value] of variables) scoped.replace(name, value);
};

/** A server is asked about when somebody might log to it, and not before. */
const askFor = async ({ creationOptions }: vscode.Terminal, environment: ProgramEnvironment, agreed: AgreedServers): Promise<void> => {
  if ('pty' in creationOptions) return;
  const { cwd } = creationOptions;
  const own = cwd === undefined ? undefined : vscode.workspace.getWorkspaceFolder(typeof cwd === 'string' ? vscode.Uri.file(cwd) : cwd);
  const folders = own === undefined ? (vscode.workspace.workspaceFolders ?? []) : [own];
  const server = folders.map((folder) => environment.unagreedServer(folder)).find((unagreed) => unagreed !== undefined);
  if (server !== undefined) await agreed.ask(server.folder, server.url);
};
