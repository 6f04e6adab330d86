import * as vscode from 'vscode';

import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { artifactRows, fileRows, listRowArtifacts, type RowSource } from '../row-source.ts';
import type { OpenModel } from './open-model.ts';

interface RowsItem extends vscode.QuickPickItem {
  readonly path?: string;
}

/** A CSV or parquet file, or such an artifact of the run that has logged the model; undefined when given up. */
export const chooseRows = async (model: OpenModel | undefined): Promise<RowSource | undefined> => {
  const { store, origin } = model ?? {};
  const runId = origin?.runId;
  // A store that lists nothing keeps nobody from taking a file.
  const paths = store === undefined || runId === undefined ? [] : await listRowArtifacts(store, runId).catch(() => []);
  if (store === undefined || runId === undefined || paths.length === 0) return await chooseFile();
  const file: RowsItem = { label: '$(folder-opened) A file…', alwaysShow: true };
  const ofRun: RowsItem = { label: lineText(`artifacts of the run that has logged ${model?.label ?? 'the model'}`), kind: vscode.QuickPickItemKind.Separator };
  const items = [file, ofRun, ...paths.map((path) => ({ label: `$(table) ${iconSafeText(path)}`, path }))];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Take rows from' });
  if (chosen === file) return await chooseFile();
  return chosen?.path === undefined ? undefined : artifactRows(store, runId, chosen.path);
};

const chooseFile = async (): Promise<RowSource | undefined> => {
  const filters = { 'CSV with a header, parquet': ['csv', 'parquet'], 'All files': ['*'] };
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Take Rows From', filters })) ?? [];
  return uri === undefined ? undefined : fileRows(uri.fsPath);
};
