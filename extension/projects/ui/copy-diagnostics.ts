import * as vscode from 'vscode';

import { withoutSecrets } from '../../shared/without-secrets.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../../tracking/store-connection.ts';
import type { Interpreters } from './interpreters.ts';

export interface DiagnosticsOptions {
  readonly extensionVersion: string;
  readonly stores: StoreConnections;
  readonly interpreters: Interpreters;
}

/** Which Python, mlflow and store are used where: text for a report, without secrets. */
export const copyDiagnostics = async (options: DiagnosticsOptions): Promise<void> => {
  await vscode.env.clipboard.writeText(await readDiagnostics(options));
  void vscode.window.showInformationMessage(
    'Copied which Python, mlflow and stores this window uses. It holds paths of this machine, but no passwords or tokens.',
  );
};

const readDiagnostics = async ({ extensionVersion, stores, interpreters }: DiagnosticsOptions): Promise<string> => {
  const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
  const used = await Promise.all(folders.map(({ name, uri }) => describeFolder(name, uri.fsPath, stores, interpreters)));
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

const describeFolder = async (name: string, path: string, stores: StoreConnections, interpreters: Interpreters): Promise<string> => {
  const active = stores.activeFor(path);
  return `${name}: programs log to ${active === undefined ? 'no store yet' : addressText(active.address)}; Python: ${await interpreters.explain(path)}`;
};

const describeStore = ({ address, state }: StoreConnection): string => {
  const reason =
    state.kind === 'failed' ? `: ${state.message}` : state.kind === 'ready' && state.readOnlyReason !== undefined ? `, read-only: ${state.readOnlyReason}` : '';
  return `store ${addressText(address)}: ${state.kind}${reason}`;
};
