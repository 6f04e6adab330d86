import type { CompletionItemKind } from 'vscode-languageserver-types';

import type { Span } from '../../schemas/yaml-tree.ts';
import type { Cursor } from '../cursor.ts';
import type { Document } from '../document.ts';
import type { Finding } from '../finding.ts';
import type { Location, PathStep } from '../path.ts';
import type { SchemaWalker } from '../schema.ts';
import type { Workspace } from '../workspace.ts';

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

/** Everything that is known of one kind of file beyond its schema. The verbs are written once, over this. */
export interface FileKind {
  readonly name: KindName;
  readonly schema: SchemaWalker;
  readonly checks: readonly Check[];
  readonly completers: readonly Completer[];
  readonly hovers: readonly HoverPart[];
}
