import * as vscode from 'vscode';

import { type CardSpec, layoutVersion, readSource, type CompareLayout } from '../../../schemas/compare-layout.ts';
import { asRunId, asStoreId } from '../../../schemas/ids.ts';
import type { CompareProtocol } from '../../../schemas/webview-protocol.ts';
import { executeCommand, type RunReference } from '../../host/commands.ts';
import { openCommitDiff } from '../../host/git-repositories.ts';
import { setContext } from '../../host/contexts.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage } from '../../host/page.ts';
import type { Logger } from '../../shared/logger.ts';
import type { CheckedRuns } from './checked-runs.ts';
import { CompareSession, type PageActions } from './compare-session.ts';
import type { Editing } from './editing.ts';
import type { RunPointer } from './find-runs.ts';
import { LayoutDocument, saveNewLayout } from './layout-document.ts';
import type { ComparedRuns } from './page-runs.ts';
import { pickRuns } from './pick-runs.ts';
import { ReportPlaces, saveFile } from './save-files.ts';
import { tagRuns } from './tag-runs.ts';

const viewType = 'mlflow.compare' satisfies PageType;

interface Surroundings extends Editing {
  readonly checked: CheckedRuns;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

interface Content {
  readonly runs: ComparedRuns;
  readonly view?: unknown;
  readonly document?: LayoutDocument;
}

/** Opens compare pages, also as the editor of layout files, and brings them back after a restart. */
export class ComparePages implements RestoredPages {
  readonly #surroundings: Surroundings;
  readonly #sessions = new Set<CompareSession>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.#fill(panel, readState(state));
  }

  /** As the editor of a layout file. */
  edit(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    this.#fill(panel, { runs: { runs: [] }, document: new LayoutDocument(document) });
  }

  /** Beside the editor that is active. */
  open(runs: ComparedRuns): void {
    const panel = vscode.window.createWebviewPanel(viewType, 'Compare', vscode.ViewColumn.Beside);
    this.#fill(panel, { runs });
  }

  /** Of one run, with the card of one metric and its table. */
  openMetric({ storeId, runId }: RunReference, metric: string): void {
    const cards: readonly CardSpec[] = [{ id: 'metric', type: 'line', metric, width: 4, height: 2 }];
    const panel = vscode.window.createWebviewPanel(viewType, 'Compare', vscode.ViewColumn.Active);
    this.#fill(panel, { runs: { runs: [{ store: storeId, runId }] }, view: { cards } });
  }

  /** To the page that was opened last; false when there is none. */
  async addToLast(runs: readonly RunPointer[]): Promise<boolean> {
    const last = [...this.#sessions].at(-1);
    await last?.add(runs);
    return last !== undefined;
  }

  dispose(): void {
    for (const session of this.#sessions) session.dispose();
  }

  #forget(session: CompareSession): void {
    this.#sessions.delete(session);
    setContext('mlflow.comparePages', this.#sessions.size);
  }

  #fill(panel: vscode.WebviewPanel, content: Content): void {
    const { stores, extensionUri, log } = this.#surroundings;
    const actions = createActions(this.#surroundings);
    createPage<CompareProtocol>({
      panel,
      extensionUri,
      bundle: 'compare',
      icon: 'compare',
      log,
      connect: (page) => {
        const session = new CompareSession({ page, stores, log, actions, ...content });
        this.#sessions.add(session);
        setContext('mlflow.comparePages', this.#sessions.size);
        panel.onDidDispose(() => this.#forget(session));
        return session.behaviour;
      },
    });
  }
}

const createActions = ({ stores, edits, checked }: Surroundings): PageActions => ({
  pickRuns: async (chosen) => {
    const picked = await pickRuns(
      stores.all,
      chosen.map(({ store, runId }) => ({ storeId: asStoreId(store), runId: asRunId(runId) })),
    );
    return picked?.map(({ storeId, runId }) => ({ store: storeId, runId }));
  },
  saveLayout: async (layout, runs) => {
    const folder = stores.byAddress(runs.all[0]?.store ?? '')?.folder;
    const whole: CompareLayout = { version: layoutVersion, runs: runs.asLayout, ...layout };
    const saved = await saveNewLayout(whole, folder);
    if (saved !== undefined) vscode.window.setStatusBarMessage(`Saved ${vscode.workspace.asRelativePath(saved)}`, 5000);
  },
  openRuns: async (runs) => {
    for (const { store, runId } of runs) await executeCommand('mlflow.tracking.openRun', { run: { storeId: asStoreId(store), runId: asRunId(runId) } });
  },
  checkRuns: (runs) => {
    checked.clear();
    for (const { store, runId } of runs) checked.set({ storeId: asStoreId(store), runId: asRunId(runId) }, true);
  },
  tagRuns: async (runs) => tagRuns({ stores, edits }, runs),
  openCommitDiff,
  saveFile,
  reports: new ReportPlaces(),
  copy: async (text) => vscode.env.clipboard.writeText(text),
});

/** What VS Code kept of a page may be of an older version, or nothing. */
const readState = (state: unknown): Content => {
  if (typeof state !== 'object' || state === null || !('runs' in state) || !Array.isArray(state.runs)) return { runs: { runs: [] } };
  const runs: readonly unknown[] = state.runs;
  const source = 'source' in state ? readSource(state.source) : undefined;
  return { runs: { runs: runs.filter(isRunPointer), ...(source && { source }) }, ...('view' in state && { view: state.view }) };
};

const isRunPointer = (value: unknown): value is RunPointer =>
  typeof value === 'object' && value !== null && 'store' in value && typeof value.store === 'string' && 'runId' in value && typeof value.runId === 'string';
