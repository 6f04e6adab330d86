import * as vscode from 'vscode';

import type { RunPageState, RunProtocol } from '../../../schemas/run-protocol.ts';
import { executeCommand, type RunReference } from '../../host/commands.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage } from '../../host/page.ts';
import type { Logger } from '../../shared/logger.ts';
import type { PendingEdits } from '../pending-edits.ts';
import type { StoreConnections } from '../store-connection.ts';
import type { RunParts } from './run-parts.ts';
import type { RunActions } from './run-requests.ts';
import { RunSession } from './run-session.ts';

const viewType = 'mlflow.run' satisfies PageType;

interface Surroundings {
  readonly stores: StoreConnections;
  readonly edits: PendingEdits;
  readonly actions: Pick<RunActions, 'reveal' | 'openSource'>;
  readonly parts: RunParts;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

/** One page for each run that is looked at; they come back after a restart. */
export class RunPages implements RestoredPages {
  readonly #surroundings: Surroundings;
  readonly #sessions = new Set<RunSession>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = readState(state);
    if (kept === undefined) panel.dispose();
    else this.#fill(panel, kept);
  }

  /** The page of this run, if it is not open already. */
  open(run: RunReference): void {
    const open = [...this.#sessions].find((session) => session.isAbout(run));
    if (open !== undefined) return open.show();
    this.#fill(vscode.window.createWebviewPanel(viewType, 'Run', vscode.ViewColumn.Active), { store: run.storeId, runId: run.runId });
  }

  dispose(): void {
    for (const session of this.#sessions) session.dispose();
  }

  #fill(panel: vscode.WebviewPanel, state: RunPageState): void {
    const { extensionUri, log, stores, edits, actions, parts } = this.#surroundings;
    createPage<RunProtocol>({
      panel,
      extensionUri,
      bundle: 'run',
      icon: 'run-page',
      log,
      connect: (page) => {
        const session = new RunSession({ page, stores, edits, parts, log, state, window: thisWindow, actions: { ...runActions, ...actions } });
        this.#sessions.add(session);
        panel.onDidDispose(() => this.#sessions.delete(session));
        return session.behaviour;
      },
    });
  }
}

const thisWindow = { isTrusted: () => vscode.workspace.isTrusted, isFocused: () => vscode.window.state.focused };

const runActions: Omit<RunActions, 'reveal' | 'openSource'> = {
  openRun: async (run) => executeCommand('mlflow.tracking.openRun', { run }),
  openModel: async (model) => executeCommand('mlflow.models.open', model),
  compare: async (run) => executeCommand('mlflow.tracking.compareRuns', { run }),
  copy: async (text) => vscode.env.clipboard.writeText(text),
};

/** What VS Code kept of a page may be of an older version, or nothing. */
const readState = (state: unknown): RunPageState | undefined => {
  if (typeof state !== 'object' || state === null) return undefined;
  const { store, runId, view } = state as Readonly<Record<string, unknown>>;
  return typeof store === 'string' && typeof runId === 'string' ? { store, runId, ...(view !== undefined && { view }) } : undefined;
};
