import * as vscode from 'vscode';

import type { CommandId, RegisterCommand, RunReference } from '../../host/commands.ts';
import type { EditorType } from '../../host/manifest.ts';
import { OnDemand, registerOnDemand } from '../../host/on-demand.ts';
import { restoreOnDemand } from '../../host/restored-pages.ts';
import type { ReportError } from '../../host/report-error.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import { PendingEdits } from '../pending-edits.ts';
import { CheckedRuns } from './checked-runs.ts';
import type { ComparePages } from './compare-page.ts';
import { ExperimentsTree, type OwnRuns } from './experiments-tree.ts';
import { Favourites } from './favourites.ts';
import { registerLinks } from './link-handler.ts';
import { NoteFiles } from './note-files.ts';
import { RunCounts } from './run-counts.ts';
import type { RunParts } from './run-parts.ts';
import type { WindowStores } from './store-connections.ts';
import { StoreStatus } from './store-status.ts';
import { registerTerminalLinks } from './terminal-link-provider.ts';

export interface TrackingOptions {
  readonly register: RegisterCommand;
  readonly reportError: ReportError;
  readonly stores: WindowStores;
  readonly ownRuns: OwnRuns;
  /** The tabs of a run's page that other components bring. */
  readonly loadRunParts: () => Promise<Pick<RunParts, 'artifacts' | 'code' | 'log'>>;
  readonly memento: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

/** The view *Experiments*, the pages of runs, and their commands. */
export const registerTracking = (options: TrackingOptions): Disposable => {
  const { register, reportError, stores, ownRuns, loadRunParts, memento, extensionUri, log } = options;
  const owned = new Disposables();
  const counts = owned.own(new RunCounts(stores, log));
  const checked = new CheckedRuns();
  const favourites = new Favourites(memento);
  const edits = owned.own(new PendingEdits());
  const tree = owned.own(new ExperimentsTree({ stores, counts, checked, ownRuns, favourites, edits, log }));
  owned.own(new StoreStatus(stores, counts));
  const notes = owned.own(new NoteFiles({ stores, edits }));

  const pages = owned.own(new OnDemand(async () => new (await import('./compare-page.ts')).ComparePages({ stores, edits, checked, extensionUri, log })));
  const table = { stores, edits, favourites, memento, extensionUri, log };
  const tables = owned.own(new OnDemand(async () => new (await import('./runs-page.ts')).RunsPages(table)));
  const compareMetric = async (run: RunReference, key: string): Promise<void> => (await pages.get()).openMetric(run, key);
  const runPages = owned.own(
    new OnDemand(async () => {
      const { createRunPages } = await import('./create-run-pages.ts');
      return createRunPages({ stores, edits, tree, notes, runParts: await loadRunParts(), compareMetric, extensionUri, log });
    }),
  );
  owned.own(restoreOnDemand('mlflow.compare', () => pages.get()));
  owned.own(editLayouts(pages));
  owned.own(restoreOnDemand('mlflow.runs', () => tables.get()));
  owned.own(restoreOnDemand('mlflow.run', () => runPages.get()));

  const openRun = async (run: RunReference): Promise<void> => (await runPages.get()).open(run);
  owned.own(registerTerminalLinks({ stores, reportError, revealExperiment: async (...experiment) => await tree.revealExperiment(...experiment) }));
  owned.own(registerLinks({ register, reportError, stores, tree, openRun }));
  const commands = { stores, edits, tree, checked, pages, tables, favourites, openRun };
  owned.own(
    registerOnDemand(register, trackingCommands, async (register) =>
      (await import('./tracking-commands.ts')).registerTrackingCommands({ register, ...commands }),
    ),
  );
  return owned;
};

const trackingCommands: readonly CommandId[] = [
  'mlflow.tracking.refresh',
  'mlflow.tracking.showMoreRuns',
  'mlflow.tracking.showStores',
  'mlflow.tracking.uncheckRuns',
  'mlflow.tracking.copyRunId',
  'mlflow.tracking.compareRuns',
  'mlflow.tracking.compareCheckedRuns',
  'mlflow.tracking.compareExperiment',
  'mlflow.tracking.compareWithPrevious',
  'mlflow.tracking.addToComparison',
  'mlflow.tracking.openLayoutAsText',
  'mlflow.tracking.openRuns',
  'mlflow.tracking.renameRun',
  'mlflow.tracking.markFailed',
  'mlflow.tracking.deleteRuns',
  'mlflow.tracking.restoreRuns',
  'mlflow.tracking.setTag',
  'mlflow.tracking.removeTags',
  'mlflow.tracking.createExperiment',
  'mlflow.tracking.renameExperiment',
  'mlflow.tracking.deleteExperiments',
  'mlflow.tracking.restoreExperiments',
  'mlflow.tracking.deletePermanently',
  'mlflow.tracking.addFavourite',
  'mlflow.tracking.removeFavourite',
  'mlflow.tracking.openRun',
  'mlflow.tracking.goToRun',
  'mlflow.tracking.goToExperiment',
];

/** A click on a layout file opens its page. */
const editLayouts = (pages: OnDemand<ComparePages>): Disposable =>
  vscode.window.registerCustomEditorProvider('mlflow.compareLayout' satisfies EditorType, {
    resolveCustomTextEditor: async (document: vscode.TextDocument, panel: vscode.WebviewPanel) => (await pages.get()).edit(document, panel),
  });
