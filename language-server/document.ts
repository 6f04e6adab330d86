import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position, Range, TextEdit } from 'vscode-languageserver-types';

import { readYamlAgain } from '../schemas/yaml-again.ts';
import { readYaml, type YamlDocument } from '../schemas/yaml-reader.ts';
import type { Span } from '../schemas/yaml-tree.ts';
import type { FileKind } from './kinds/kind.ts';

/** Larger texts (in UTF-16 units) are not parsed: one diagnostic says so, and what needs no tree still works. */
export const maxParsedLength = 1_000_000;

/** One version of an open file. Whatever is computed from it is computed once. */
export class Document {
  readonly kind: FileKind;
  readonly #text: TextDocument;
  readonly #derived = new Map<(document: Document) => unknown, unknown>();
  #yaml: YamlDocument | undefined;
  /** An earlier version without problems, as long as this one is not known to be such. */
  #earlier: YamlDocument | undefined;

  constructor(text: TextDocument, kind: FileKind, earlier?: YamlDocument) {
    // The manager of open files edits its documents in place: an own copy keeps this version as it is.
    this.#text = TextDocument.create(text.uri, text.languageId, text.version, text.getText());
    this.kind = kind;
    this.#earlier = earlier;
  }

  get uri(): string {
    return this.#text.uri;
  }

  /** As the client calls it; `yaml` for files that other servers read too. */
  get languageId(): string {
    return this.#text.languageId;
  }

  get version(): number {
    return this.#text.version;
  }

  get text(): string {
    return this.#text.getText();
  }

  get isTooLarge(): boolean {
    return this.text.length > maxParsedLength;
  }

  get yaml(): YamlDocument {
    this.#yaml ??= this.#read();
    return this.#yaml;
  }

  /** What the next version can be read with: this one, or an earlier one where this has problems or nobody has asked for it. */
  get lastGood(): YamlDocument | undefined {
    return this.#earlier ?? this.#yaml;
  }

  /** The result of a function of this version; `compute` must be a function that outlives the call. */
  derive<Result>(compute: (document: Document) => Result): Result {
    if (!this.#derived.has(compute)) this.#derived.set(compute, compute(this));
    return this.#derived.get(compute) as Result;
  }

  offsetAt(position: Position): number {
    return this.#text.offsetAt(position);
  }

  positionAt(offset: number): Position {
    return this.#text.positionAt(offset);
  }

  rangeOf({ start, end }: Span): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  spanOf(range: Range): Span {
    return { start: this.offsetAt(range.start), end: this.offsetAt(range.end) };
  }

  edit(span: Span, newText: string): TextEdit {
    return { range: this.rangeOf(span), newText };
  }

  #read(): YamlDocument {
    if (this.isTooLarge) return { text: this.text, root: undefined, problems: [] };
    const yaml = this.#earlier === undefined ? readYaml(this.text) : readYamlAgain(this.text, this.#earlier);
    if (yaml.problems.length === 0) this.#earlier = undefined;
    return yaml;
  }
}
