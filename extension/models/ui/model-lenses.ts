import { dirname } from 'node:path';
import * as vscode from 'vscode';

import type { CommandId } from '../../host/commands.ts';
import { LensQuestions } from '../../host/lens-questions.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';

const language = 'mlmodel';

/** `Serve | Serve with… | Open` above an MLmodel file. */
class ModelLenses implements vscode.CodeLensProvider, Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new vscode.EventEmitter<void>());
  readonly #questions = this.#owned.own(new LensQuestions(language, () => this.#changed.fire()));

  readonly onDidChangeCodeLenses = this.#changed.event;

  dispose(): void {
    this.#owned.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    this.#questions.wasAsked(document);
    const reference = { modelUri: dirname(document.uri.fsPath) };
    const top = new vscode.Range(0, 0, 0, 0);
    return commands.map(({ id, title, tooltip }) => new vscode.CodeLens(top, { command: id, title, tooltip, arguments: [reference] }));
  }
}

const commands: readonly { readonly id: CommandId; readonly title: string; readonly tooltip: string }[] = [
  { id: 'mlflow.models.serve', title: '$(broadcast) Serve', tooltip: 'Serve this model on this machine, and try it' },
  { id: 'mlflow.models.serveWith', title: 'Serve with…', tooltip: 'Choose the environment first' },
  { id: 'mlflow.models.open', title: 'Open', tooltip: 'Show what this file says: signature, flavors, environment' },
];

export const registerModelLenses = (): Disposable => {
  const owned = new Disposables();
  const lenses = owned.own(new ModelLenses());
  owned.own(vscode.languages.registerCodeLensProvider({ language, scheme: 'file' }, lenses));
  return owned;
};
