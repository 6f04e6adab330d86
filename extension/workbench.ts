import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';

import { artifactActions, registerArtifacts } from './artifacts/ui/register-artifacts.ts';
import { createRegisterCommand } from './host/commands.ts';
import { LanguageFiles } from './host/language-files.ts';
import { registerOnDemand } from './host/on-demand.ts';
import { createReportError } from './host/report-error.ts';
import { ServingView } from './host/serving-view.ts';
import { registerModels } from './models/ui/register-models.ts';
import { createFindMlflow } from './projects/ui/find-mlflow.ts';
import { Interpreters } from './projects/ui/interpreters.ts';
import { createLanguageAnswers } from './projects/ui/language-answers.ts';
import { remoteHistoryFile } from './registry/history-file.ts';
import type { Disposables } from './shared/disposables.ts';
import { ServerProcess } from './shared/server-process.ts';
import { registerEnvironment } from './tracking/ui/register-environment.ts';

/**
 * Constructs and connects everything; each part says in its options what it needs. The stores come first: while their server starts, which takes
 * longest, the rest is loaded and made, in pieces that hold nobody up.
 */
export const openWorkbench = async (context: vscode.ExtensionContext, owned: Disposables): Promise<void> => {
  const core = await openStores(context, owned);
  await openRuns(core);
  await openRegistry(core);
  await nextTurn();
  openPrograms(core);
};

/** Others have their turn before what comes is loaded, and again before anything is made of it. */
const between = async <T>(load: () => Promise<T>): Promise<T> => {
  await nextTurn();
  const loaded = await load();
  await nextTurn();
  return loaded;
};

type Core = Awaited<ReturnType<typeof openStores>>;

const openStores = async (context: vscode.ExtensionContext, owned: Disposables) => {
  const { registerStores } = await between(() => import('./tracking/ui/register-stores.ts'));
  const storage = context.globalStorageUri.fsPath;
  const bundled = (name: string): string => join(context.extensionPath, 'dist', name);
  const log = owned.own(vscode.window.createOutputChannel('MLflow', { log: true }));
  const reportError = createReportError(log);
  const register = createRegisterCommand(reportError);
  owned.own(register('mlflow.showLog', () => log.show()));
  const interpreters = new Interpreters(log);
  const server = owned.own(new ServerProcess(bundled('server.cjs'), log, join(storage, 'compiled')));
  const findMlflow = createFindMlflow(interpreters, log);
  const registryNotesOf = (url: string) => remoteHistoryFile(storage, url);
  const { stores, agreed } = owned.own(registerStores({ register, server, findMlflow, registryNotesOf, context, log }));
  const { extensionUri, workspaceState: memento } = context;
  return { context, owned, storage, bundled, log, reportError, register, interpreters, stores, agreed, extensionUri, memento };
};

/** The views of what was logged and of what logs. */
const openRuns = async (core: Core): Promise<void> => {
  const { owned, register, stores, interpreters, bundled } = core;
  const { registerProjects } = await between(() => import('./projects/ui/register-projects.ts'));
  const projects = owned.own(registerProjects({ ...core, supervisorScript: bundled('supervisor.cjs'), serverScript: bundled('server.cjs') }));
  const choose = { stores, chooseRun: async (title: string) => (await import('./tracking/ui/pick-runs.ts')).chooseRun(stores.all, title) };
  const loadRunParts = async () => {
    const [artifacts, code] = await Promise.all([import('./artifacts/ui/run-artifacts-part.ts'), import('./projects/ui/run-code-part.ts')]);
    return {
      artifacts: artifacts.createRunArtifacts({ stores, actions: artifactActions }),
      code: code.createRunCode({ interpreters, ...choose }),
      log: await projects.loadRunLog(),
    };
  };
  const { registerTracking } = await between(() => import('./tracking/ui/register-tracking.ts'));
  owned.own(registerTracking({ ...core, ownRuns: projects.ownRuns, loadRunParts }));
  owned.own(registerArtifacts({ register, ...choose }));
};

const openRegistry = async (core: Core): Promise<void> => {
  const { registerRegistry } = await between(() => import('./registry/ui/register-registry.ts'));
  core.owned.own(registerRegistry(core));
};

/** What the window's programs, files and servers need. */
const openPrograms = ({ context, owned, register, stores, interpreters, agreed, ...core }: Core): void => {
  const { environmentVariableCollection: collection, secrets } = context;
  const environment = owned.own(registerEnvironment({ register, stores, memento: core.memento, collection }));
  const answers = owned.own(createLanguageAnswers({ stores, interpreters }));
  owned.own(new LanguageFiles({ serverModule: core.bundled('language-server.cjs'), register, answers, log: core.log }));
  const explained = { stores, interpreters, explainPrograms: environment.explain };
  const explain = async (): Promise<void> => await (await import('./projects/ui/explain-environment.ts')).explainEnvironment(explained);
  owned.own(register('mlflow.projects.explainEnvironment', explain));
  const copyDiagnostics = async (): Promise<void> =>
    await (await import('./projects/ui/copy-diagnostics.ts')).copyDiagnostics({ extensionVersion: versionOf(context), ...explained });
  owned.own(register('mlflow.copyDiagnostics', copyDiagnostics));

  const view = owned.own(new ServingView(register));
  owned.own(registerModels({ ...core, register, stores, interpreters, view, supervisorScript: core.bundled('serving-supervisor.cjs') }));
  const servers = { stores, view, secrets, agreed, cliScript: core.bundled('cli.cjs') };
  owned.own(
    registerOnDemand(register, ['mlflow.tracking.startServer', 'mlflow.tracking.showServerLog'], async (on) =>
      (await import('./tracking/ui/tracking-servers.ts')).registerTrackingServers({ register: on, ...servers }),
    ),
  );
};

const versionOf = ({ extension }: vscode.ExtensionContext): string => String((extension.packageJSON as { readonly version: unknown }).version);
