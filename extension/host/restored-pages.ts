import * as vscode from 'vscode';

import type { Disposable } from '../shared/disposables.ts';
import type { PageType } from './manifest.ts';

export interface RestoredPages extends Disposable {
  /** Fills a panel of an earlier window; `state` is what VS Code kept of it: of an older version, maybe, or nothing. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> | void;
}

/** Pages come back after a restart: their code is loaded for the first that does. */
export const restoreOnDemand = (type: PageType, load: () => Promise<RestoredPages>): Disposable =>
  vscode.window.registerWebviewPanelSerializer(type, {
    deserializeWebviewPanel: async (panel, state: unknown) => await (await load()).restore(panel, state),
  });
