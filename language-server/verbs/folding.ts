import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-types';

import { allNodes } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';

/** Keys with what is below them, items of lists, block texts, and blocks of comments. */
export const foldingRanges = (document: Document): FoldingRange[] => {
  const ranges = new Map<number, FoldingRange>();
  const add = (start: number, end: number): void => {
    const startLine = document.positionAt(start).line;
    const endLine = document.positionAt(endOfContent(document, end)).line;
    if (endLine > startLine && !ranges.has(startLine)) ranges.set(startLine, { startLine, endLine });
  };
  for (const node of allNodes(document.yaml.root)) {
    if (node.kind === 'mapping') for (const { start, end } of node.entries) add(start, end);
    if (node.kind === 'sequence') for (const { start, end } of node.items) add(start, end);
  }
  return [...ranges.values(), ...commentBlocks(document)].toSorted((a, b) => a.startLine - b.startLine);
};

/** A block text counts its line breaks: the fold ends with its last line. */
const endOfContent = (document: Document, end: number): number => document.text.slice(0, end).trimEnd().length;

const commentBlocks = (document: Document): readonly FoldingRange[] =>
  [...document.text.matchAll(/(?:^[ \t]*#[^\n]*\n?){2,}/gm)].map(({ 0: block, index }) => ({
    startLine: document.positionAt(index).line,
    endLine: document.positionAt(index + block.trimEnd().length).line,
    kind: FoldingRangeKind.Comment,
  }));
