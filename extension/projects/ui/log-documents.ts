import { open } from 'node:fs/promises';
import * as vscode from 'vscode';

import { asRunId } from '../../../schemas/ids.ts';
import { printedPlaces } from '../../../schemas/printed-place.ts';
import { lineText } from '../../host/hostile-text.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { followFile } from '../../shared/follow-file.ts';
import { LogTail } from '../../models/log-tail.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import type { SubmittedRuns } from '../submitted-runs.ts';
import { findPrinted } from './printed-places.ts';

const scheme = 'mlflow-log';
/** Logs of runs that were started elsewhere are documents of this scheme. */
const artifactScheme = 'mlflow-artifact';

/** ms between two readings of a log that grows. */
const interval = 500;
/** Bytes; of a longer log the end is shown. */
const largest = 20 * 1024 * 1024;
/** Links of one document. */
const mostLinks = 5_000;

/** What runs have printed as documents of the editor, which grow with it; tracebacks in them are links. */
export class LogDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, Disposable {
  readonly #runs: SubmittedRuns;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new vscode.EventEmitter<vscode.Uri>());
  readonly #followed = new Map<string, Disposable>();

  readonly onDidChange = this.#changed.event;

  constructor(runs: SubmittedRuns) {
    this.#runs = runs;
    this.#owned.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.#owned.own(vscode.languages.registerDocumentLinkProvider([{ scheme }, { scheme: artifactScheme, pattern: '**/*.{log,txt,out,err}' }], this));
    this.#owned.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)));
  }

  async open({ plan }: SubmittedRun): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${lineText(plan.runName, 60).replaceAll(/[\\/]/g, '_')}.log`, query: plan.runId });
    await vscode.window.showTextDocument(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const run = this.#runs.byId(asRunId(uri.query));
    if (run === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The output of this run is no longer kept');
    if (!this.#followed.has(uri.query)) this.#followed.set(uri.query, this.#follow(run, uri));
    return await readEnd(run.folder.outputFile);
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const toRange = ({ start, length }: { readonly start: number; readonly length: number }): vscode.Range =>
      new vscode.Range(document.positionAt(start), document.positionAt(start + length));
    return printedPlaces(document.getText())
      .slice(0, mostLinks)
      .map((place) => new PlaceLink(toRange(place), place.file, place.line, this.#directoryOf(document.uri)));
  }

  async resolveDocumentLink(link: vscode.DocumentLink): Promise<vscode.DocumentLink> {
    if (link instanceof PlaceLink) {
      const found = await findPrinted(link.file, link.directory);
      if (found !== undefined) link.target = found.with({ fragment: `L${link.line}` });
    }
    return link;
  }

  dispose(): void {
    for (const followed of this.#followed.values()) followed.dispose();
    this.#owned.dispose();
  }

  #directoryOf(uri: vscode.Uri): string | undefined {
    return uri.scheme === scheme ? this.#runs.byId(asRunId(uri.query))?.plan.directory : undefined;
  }

  #follow({ folder }: SubmittedRun, uri: vscode.Uri): Disposable {
    const owned = new Disposables();
    const changes = owned.own(createBatcher<void>(interval, async () => this.#changed.fire(uri)));
    owned.own(followFile(folder.outputFile, { onData: () => changes.add(), onSkipped: () => {} }));
    return owned;
  }

  #forget(uri: vscode.Uri): void {
    if (uri.scheme !== scheme) return;
    this.#followed.get(uri.query)?.dispose();
    this.#followed.delete(uri.query);
  }
}

/** What it leads to is looked for when it is clicked. */
class PlaceLink extends vscode.DocumentLink {
  readonly file: string;
  readonly line: number;
  readonly directory: string | undefined;

  constructor(range: vscode.Range, file: string, line: number, directory: string | undefined) {
    super(range);
    this.file = file;
    this.line = line;
    this.directory = directory;
  }
}

const readEnd = async (path: string): Promise<string> => {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - largest);
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
    const tail = new LogTail(largest);
    return tail.push(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
};
