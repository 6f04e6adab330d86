import type { CancellationToken, PreviousResultId, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from 'vscode-languageserver-types';

import { Document } from './document.ts';
import { kindOf } from './kinds/kinds.ts';
import { findProjectFiles } from './project-files.ts';
import type { FileSystem } from './workspace.ts';

interface Result {
  readonly id: string;
  /** Tells whether anything is new. */
  readonly text: string;
  readonly items: Diagnostic[];
}

/**
 * Diagnostics of the MLproject files that are not open. A request is answered when there is something that the client
 * does not know; until then it stays open, as the protocol has it.
 */
export class WorkspaceDiagnostics {
  readonly #files: FileSystem;
  readonly #diagnose: (document: Document) => Promise<Diagnostic[]>;
  readonly #isOpen: (uri: string) => boolean;
  #folders: readonly string[] = [];
  #results: ReadonlyMap<string, Result> = new Map();
  #lastId = 0;
  #isStale = true;
  #waiting = new Set<() => void>();

  constructor(files: FileSystem, diagnose: (document: Document) => Promise<Diagnostic[]>, isOpen: (uri: string) => boolean) {
    this.#files = files;
    this.#diagnose = diagnose;
    this.#isOpen = isOpen;
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.changed();
  }

  /** A file, a folder, or what is open. */
  changed(): void {
    this.#isStale = true;
    for (const wake of this.#waiting) wake();
  }

  async report(previous: readonly PreviousResultId[], token: CancellationToken): Promise<WorkspaceDocumentDiagnosticReport[]> {
    for (;;) {
      if (this.#isStale) await this.#update();
      const news = this.#newsSince(previous);
      if (news.length > 0 || token.isCancellationRequested) return news;
      if (!this.#isStale) await this.#nextChange(token);
    }
  }

  #newsSince(previous: readonly PreviousResultId[]): WorkspaceDocumentDiagnosticReport[] {
    const known = new Map(previous.map(({ uri, value }) => [uri, value]));
    const news = [...this.#results].filter(([uri, { id }]) => known.get(uri) !== id).map(([uri, { id, items }]) => ({ uri, resultId: id, items }));
    const gone = [...known.keys()].filter((uri) => !this.#results.has(uri)).map((uri) => ({ uri, items: [] }));
    return [...news, ...gone].map((report) => ({ kind: 'full', version: null, ...report }));
  }

  async #update(): Promise<void> {
    this.#isStale = false;
    const uris = (await findProjectFiles(this.#folders, this.#files)).filter((uri) => !this.#isOpen(uri));
    const results = new Map<string, Result>();
    for (const uri of uris) {
      const result = await this.#resultOf(uri);
      if (result !== undefined) results.set(uri, result);
    }
    this.#results = results;
  }

  async #resultOf(uri: string): Promise<Result | undefined> {
    const kind = kindOf(uri);
    const text = await this.#files.read(uri);
    if (kind === undefined || text === undefined) return undefined;
    const items = await this.#diagnose(new Document(TextDocument.create(uri, 'mlproject', 0, text), kind));
    const known = this.#results.get(uri);
    const asText = JSON.stringify(items);
    if (known?.text === asText) return known;
    this.#lastId += 1;
    return { id: String(this.#lastId), text: asText, items };
  }

  async #nextChange(token: CancellationToken): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        cancellation.dispose();
        resolve();
      };
      const cancellation = token.onCancellationRequested(wake);
      this.#waiting.add(wake);
    });
  }
}
