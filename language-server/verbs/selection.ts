import type { Position, SelectionRange } from 'vscode-languageserver-types';

import { contains, type Span } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import { locate } from '../path.ts';

/** From the word at a position outwards: the scalar, its entry, its mapping, … up to the file. */
export const selectionRanges = (document: Document, positions: readonly Position[]): SelectionRange[] =>
  positions.map((position) => selectionAt(document, document.offsetAt(position)));

const selectionAt = (document: Document, offset: number): SelectionRange => {
  const spans = [{ start: 0, end: document.text.length }, ...spansAround(document, offset)];
  let range: SelectionRange | undefined;
  let outer: Span | undefined;
  for (const span of spans) {
    const isNarrower = outer === undefined || (outer.start <= span.start && span.end <= outer.end && (outer.start !== span.start || outer.end !== span.end));
    if (!isNarrower) continue;
    range = { range: document.rangeOf(span), ...(range && { parent: range }) };
    outer = span;
  }
  return range ?? { range: document.rangeOf({ start: offset, end: offset }) };
};

const spansAround = (document: Document, offset: number): readonly Span[] => {
  const location = locate(document.yaml.root, offset);
  if (location === undefined) return [];
  const around = [...location.parents, location.node].flatMap((node) => {
    const entry = node.kind === 'mapping' ? node.entries.find((candidate) => contains(candidate, offset)) : undefined;
    return entry === undefined ? [node] : [node, entry];
  });
  return [...around, wordAt(document.text, offset)];
};

const wordAt = (text: string, offset: number): Span => {
  const before = /[\w.-]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0;
  const after = /^[\w.-]*/.exec(text.slice(offset, offset + 200))?.[0].length ?? 0;
  return { start: offset - before, end: offset + after };
};
