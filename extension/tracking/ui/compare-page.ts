import * as vscode from 'vscode';

import type { ComparePageState, CompareProtocol } from '../../../schemas/webview-protocol.ts';
import type { RunReference } from '../../host/commands.ts';
import type { PageType } from '../../host/manifest.ts';
import { createPage } from '../../host/page.ts';
import type { Disposable } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnections } from '../store-connection.ts';
import type { RunPointer } from './compare-runs.ts';
import { CompareSession } from './compare-session.ts';

const viewType = 'mlflow.compare' satisfies PageType;

interface Surroundings {
  readonly stores: StoreConnections;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

/** Opens compare pages and brings them back after a restart. */
export class ComparePages implements Disposable {
  readonly #surroundings: Surroundings;
  readonly #sessions = new Set<CompareSession>();
  readonly #serializer: Disposable;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => this.#fill(panel, readState(state)),
    });
  }

  /** Beside the editor that is active. */
  open(runs: readonly RunReference[]): void {
    const panel = vscode.window.createWebviewPanel(viewType, 'Compare', vscode.ViewColumn.Beside);
    this.#fill(panel, { runs: runs.map(({ storeId, runId }) => ({ store: storeId, runId })) });
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const session of this.#sessions) session.dispose();
  }

  #fill(panel: vscode.WebviewPanel, state: ComparePageState): void {
    const { stores, extensionUri, log } = this.#surroundings;
    panel.iconPath = {
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'compare-dark.svg'),
      light: vscode.Uri.joinPath(extensionUri, 'media', 'compare-light.svg'),
    };
    createPage<CompareProtocol>({
      panel,
      extensionUri,
      bundle: 'compare',
      log,
      connect: (page) => {
        const session = new CompareSession(page, stores, state, log);
        this.#sessions.add(session);
        panel.onDidDispose(() => this.#sessions.delete(session));
        return session.behaviour;
      },
    });
  }
}

/** What VS Code kept of a page may be of an older version, or nothing. */
const readState = (state: unknown): ComparePageState => {
  if (typeof state !== 'object' || state === null || !('runs' in state) || !Array.isArray(state.runs)) return { runs: [] };
  const runs: readonly unknown[] = state.runs;
  return { runs: runs.filter(isRunPointer), ...('view' in state && { view: state.view }) };
};

const isRunPointer = (value: unknown): value is RunPointer =>
  typeof value === 'object' && value !== null && 'store' in value && typeof value.store === 'string' && 'runId' in value && typeof value.runId === 'string';
