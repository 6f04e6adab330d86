import type * as vscode from 'vscode';

import type { RunReference } from '../../host/commands.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Editing } from './editing.ts';
import type { ExperimentsTree } from './experiments-tree.ts';
import type { NoteFiles } from './note-files.ts';
import { openSource } from './open-source.ts';
import { createRunMetrics } from './run-metrics-part.ts';
import { createRunOverview } from './run-overview-part.ts';
import { RunPages } from './run-page.ts';
import type { RunParts } from './run-parts.ts';

export interface RunPagesOptions extends Editing {
  readonly tree: ExperimentsTree;
  readonly notes: NoteFiles;
  /** The tabs that other components bring. */
  readonly runParts: Pick<RunParts, 'artifacts' | 'code' | 'log'>;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
  compareMetric(run: RunReference, key: string): Promise<void> | void;
}

/** The pages of runs, with all their tabs. */
export const createRunPages = ({ stores, edits, tree, notes, runParts, extensionUri, log, compareMetric }: RunPagesOptions): RunPages =>
  new RunPages({
    stores,
    edits,
    extensionUri,
    log,
    actions: { reveal: (run) => tree.revealRun(run), openSource: (run) => openSource(stores, run) },
    parts: {
      ...runParts,
      overview: createRunOverview({ stores, edits, editNote: (run) => notes.open(run) }),
      metrics: createRunMetrics({ stores, compareMetric }),
    },
  });
