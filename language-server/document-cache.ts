import type { TextDocument } from 'vscode-languageserver-textdocument';

import { Document } from './document.ts';
import { kindOf } from './kinds/kinds.ts';

/** The current version of each open file, so that all verbs share one parse. */
export class DocumentCache {
  readonly #documents = new Map<string, Document>();

  /** Undefined for files that are none of our business. */
  get(text: TextDocument): Document | undefined {
    const known = this.#documents.get(text.uri);
    if (known?.version === text.version) return known;
    const kind = kindOf(text.uri);
    if (kind === undefined) return undefined;
    const document = new Document(text, kind, known?.lastGood);
    this.#documents.set(text.uri, document);
    return document;
  }

  forget(uri: string): void {
    this.#documents.delete(uri);
  }
}
