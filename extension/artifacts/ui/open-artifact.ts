import { posix } from 'node:path';
import * as vscode from 'vscode';

import type { ArtifactReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayWarning } from '../../host/messages.ts';
import { toUri } from './artifact-stores.ts';

const asText = 'Open as Text';
const asNotebook = 'Open as Notebook';

/** By the editor that VS Code has for such files. */
export const openArtifact = async (reference: ArtifactReference): Promise<void> => {
  const uri = toUri(reference);
  if (posix.extname(reference.path).toLowerCase() !== '.ipynb') {
    await vscode.commands.executeCommand('vscode.open', uri);
    return;
  }
  const choice = await askHow(reference.path);
  if (choice === asNotebook) await vscode.commands.executeCommand('vscode.openWith', uri, 'jupyter-notebook');
  if (choice === asText) await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
};

/** In a trusted workspace VS Code's notebook editor runs the scripts in saved outputs, and an artifact may be from anybody. */
const askHow = async (path: string): Promise<string | undefined> =>
  await sayWarning(
    `How shall ${lineText(posix.basename(path), 80)} be opened?`,
    {
      modal: true,
      detail: 'A notebook keeps its outputs, and the notebook editor runs the scripts that are in them. The page of the run shows it without any.',
    },
    asText,
    asNotebook,
  );
