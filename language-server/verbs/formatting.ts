import type { FormattingOptions, Range, TextEdit } from 'vscode-languageserver-types';

import { yamlProblems } from '../../schemas/yaml-refusals.ts';
import type { Document } from '../document.ts';
import { formatSpan, formatText } from '../format/format.ts';
import type { Replacement } from '../format/layout.ts';

/** Nothing is changed in a file that PyYAML cannot read. */
export const format = (document: Document, options: FormattingOptions): TextEdit[] =>
  canBeFormatted(document) ? toEdits(document, formatText(document.yaml, stepOf(options))) : [];

export const formatRange = (document: Document, range: Range, options: FormattingOptions): TextEdit[] =>
  canBeFormatted(document) ? toEdits(document, formatSpan(document.yaml, document.spanOf(range), stepOf(options))) : [];

const canBeFormatted = (document: Document): boolean => !document.isTooLarge && yamlProblems(document.yaml).length === 0;

const stepOf = ({ tabSize }: FormattingOptions): number => Math.min(8, Math.max(2, Math.trunc(tabSize) || 2));

const toEdits = (document: Document, replacements: readonly Replacement[]): TextEdit[] =>
  replacements.map(({ start, end, newText }) => document.edit({ start, end }, newText));
