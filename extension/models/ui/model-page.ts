import * as vscode from 'vscode';

import type { ModelProtocol } from '../../../schemas/model-page.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage } from '../../host/page.ts';
import { readModelReference, type ModelReference } from '../model-reference.ts';
import { ModelSession, type ModelSessionOptions } from './model-session.ts';

const viewType = 'mlflow.model' satisfies PageType;

export interface ModelPagesOptions extends ModelSessionOptions {
  readonly extensionUri: vscode.Uri;
}

/** One page for each model that is looked at; they come back after a restart. */
export class ModelPages implements RestoredPages {
  readonly #options: ModelPagesOptions;
  readonly #open = new Map<string, vscode.WebviewPanel>();

  constructor(options: ModelPagesOptions) {
    this.#options = options;
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const reference = readModelReference(state);
    if (reference === undefined) panel.dispose();
    else this.#fill(panel, reference);
  }

  show(reference: ModelReference): void {
    const open = this.#open.get(keyOf(reference));
    if (open !== undefined) return open.reveal();
    const title = lineText(reference.modelUri.replace(/^(?:models|runs):\/+|^.*[\\/](?=[^\\/]+$)/, ''));
    this.#fill(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active), reference);
  }

  dispose(): void {}

  #fill(panel: vscode.WebviewPanel, reference: ModelReference): void {
    const { extensionUri, log } = this.#options;
    this.#open.set(keyOf(reference), panel);
    panel.onDidDispose(() => this.#open.delete(keyOf(reference)));
    createPage<ModelProtocol>({
      panel,
      extensionUri,
      bundle: 'model',
      icon: 'model',
      log,
      connect: (page) => {
        const session = new ModelSession(page, reference, this.#options);
        panel.onDidDispose(() => session.dispose());
        return session.behaviour;
      },
    });
  }
}

const keyOf = ({ storeId, modelUri }: ModelReference): string => JSON.stringify([storeId ?? '', modelUri]);
