import * as vscode from 'vscode';

import { asRunId, asStoreId } from '../../../schemas/ids.ts';
import type { RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { type StoredText, TextFiles, type TextPlace } from '../../host/text-files.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { noteTag, tagOf } from '../read-run.ts';
import type { Editing } from './editing.ts';
import { storeOf } from './tree-selection.ts';

const scheme = 'mlflow-note';

/** Notes of runs as Markdown files of the editor. */
export class NoteFiles implements Disposable {
  readonly #editing: Editing;
  readonly #owned = new Disposables();
  /** Tags have no times: a note is newer when it reads otherwise than the last time. */
  readonly #known = new Map<string, StoredText>();

  constructor(editing: Editing) {
    this.#editing = editing;
    const files = this.#owned.own(new TextFiles((uri) => this.#placeOf(uri)));
    this.#owned.own(vscode.workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }));
  }

  async open(run: RunReference): Promise<void> {
    const { info } = await storeOf(this.#editing.stores, run).tracking.getRun(run.runId);
    // The path is the tab's title; what is meant stands in the query.
    const title = lineText(info.runName, 80).replaceAll(/[/\\]/g, '_') || info.runId;
    const uri = vscode.Uri.from({ scheme, path: `/${title}.md`, query: JSON.stringify(run) });
    await vscode.window.showTextDocument(uri, { preview: false });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #placeOf(uri: vscode.Uri): TextPlace {
    const run = readReference(uri);
    const { stores, edits } = this.#editing;
    const { tracking, onDidChange } = storeOf(stores, run);
    return {
      read: async () => this.#remember(uri.query, tagOf(await tracking.getRun(run.runId), noteTag) ?? ''),
      write: async (text) => {
        const tag = { key: noteTag, value: text };
        await edits.during({ kind: 'run', ...run, tags: [tag] }, () => tracking.setTag(run.runId, tag));
      },
      onDidChange: (listener) =>
        onDidChange((event) => {
          const isMine = event.type === 'reset' || (event.type === 'runs' && event.runs.some(({ runId }) => runId === run.runId));
          if (isMine) listener();
        }),
    };
  }

  #remember(key: string, text: string): StoredText {
    const known = this.#known.get(key);
    if (known?.text === text) return known;
    const now = Date.now();
    const stored: StoredText = { text, ctime: known?.ctime ?? now, mtime: now };
    this.#known.set(key, stored);
    return stored;
  }
}

const readReference = (uri: vscode.Uri): RunReference => {
  const { storeId, runId } = JSON.parse(uri.query) as RunReference;
  return { storeId: asStoreId(storeId), runId: asRunId(runId) };
};
