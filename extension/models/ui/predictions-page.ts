import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import * as vscode from 'vscode';

import { formatBytes } from '../../../schemas/format.ts';
import type { PredictionFiles, PredictionsProtocol } from '../../../schemas/predictions-page.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage, type Page } from '../../host/page.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';

const viewType = 'mlflow.predictions' satisfies PageType;

/** Where the files of a page are; VS Code keeps it. */
export interface PredictionPaths {
  readonly output: string;
  readonly input: string;
}

interface PredictionsPagesOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

/** Bytes of a file that a page takes. */
const largestFile = 32 * 1024 * 1024;

/** Predictions on a file as a table, beside the input; such pages come back after a restart. */
export class PredictionsPages implements RestoredPages {
  readonly #options: PredictionsPagesOptions;

  constructor(options: PredictionsPagesOptions) {
    this.#options = options;
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    if (isPaths(state)) this.#fill(panel, state);
    else panel.dispose();
  }

  async show(paths: PredictionPaths): Promise<void> {
    await vscode.window.showTextDocument(vscode.Uri.file(paths.input), { preview: true });
    this.#fill(vscode.window.createWebviewPanel(viewType, lineText(basename(paths.output)), vscode.ViewColumn.Beside), paths);
  }

  dispose(): void {}

  #fill(panel: vscode.WebviewPanel, paths: PredictionPaths): void {
    const { extensionUri, log } = this.#options;
    panel.iconPath = {
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'model-dark.svg'),
      light: vscode.Uri.joinPath(extensionUri, 'media', 'model-light.svg'),
    };
    createPage<PredictionsProtocol>({
      panel,
      extensionUri,
      bundle: 'predictions',
      log,
      connect: (page) => ({
        requests: {
          openAsText: async () => {
            await vscode.window.showTextDocument(vscode.Uri.file(paths.output), { viewColumn: panel.viewColumn ?? vscode.ViewColumn.Beside });
            return null;
          },
          copy: async ({ text }) => {
            await vscode.env.clipboard.writeText(text);
            return null;
          },
        },
        onReady: () => void send(page, paths),
        onState: () => {},
      }),
    });
  }
}

const send = async (page: Page<PredictionsProtocol>, paths: PredictionPaths): Promise<void> => {
  page.keep(paths satisfies PredictionPaths);
  try {
    page.send('files', await readFiles(paths));
  } catch (error) {
    page.send('failed', { message: errorMessage(error) });
  }
};

/** An input that cannot be read, or is none of CSV, is left out. */
const readFiles = async ({ output, input }: PredictionPaths): Promise<PredictionFiles> => {
  const given = extname(input).toLowerCase() === '.csv' ? await readText(input).catch(() => undefined) : undefined;
  const files = { output: { name: basename(output), text: await readText(output) } };
  return given === undefined ? files : { ...files, input: { name: basename(input), text: given } };
};

const readText = async (path: string): Promise<string> => {
  const { size } = await stat(path);
  if (size > largestFile) throw new MlflowError('BAD_REQUEST', `${basename(path)} has ${formatBytes(size)}, which is too large for a table: open it as text.`);
  return await readFile(path, 'utf8');
};

/** What VS Code kept may be of an older version, or nothing. */
const isPaths = (state: unknown): state is PredictionPaths =>
  typeof state === 'object' && state !== null && 'output' in state && typeof state.output === 'string' && 'input' in state && typeof state.input === 'string';
