import { relative } from 'node:path';
import * as vscode from 'vscode';

import type { RunChoices } from '../../../schemas/run-choices.ts';
import { toRunTask } from '../../../schemas/run-task.ts';
import { addTask } from '../tasks-file.ts';
import type { ChosenEntryPoint } from './start-run.ts';

/** Adds a task to the folder's tasks.json and shows it there. */
export const saveTask = async ({ found, entryPoint }: ChosenEntryPoint, choices: RunChoices): Promise<void> => {
  const file = vscode.Uri.joinPath(found.workspaceFolder.uri, '.vscode', 'tasks.json');
  const document = await openOrCreate(file);
  const { place, source, project } = found;
  const below = relative(found.workspaceFolder.uri.fsPath, project.directory);
  const where = source === undefined ? { project: below === '' ? '.' : below } : { project: place.uri };
  const task = toRunTask({ ...where, ...(place.version !== undefined && { version: place.version }), entryPoint: entryPoint.name, choices });
  const { text, label } = addTask(document.getText(), `Run ${entryPoint.name}`, task);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(file, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  await vscode.workspace.applyEdit(edit);
  await document.save();
  const editor = await vscode.window.showTextDocument(document);
  const at = document.positionAt(document.getText().indexOf(JSON.stringify(label)));
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
};

const openOrCreate = async (file: vscode.Uri): Promise<vscode.TextDocument> => {
  const create = new vscode.WorkspaceEdit();
  create.createFile(file, { ignoreIfExists: true });
  await vscode.workspace.applyEdit(create);
  return await vscode.workspace.openTextDocument(file);
};
