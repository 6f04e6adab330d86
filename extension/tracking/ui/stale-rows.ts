import * as vscode from 'vscode';

import type { Disposable } from '../../shared/disposables.ts';

const scheme = 'mlflow-stale';

/** Marks a row of a tree as one that is shown in grey. */
export const staleUri = (rowId: string): vscode.Uri => vscode.Uri.from({ scheme, path: `/${encodeURIComponent(rowId)}` });

/** Labels of a tree have no colour of their own: VS Code colours them by what decorates their URI. */
export const decorateStaleRows = (): Disposable =>
  vscode.window.registerFileDecorationProvider({
    provideFileDecoration: ({ scheme: found }) =>
      found === scheme ? { color: new vscode.ThemeColor('disabledForeground'), tooltip: 'As it was last read' } : undefined,
  });
