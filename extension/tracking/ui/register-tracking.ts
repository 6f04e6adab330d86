import type * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import type { ReportError } from '../../host/report-error.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import { PendingEdits } from '../pending-edits.ts';
import { CheckedRuns } from './checked-runs.ts';
import { ComparePages } from './compare-page.ts';
import { ExperimentsTree, type OwnRuns } from './experiments-tree.ts';
import { Favourites } from './favourites.ts';
import { registerLinks } from './link-handler.ts';
import { NoteFiles } from './note-files.ts';
import { openSource } from './open-source.ts';
import { RunCounts } from './run-counts.ts';
import { createRunMetrics } from './run-metrics-part.ts';
import { createRunOverview } from './run-overview-part.ts';
import { RunPages } from './run-page.ts';
import type { RunParts } from './run-parts.ts';
import { RunsPages } from './runs-page.ts';
import type { WindowStores } from './store-connections.ts';
import { StoreStatus } from './store-status.ts';
import { registerTerminalLinks } from './terminal-link-provider.ts';
import { registerTrackingCommands } from './tracking-commands.ts';

export interface TrackingOptions {
  readonly register: RegisterCommand;
  readonly reportError: ReportError;
  readonly stores: WindowStores;
  readonly ownRuns: OwnRuns;
  /** The tabs of a run's page that other components bring. */
  readonly runParts: Pick<RunParts, 'artifacts' | 'code' | 'log'>;
  readonly memento: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

/** The view *Experiments*, the pages of runs, and their commands. */
export const registerTracking = (options: TrackingOptions): Disposable => {
  const { register, reportError, stores, ownRuns, runParts, memento, extensionUri, log } = options;
  const owned = new Disposables();
  const counts = owned.own(new RunCounts(stores, log));
  const checked = new CheckedRuns();
  const favourites = new Favourites(memento);
  const edits = owned.own(new PendingEdits());
  const tree = owned.own(new ExperimentsTree({ stores, counts, checked, ownRuns, favourites, edits, log }));
  const pages = owned.own(new ComparePages({ stores, edits, checked, extensionUri, log }));
  const tables = owned.own(new RunsPages({ stores, edits, memento, extensionUri, log }));
  const notes = owned.own(new NoteFiles({ stores, edits }));
  const runPages = owned.own(
    new RunPages({
      stores,
      edits,
      extensionUri,
      log,
      actions: { reveal: (run) => tree.revealRun(run), openSource: (run) => openSource(stores, run) },
      parts: {
        ...runParts,
        overview: createRunOverview({ stores, edits, editNote: (run) => notes.open(run) }),
        metrics: createRunMetrics({ stores, compareMetric: (run, key) => pages.openMetric(run, key) }),
      },
    }),
  );
  owned.own(new StoreStatus(stores, counts));
  owned.own(registerTerminalLinks({ stores, reportError, revealExperiment: async (...experiment) => await tree.revealExperiment(...experiment) }));
  owned.own(registerTrackingCommands({ register, stores, edits, tree, checked, pages, tables, runPages, favourites }));
  owned.own(registerLinks({ register, reportError, stores, tree, openRun: (run) => runPages.open(run) }));
  return owned;
};
