import * as vscode from 'vscode';

import { isRunColor, nearestHueIndex, runHueIndex } from '../../../schemas/run-color.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { tagOf } from '../read-run.ts';
import { colorTag } from '../run-query.ts';
import type { Run } from '../run.ts';

const scheme = 'mlflow-run-color';

/** Marks a row of a tree with the dot that the run has in tables and charts. A tree has the colours of themes alone: one that a person has picked elsewhere is the nearest of them. */
export const runDotUri = (rowId: string, run: Run): vscode.Uri => {
  const picked = tagOf(run, colorTag);
  const hue = picked !== undefined && isRunColor(picked) ? nearestHueIndex(picked) : runHueIndex(run.info.runId);
  return vscode.Uri.from({ scheme, path: `/${encodeURIComponent(rowId)}`, query: String(hue + 1) });
};

export const decorateRunDots = (): Disposable =>
  vscode.window.registerFileDecorationProvider({
    provideFileDecoration: ({ scheme: found, query }) =>
      found === scheme ? { badge: '●', color: new vscode.ThemeColor(`mlflow.runColor${query}`) } : undefined,
  });
