import { join } from 'node:path';
import * as vscode from 'vscode';

import type { RunLogProtocol } from '../../../schemas/run-log-protocol.ts';
import type { CommandId, RegisterCommand, RunReference } from '../../host/commands.ts';
import { OnDemand, registerOnDemand } from '../../host/on-demand.ts';
import { restoreOnDemand } from '../../host/restored-pages.ts';
import type { CreateRunPart } from '../../host/run-part.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { GraceTimes } from '../../shared/process-tree.ts';
import { addressText, type StoreAddress, type StoreConnection, type StoreConnections } from '../../tracking/store-connection.ts';
import type { RunPlan } from '../run-folder.ts';
import { SubmittedRuns } from '../submitted-runs.ts';
import { registerOwnDebugger } from './debug-session.ts';
import type { Interpreters } from './interpreters.ts';
import { LogDocuments } from './log-documents.ts';
import { registerProjectsTree } from './projects-tree.ts';
import { registerRunLenses } from './run-lenses.ts';
import { RunMemory } from './run-memory.ts';
import { notifyOfEnds } from './run-notifications.ts';
import { registerRunTasks } from './run-tasks.ts';
import { RunTerminals } from './run-terminal.ts';

export interface ProjectsOptions {
  readonly stores: StoreConnections;
  readonly interpreters: Interpreters;
  readonly register: RegisterCommand;
  readonly extensionUri: vscode.Uri;
  /** What was last given to each entry point. */
  readonly memento: vscode.Memento;
  /** A folder that all windows share. */
  readonly storage: string;
  /** File names of the bundled programs. */
  readonly supervisorScript: string;
  readonly serverScript: string;
  readonly log: Logger;
}

/** The runs that were started from this window or, for the same folders, from an earlier one. */
export interface OwnRuns {
  has(run: RunReference): boolean;
  onDidChange(listener: () => void): Disposable;
}

export interface Projects extends Disposable {
  readonly ownRuns: OwnRuns;
  /** The tab *Log* of a run's page. */
  readonly loadRunLog: () => Promise<CreateRunPart<RunLogProtocol>>;
}

/** Time to save a checkpoint, then to close what is open. */
const grace: GraceTimes = { interrupt: 10_000, terminate: 5_000 };

/** Entry points of MLproject files: running them, following them, stopping them. */
export const registerProjects = (options: ProjectsOptions): Projects => {
  const { stores, interpreters, register, extensionUri, memento, storage, supervisorScript, serverScript, log } = options;
  const owned = new Disposables();
  const site = { root: join(storage, 'runs'), supervisorScript, serverScript, grace };
  const runs = owned.own(new SubmittedRuns({ site, log, trackingOf: (address) => openStore(stores, address)?.tracking }));
  const terminals = owned.own(new RunTerminals());
  const start = { stores, runs, interpreters, memory: new RunMemory(memento), cloneRoot: join(storage, 'clones'), log };
  const forms = owned.own(new OnDemand(async () => new (await import('./run-form-page.ts')).RunForms({ ...start, extensionUri, terminals })));
  owned.own(restoreOnDemand('mlflow.runForm', () => forms.get()));
  owned.own(
    registerOnDemand(register, runCommands, async (register) =>
      (await import('./run-commands.ts')).registerRunCommands({ ...start, register, terminals, forms: await forms.get() }),
    ),
  );
  owned.own(registerOwnDebugger(interpreters));
  owned.own(registerRunTasks(start));
  owned.own(registerRunLenses(runs));
  owned.own(registerProjectsTree());
  owned.own(notifyOfEnds(runs));
  owned.own(onDidOpenStore(stores, () => runs.recordEnds()));
  const recover = (): Promise<void> => recoverRuns(runs, terminals);
  owned.own(vscode.workspace.onDidGrantWorkspaceTrust(() => void recover()));
  owned.own(vscode.workspace.onDidChangeWorkspaceFolders(() => void recover()));
  void recover();
  const documents = owned.own(new LogDocuments(runs));
  return {
    loadRunLog: async () => (await import('./run-log-part.ts')).createRunLog({ stores, runs, documents }),
    ownRuns: {
      has: ({ storeId, runId }) => {
        const run = runs.byId(runId);
        return run !== undefined && addressText(run.plan.store) === storeId;
      },
      onDidChange: (listener) => runs.onDidChange(listener),
    },
    dispose: () => owned.dispose(),
  };
};

const runCommands: readonly CommandId[] = [
  'mlflow.projects.runEntryPoint',
  'mlflow.projects.runEntryPointWith',
  'mlflow.projects.debugEntryPoint',
  'mlflow.projects.runLastEntryPoint',
  'mlflow.projects.runAgain',
  'mlflow.projects.applyParams',
  'mlflow.projects.runGitProject',
  'mlflow.projects.createProject',
  'mlflow.projects.stopRun',
  'mlflow.projects.showRunOutput',
  'mlflow.projects.selectInterpreter',
];

const openStore = (stores: StoreConnections, address: StoreAddress): StoreConnection | undefined => {
  const store = stores.byAddress(addressText(address));
  return store?.state.kind === 'ready' ? store : undefined;
};

const onDidOpenStore = (stores: StoreConnections, listener: () => void): Disposable => {
  let following = new Disposables();
  const follow = (): void => {
    following.dispose();
    following = new Disposables();
    for (const store of stores.all) following.own(store.onDidChangeState(({ kind }) => kind === 'ready' && listener()));
    listener();
  };
  const list = stores.onDidChange(follow);
  follow();
  return {
    dispose: () => {
      list.dispose();
      following.dispose();
    },
  };
};

/** Runs go on when a window closes; what they print is at hand again in the list of terminals. */
const recoverRuns = async (runs: SubmittedRuns, terminals: RunTerminals): Promise<void> => {
  if (!vscode.workspace.isTrusted) return;
  await runs.recover(isInWorkspace);
  for (const run of runs.active) terminals.list(run);
};

const isInWorkspace = ({ directory, workspaceFolder }: RunPlan): boolean =>
  vscode.workspace.getWorkspaceFolder(vscode.Uri.file(workspaceFolder ?? directory)) !== undefined;
