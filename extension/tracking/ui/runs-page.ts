import * as vscode from 'vscode';

import type { RunsPageState, RunsProtocol } from '../../../schemas/runs-protocol.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage } from '../../host/page.ts';
import { Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { PendingEdits } from '../pending-edits.ts';
import type { StoreConnections } from '../store-connection.ts';
import type { Favourites } from './favourites.ts';
import { createRunsActions } from './runs-actions.ts';
import { RunsSession } from './runs-session.ts';
import { RunsViews } from './runs-views.ts';

const viewType = 'mlflow.runs' satisfies PageType;

interface Surroundings {
  readonly stores: StoreConnections;
  readonly edits: PendingEdits;
  readonly favourites: Favourites;
  readonly memento: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

/** Opens tables of runs, and brings them back after a restart. */
export class RunsPages implements RestoredPages {
  readonly #surroundings: Surroundings;
  readonly #sessions = new Set<RunsSession>();
  readonly #owned = new Disposables();
  readonly #views: RunsViews;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#views = this.#owned.own(new RunsViews(surroundings.memento));
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.#fill(panel, readState(state));
  }

  /** The table of these experiments, if it is not open already. */
  open(state: RunsPageState): void {
    const open = [...this.#sessions].find((session) => session.isAbout(state));
    if (open !== undefined) return open.show();
    this.#fill(vscode.window.createWebviewPanel(viewType, 'Runs', vscode.ViewColumn.Active), state);
  }

  dispose(): void {
    this.#owned.dispose();
    for (const session of this.#sessions) session.dispose();
  }

  #fill(panel: vscode.WebviewPanel, state: RunsPageState): void {
    const { stores, edits, favourites, extensionUri, log } = this.#surroundings;
    createPage<RunsProtocol>({
      panel,
      extensionUri,
      bundle: 'runs',
      icon: 'runs',
      log,
      connect: (page) => {
        const actions = createRunsActions(edits, favourites);
        const session = new RunsSession({ page, stores, edits, favourites, log, state, views: this.#views, actions });
        this.#sessions.add(session);
        panel.onDidDispose(() => this.#sessions.delete(session));
        return session.behaviour;
      },
    });
  }
}

/** What VS Code kept of a page may be of an older version, or nothing. */
const readState = (state: unknown): RunsPageState => {
  const { store, experimentIds, page } = typeof state === 'object' && state !== null ? (state as Readonly<Record<string, unknown>>) : {};
  const ids: readonly unknown[] = Array.isArray(experimentIds) ? experimentIds : [];
  return {
    store: typeof store === 'string' ? store : '',
    experimentIds: ids.filter((id) => typeof id === 'string'),
    ...(page !== undefined && { page }),
  };
};
