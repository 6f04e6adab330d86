import * as vscode from 'vscode';

import type { ServeProtocol } from '../../../schemas/serve-page.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage } from '../../host/page.ts';
import { errorMessage } from '../../shared/errors.ts';
import { readServeState, ServeSession, type ServeSessionOptions } from './serve-session.ts';
import type { ServedModel } from './served-model.ts';

const viewType = 'mlflow.serve' satisfies PageType;

export interface ServePagesOptions extends ServeSessionOptions {
  readonly extensionUri: vscode.Uri;
}

/** One page for each model that is served; they come back after a restart. */
export class ServePages implements RestoredPages {
  readonly #options: ServePagesOptions;
  readonly #open = new Map<ServedModel, vscode.WebviewPanel>();

  constructor(options: ServePagesOptions) {
    this.#options = options;
  }

  show(model: ServedModel): void {
    const open = this.#open.get(model);
    if (open !== undefined) return open.reveal();
    this.#fill(vscode.window.createWebviewPanel(viewType, lineText(`Serve ${model.label}`), vscode.ViewColumn.Active), model, undefined);
  }

  dispose(): void {}

  /** What has ended meanwhile can be started again; nothing starts by itself. */
  async restore(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = readServeState(kept);
    if (state === undefined || !vscode.workspace.isTrusted) return panel.dispose();
    try {
      const model = (await this.#options.served.byId(state.id)) ?? this.#options.served.create(state.request);
      this.#fill(panel, model, state.view);
    } catch (error) {
      this.#options.log.warn(`A page cannot be brought back: ${errorMessage(error)}`);
      panel.dispose();
    }
  }

  #fill(panel: vscode.WebviewPanel, model: ServedModel, view: unknown): void {
    const { extensionUri, log } = this.#options;
    this.#open.set(model, panel);
    panel.onDidDispose(() => this.#open.delete(model));
    createPage<ServeProtocol>({
      panel,
      extensionUri,
      bundle: 'serve',
      icon: 'serve',
      log,
      connect: (page) => {
        const session = new ServeSession(page, model, view, this.#options);
        panel.onDidDispose(() => session.dispose());
        return session.behaviour;
      },
    });
  }
}
