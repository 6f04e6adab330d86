import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

import { createRegisterCommand } from './host/commands.ts';
import { LanguageFiles } from './host/language-files.ts';
import { createReportError } from './host/report-error.ts';
import { ServingView } from './host/serving-view.ts';
import { createRunArtifacts } from './artifacts/ui/run-artifacts-part.ts';
import { artifactActions, registerArtifacts } from './artifacts/ui/register-artifacts.ts';
import { checkInterpreter } from './shared/interpreter.ts';
import { registerModels } from './models/ui/register-models.ts';
import { copyDiagnostics } from './projects/ui/copy-diagnostics.ts';
import { explainEnvironment } from './projects/ui/explain-environment.ts';
import { Interpreters } from './projects/ui/interpreters.ts';
import { createLanguageAnswers } from './projects/ui/language-answers.ts';
import { createRunCode } from './projects/ui/run-code-part.ts';
import { registerProjects } from './projects/ui/register-projects.ts';
import { remoteHistoryFile } from './registry/history-file.ts';
import { registerRegistry } from './registry/ui/register-registry.ts';
import { Disposables } from './shared/disposables.ts';
import type { Logger } from './shared/logger.ts';
import { ServerProcess } from './shared/server-process.ts';
import { makeStoreWithPython } from './tracking/make-store.ts';
import { rememberAgreedFolders } from './tracking/ui/agreed-folders.ts';
import { rememberConnectedServers } from './tracking/ui/connected-servers.ts';
import { CheckedRuns } from './tracking/ui/checked-runs.ts';
import { ComparePages } from './tracking/ui/compare-page.ts';
import { ExperimentsTree } from './tracking/ui/experiments-tree.ts';
import { Favourites } from './tracking/ui/favourites.ts';
import { KeptCredentials } from './tracking/ui/kept-credentials.ts';
import { registerLinks } from './tracking/ui/link-handler.ts';
import { chooseRun } from './tracking/ui/pick-runs.ts';
import { RunCounts } from './tracking/ui/run-counts.ts';
import { registerEnvironment } from './tracking/ui/register-environment.ts';
import { registerServerCommands } from './tracking/ui/server-commands.ts';
import { registerStoreCommands } from './tracking/ui/store-commands.ts';
import { type MakeStore, WindowStores } from './tracking/ui/store-connections.ts';
import { type FindMlflow, registerStoreFileCommands } from './tracking/ui/store-file-commands.ts';
import { NoteFiles } from './tracking/ui/note-files.ts';
import { openSource } from './tracking/ui/open-source.ts';
import { createRunMetrics } from './tracking/ui/run-metrics-part.ts';
import { createRunOverview } from './tracking/ui/run-overview-part.ts';
import { RunPages } from './tracking/ui/run-page.ts';
import { RunsPages } from './tracking/ui/runs-page.ts';
import { StoreStatus } from './tracking/ui/store-status.ts';
import { registerTerminalLinks } from './tracking/ui/terminal-link-provider.ts';
import { registerTrackingServers } from './tracking/ui/tracking-servers.ts';
import { registerTrackingCommands } from './tracking/ui/tracking-commands.ts';

