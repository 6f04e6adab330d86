import type { CompletionItemKind, DocumentSymbol, Range, SymbolKind, TextEdit } from 'vscode-languageserver-types';

import type { Span } from '../../schemas/yaml-tree.ts';
import type { Cursor } from '../cursor.ts';
import type { Document } from '../document.ts';
import type { Finding, Fix } from '../finding.ts';
import type { Location, Path, PathStep } from '../path.ts';
import type { SchemaWalker } from '../schema.ts';
import type { FileSystem, Workspace } from '../workspace.ts';

export type KindName = 'MLproject' | 'MLmodel' | 'python_env.yaml' | 'conda.yaml';

export type Check = (document: Document, workspace: Workspace) => readonly Finding[] | Promise<readonly Finding[]>;

export interface CompletionRequest {
  readonly document: Document;
  readonly cursor: Cursor;
  readonly offset: number;
  readonly workspace: Workspace;
}

export interface Suggestion {
  readonly label: string;
  /** In VS Code's snippet syntax; the label when absent. */
  readonly snippet?: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What it replaces; the cursor's word when absent. */
  readonly span?: Span;
}

export interface Completer {
  /** The path that the cursor must have; `*` is any one step. */
  readonly at: readonly PathStep[];
  readonly role: Cursor['role'] | 'any';
  readonly suggest: (request: CompletionRequest) => readonly Suggestion[] | Promise<readonly Suggestion[]>;
}

export interface HoverRequest {
  readonly document: Document;
  readonly location: Location;
  readonly offset: number;
  readonly workspace: Workspace;
}

export interface HoverPart {
  readonly at: readonly PathStep[];
  /** Markdown that is shown above the schema's description; undefined when there is nothing to say. */
  readonly describe: (request: HoverRequest) => HoverText | undefined | Promise<HoverText | undefined>;
}

export interface HoverText {
  readonly markdown: string;
  /** When narrower than the node. */
  readonly span?: Span;
  /** It says all there is: the schema's description is left out. */
  readonly isComplete?: boolean;
}

/** A thing with a name: where it is declared and where it is used. */
export interface Named {
  readonly name: string;
  readonly places: readonly NamedPlace[];
  /** Undefined when a new name would do; otherwise why not. */
  readonly refuseName: (name: string) => string | undefined;
  /** Changes outside the file, offered for the person to confirm; by uri. */
  readonly companions: (newName: string) => readonly CompanionEdit[];
}

export interface NamedPlace {
  readonly uri: string;
  readonly range: Range;
  /** `option`: the option of a script that goes by the same name. It is never renamed without being asked. */
  readonly role: 'declaration' | 'use' | 'option';
}

export interface CompanionEdit {
  readonly uri: string;
  readonly edit: TextEdit;
  /** Groups edits that belong together. */
  readonly label: string;
  readonly description: string;
}

export interface NameRequest {
  readonly document: Document;
  readonly offset: number;
  readonly workspace: Workspace;
}

/** A colour for a part of the text; never more than one line. */
export interface Token extends Span {
  readonly type: TokenType;
  readonly isDeclaration?: boolean;
}

/** In the order of the legend that the client is told. */
export const tokenTypes = ['parameter', 'function', 'type', 'property', 'operator'] as const;
export type TokenType = (typeof tokenTypes)[number];

/** A reference to a file, relative to the document or absolute. */
export interface FileReference extends Span {
  readonly path: string;
}

export interface Hint {
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
}

/** A change that is offered though nothing is wrong. */
export interface Refactoring {
  readonly kind: 'refactor.extract' | 'refactor.rewrite' | 'source';
  readonly fix: Fix;
}

export interface RangeRequest {
  readonly document: Document;
  readonly span: Span;
  readonly workspace: Workspace;
}

/** Everything that is known of one kind of file beyond its schema. The verbs are written once, over this. */
export interface FileKind {
  readonly name: KindName;
  readonly schema: SchemaWalker;
  /** Whether a file with such a name is MLflow's; absent when the name alone says it. */
  readonly isOurs?: (uri: string, files: FileSystem) => Promise<boolean>;
  readonly checks: readonly Check[];
  readonly completers: readonly Completer[];
  readonly hovers: readonly HoverPart[];
  /** The parameter, entry point or other named thing at an offset. */
  readonly nameAt?: (request: NameRequest) => Promise<Named | undefined>;
  readonly tokens?: (document: Document) => readonly Token[];
  readonly references?: (document: Document) => readonly FileReference[];
  readonly hints?: (document: Document) => readonly Hint[];
  readonly refactorings?: (request: RangeRequest) => Promise<readonly Refactoring[]>;
  /** What an entry of the outline is; `undefined` for an ordinary key. */
  readonly symbolKind?: (path: Path) => SymbolKind | undefined;
  /** What the outline shows below an entry besides its keys. */
  readonly symbolsBelow?: (document: Document, path: Path) => readonly DocumentSymbol[];
}
