import type { TextEdit } from 'vscode-languageserver-types';

import type { Span } from '../schemas/yaml-tree.ts';
import type { RuleCode } from './rules/rules.ts';

/** A rule that a document breaks, and where. */
export interface Finding extends Span {
  readonly code: RuleCode;
  readonly message: string;
  /** What MLflow itself would print. */
  readonly mlflow?: string;
  /** Other places that belong to it, in this file. */
  readonly related?: readonly RelatedSpan[];
  readonly fixes?: readonly Fix[];
  /** Shown struck through or faded. */
  readonly tag?: 'unnecessary' | 'deprecated';
}

export interface RelatedSpan extends Span {
  readonly message: string;
}

export interface Fix {
  readonly title: string;
  /** By uri. */
  readonly edits: Readonly<Record<string, readonly TextEdit[]>>;
  /** A file to create, empty, before the edits are applied. */
  readonly createFile?: string;
  readonly renameFile?: { readonly from: string; readonly to: string };
  /** The one that is nearly always meant. */
  readonly isPreferred?: boolean;
}