/** Constructs and connects everything; each part says in its constructor what it needs. */
export const activate = (context: vscode.ExtensionContext): void => {
  const owned = new Disposables();
  context.subscriptions.push(owned);
  const { extensionUri } = context;
  const bundled = (name: string): string => join(context.extensionPath, 'dist', name);
  const serverScript = bundled('server.cjs');

  const log = owned.own(vscode.window.createOutputChannel('MLflow', { log: true }));
  const reportError = createReportError(log);
  const register = createRegisterCommand(reportError);
  owned.own(register('mlflow.showLog', () => log.show()));

  const interpreters = new Interpreters(log);
  const server = owned.own(new ServerProcess(serverScript, log));
  const findMlflow = createFindMlflow(interpreters, log);
  const credentials = new KeptCredentials(context.secrets);
  const agreed = rememberAgreedFolders(context.globalState);
  const registryNotesOf = (url: string) => remoteHistoryFile(context.globalStorageUri.fsPath, url);
  const stores = owned.own(
    new WindowStores({
      server,
      log,
      makeStore: createMakeStore(findMlflow, log),
      agreed,
      credentials,
      connectedServers: rememberConnectedServers(context.globalState),
      registryNotesOf,
    }),
  );
  owned.own(registerServerCommands({ register, stores, credentials }));
  owned.own(registerStoreCommands({ register, stores, server, extensionUri, log }));
  owned.own(registerStoreFileCommands(register, stores, findMlflow));
  const answers = owned.own(createLanguageAnswers({ stores, interpreters }));
  owned.own(new LanguageFiles({ serverModule: bundled('language-server.cjs'), register, answers, log }));
  const extensionVersion = String((context.extension.packageJSON as { version: unknown }).version);
  const { environmentVariableCollection: collection, workspaceState: memento } = context;
  const environment = owned.own(registerEnvironment({ register, stores, memento, collection }));
  const explained = { stores, interpreters, explainPrograms: environment.explain };
  owned.own(register('mlflow.projects.explainEnvironment', () => explainEnvironment(explained)));
  owned.own(register('mlflow.copyDiagnostics', () => copyDiagnostics({ extensionVersion, ...explained })));

  const serving = owned.own(new ServingView(register));
  owned.own(registerTrackingServers({ register, stores, view: serving, secrets: context.secrets, agreed, cliScript: bundled('cli.cjs') }));

  const projects = owned.own(
    registerProjects({
      stores,
      interpreters,
      register,
      extensionUri,
      memento: context.workspaceState,
      storage: context.globalStorageUri.fsPath,
      supervisorScript: bundled('supervisor.cjs'),
      serverScript,
      log,
    }),
  );

  owned.own(
    registerModels({
      stores,
      interpreters,
      register,
      view: serving,
      extensionUri,
      memento: context.workspaceState,
      storage: context.globalStorageUri.fsPath,
      supervisorScript: bundled('serving-supervisor.cjs'),
      log,
    }),
  );

  const counts = owned.own(new RunCounts(stores, log));
  const checked = new CheckedRuns();
  const favourites = new Favourites(context.workspaceState);
  const tree = owned.own(new ExperimentsTree({ stores, counts, checked, ownRuns: projects.ownRuns, favourites, log }));
  const pages = owned.own(new ComparePages({ stores, checked, extensionUri, log }));
  owned.own(registerRegistry({ register, stores, extensionUri, log }));
  owned.own(registerArtifacts({ register, stores, chooseRun: (title) => chooseRun(stores.all, title) }));
  const tables = owned.own(new RunsPages({ stores, memento: context.workspaceState, extensionUri, log }));
  const notes = owned.own(new NoteFiles(stores));
  const runPages = owned.own(
    new RunPages({
      stores,
      extensionUri,
      log,
      actions: { reveal: (run) => tree.revealRun(run), openSource: (run) => openSource(stores, run) },
      parts: {
        overview: createRunOverview({ stores, editNote: (run) => notes.open(run) }),
        metrics: createRunMetrics({ stores, compareMetric: (run, key) => pages.openMetric(run, key) }),
        code: createRunCode({ stores, interpreters, chooseRun: (title) => chooseRun(stores.all, title) }),
        log: projects.runLog,
        artifacts: createRunArtifacts({ stores, actions: artifactActions }),
      },
    }),
  );
  owned.own(new StoreStatus(stores, counts));
  owned.own(registerTerminalLinks({ stores, reportError, revealExperiment: async (...experiment) => await tree.revealExperiment(...experiment) }));
  owned.own(registerTrackingCommands({ register, stores, tree, checked, pages, tables, runPages, favourites }));
  owned.own(registerLinks({ register, reportError, stores, tree, openRun: (run) => runPages.open(run) }));
};

/** The folder's Python, where it has mlflow. */
const createFindMlflow =
  (interpreters: Interpreters, log: Logger): FindMlflow =>
  async (folder, signal) => {
    const interpreter = await interpreters.find(folder);
    if (interpreter === undefined) return undefined;
    const check = await checkInterpreter(interpreter.path, signal);
    log.info(`Python for ${folder}: ${interpreter.path}, ${check.kind === 'ready' ? `mlflow ${check.mlflow}` : check.kind}`);
    return check.kind === 'ready' ? { path: interpreter.path, mlflow: check.mlflow } : undefined;
  };

/** By the mlflow of the folder's Python, where it has one. */
const createMakeStore =
  (findMlflow: FindMlflow, log: Logger): MakeStore =>
  async (path, signal) => {
    const python = await findMlflow(dirname(path), signal);
    return python !== undefined && (await makeStoreWithPython(python.path, path, log, signal));
  };
