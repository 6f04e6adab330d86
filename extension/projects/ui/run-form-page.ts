import * as vscode from 'vscode';

import type { RunChoices } from '../../../schemas/run-choices.ts';
import type { RunFormProtocol } from '../../../schemas/run-form.ts';
import type { EntryPointReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage } from '../../host/page.ts';
import { errorMessage } from '../../shared/errors.ts';
import { chooseReferred } from './choose-entry-point.ts';
import { readFormState, RunFormSession } from './run-form-session.ts';
import type { RunTerminals } from './run-terminal.ts';
import { referenceTo, type ChosenEntryPoint, type StartOptions } from './start-run.ts';

const viewType = 'mlflow.runForm' satisfies PageType;

export interface RunFormOptions extends StartOptions {
  readonly extensionUri: vscode.Uri;
  readonly terminals: RunTerminals;
}

interface OpenForm {
  readonly panel: vscode.WebviewPanel;
  readonly session: RunFormSession;
}

/** Opens forms, one for each entry point, and brings them back after a restart. */
export class RunForms implements RestoredPages {
  readonly #options: RunFormOptions;
  readonly #open = new Map<string, OpenForm>();

  constructor(options: RunFormOptions) {
    this.#options = options;
  }

  /** With choices the form is filled in with them, whatever stood there. */
  show(chosen: ChosenEntryPoint, choices?: RunChoices): void {
    const open = this.#open.get(keyOf(referenceTo(chosen)));
    if (open === undefined) return this.#create(chosen, choices);
    if (choices !== undefined) open.session.fill(choices);
    open.panel.reveal();
  }

  dispose(): void {
    for (const { session } of this.#open.values()) session.dispose();
  }

  /** What needs git is not fetched unasked. */
  async restore(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = readFormState(kept);
    const isLocal = state !== undefined && state.reference.version === undefined && !state.reference.uri.includes('://');
    try {
      const chosen = isLocal ? await chooseReferred(state.reference, this.#options) : undefined;
      if (chosen === undefined) panel.dispose();
      else this.#fill(panel, chosen, state?.typed);
    } catch (error) {
      this.#options.log.warn(`A form cannot be brought back: ${errorMessage(error)}`);
      panel.dispose();
    }
  }

  #create(chosen: ChosenEntryPoint, choices: RunChoices | undefined): void {
    const title = lineText(`Run ${chosen.entryPoint.name}`);
    this.#fill(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active), chosen, choices);
  }

  #fill(panel: vscode.WebviewPanel, chosen: ChosenEntryPoint, typed: RunChoices | undefined): void {
    const { extensionUri, log } = this.#options;
    const key = keyOf(referenceTo(chosen));
    createPage<RunFormProtocol>({
      panel,
      extensionUri,
      bundle: 'run-form',
      icon: 'run',
      log,
      connect: (page) => {
        const session = new RunFormSession(page, chosen, typed, this.#options);
        this.#open.set(key, { panel, session });
        panel.onDidDispose(() => {
          this.#open.delete(key);
          session.dispose();
        });
        return session.behaviour;
      },
    });
  }
}

const keyOf = ({ uri, version = '', entryPoint }: EntryPointReference): string => JSON.stringify([uri, version, entryPoint]);
