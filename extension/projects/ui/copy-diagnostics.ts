import * as vscode from 'vscode';

import { withoutSecrets } from '../../shared/without-secrets.ts';
import { addressText, type StoreConnection } from '../../tracking/store-connection.ts';
import type { ExplainOptions } from './explain-environment.ts';
import { sayInformation } from '../../host/messages.ts';

export interface DiagnosticsOptions extends ExplainOptions {
  readonly extensionVersion: string;
}

/** Which Python, mlflow and store are used where: text for a report, without secrets. */
export const copyDiagnostics = async (options: DiagnosticsOptions): Promise<void> => {
  await vscode.env.clipboard.writeText(await readDiagnostics(options));
  void sayInformation('Copied which Python, mlflow and stores this window uses. It holds paths of this machine, but no passwords or tokens.');
};

const readDiagnostics = async (options: DiagnosticsOptions): Promise<string> => {
  const { extensionVersion, stores } = options;
  const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
  const used = await Promise.all(folders.map(async (folder) => await describeFolder(folder, options)));
  return withoutSecrets(
    [
      ...used,
      ...stores.all.map(describeStore),
      `MLflow Workbench ${extensionVersion}, ${vscode.env.appName} ${vscode.version}, Node ${process.versions.node}`,
      `${process.platform} ${process.arch}, ${vscode.env.remoteName ?? 'local'}, ${vscode.workspace.isTrusted ? 'trusted' : 'not trusted'}`,
      '',
    ].join('\n'),
  );
};

const describeFolder = async (folder: vscode.WorkspaceFolder, { stores, interpreters, explainPrograms }: ExplainOptions): Promise<string> => {
  const path = folder.uri.fsPath;
  const active = stores.activeFor(path);
  const store = active === undefined ? 'no store yet' : addressText(active.address);
  return `${folder.name}: entry points log to ${store}; terminals, tasks and debug sessions ${await explainPrograms(folder)}; Python: ${await interpreters.explain(path)}`;
};

const describeStore = ({ address, state }: StoreConnection): string => {
  const reason =
    state.kind === 'failed' ? `: ${state.message}` : state.kind === 'ready' && state.readOnlyReason !== undefined ? `, read-only: ${state.readOnlyReason}` : '';
  return `store ${addressText(address)}: ${state.kind}${reason}`;
};
