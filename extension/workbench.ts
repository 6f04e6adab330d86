import { join } from 'node:path';
import * as vscode from 'vscode';

import { artifactActions, registerArtifacts } from './artifacts/ui/register-artifacts.ts';
import { createRunArtifacts } from './artifacts/ui/run-artifacts-part.ts';
import { createRegisterCommand } from './host/commands.ts';
import { LanguageFiles } from './host/language-files.ts';
import { createReportError } from './host/report-error.ts';
import { ServingView } from './host/serving-view.ts';
import { registerModels } from './models/ui/register-models.ts';
import { copyDiagnostics } from './projects/ui/copy-diagnostics.ts';
import { explainEnvironment } from './projects/ui/explain-environment.ts';
import { createFindMlflow } from './projects/ui/find-mlflow.ts';
import { Interpreters } from './projects/ui/interpreters.ts';
import { createLanguageAnswers } from './projects/ui/language-answers.ts';
import { registerProjects } from './projects/ui/register-projects.ts';
import { createRunCode } from './projects/ui/run-code-part.ts';
import { remoteHistoryFile } from './registry/history-file.ts';
import { registerRegistry } from './registry/ui/register-registry.ts';
import { type Disposable, Disposables } from './shared/disposables.ts';
import { ServerProcess } from './shared/server-process.ts';
import { chooseRun } from './tracking/ui/pick-runs.ts';
import { registerEnvironment } from './tracking/ui/register-environment.ts';
import { registerStores } from './tracking/ui/register-stores.ts';
import { registerTracking } from './tracking/ui/register-tracking.ts';
import { registerTrackingServers } from './tracking/ui/tracking-servers.ts';

/** Constructs and connects everything; each part says in its options what it needs. */
export const openWorkbench = (context: vscode.ExtensionContext): Disposable => {
  const owned = new Disposables();
  const { extensionUri, globalStorageUri, secrets, workspaceState: memento } = context;
  const storage = globalStorageUri.fsPath;
  const bundled = (name: string): string => join(context.extensionPath, 'dist', name);
  const serverScript = bundled('server.cjs');

  const log = owned.own(vscode.window.createOutputChannel('MLflow', { log: true }));
  const reportError = createReportError(log);
  const register = createRegisterCommand(reportError);
  owned.own(register('mlflow.showLog', () => log.show()));

  const interpreters = new Interpreters(log);
  const server = owned.own(new ServerProcess(serverScript, log, join(storage, 'compiled')));
  const findMlflow = createFindMlflow(interpreters, log);
  const registryNotesOf = (url: string) => remoteHistoryFile(storage, url);
  const { stores, agreed } = owned.own(registerStores({ register, server, findMlflow, registryNotesOf, context, log }));

  const answers = owned.own(createLanguageAnswers({ stores, interpreters }));
  owned.own(new LanguageFiles({ serverModule: bundled('language-server.cjs'), register, answers, log }));

  const environment = owned.own(registerEnvironment({ register, stores, memento, collection: context.environmentVariableCollection }));
  const explained = { stores, interpreters, explainPrograms: environment.explain };
  owned.own(register('mlflow.projects.explainEnvironment', () => explainEnvironment(explained)));
  owned.own(register('mlflow.copyDiagnostics', () => copyDiagnostics({ extensionVersion: versionOf(context), ...explained })));

  const serving = owned.own(new ServingView(register));
  owned.own(registerTrackingServers({ register, stores, view: serving, secrets, agreed, cliScript: bundled('cli.cjs') }));
  const common = { register, stores, interpreters, extensionUri, memento, storage, log };
  const projects = owned.own(registerProjects({ ...common, supervisorScript: bundled('supervisor.cjs'), serverScript }));
  owned.own(registerModels({ ...common, view: serving, supervisorScript: bundled('serving-supervisor.cjs') }));
  owned.own(registerRegistry({ register, stores, extensionUri, log }));

  const choose = { stores, chooseRun: (title: string) => chooseRun(stores.all, title) };
  owned.own(registerArtifacts({ register, ...choose }));
  const runParts = {
    artifacts: createRunArtifacts({ stores, actions: artifactActions }),
    code: createRunCode({ interpreters, ...choose }),
    log: projects.runLog,
  };
  owned.own(registerTracking({ register, reportError, stores, ownRuns: projects.ownRuns, runParts, memento, extensionUri, log }));
  return owned;
};

const versionOf = ({ extension }: vscode.ExtensionContext): string => String((extension.packageJSON as { readonly version: unknown }).version);
