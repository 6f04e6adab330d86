import { type Span } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import type { CommandText } from './tree.ts';

/** Ways to make a line of a block scalar belong to the command before it; `line` is the text from the break on, with its white space. */
export const lineBreakFixes = (document: Document, command: CommandText, line: Span): readonly Fix[] => {
  const before = command.text.slice(0, line.start);
  const spaces = /(?<=\\)[ \t]+$/.exec(before)?.[0].length ?? 0;
  if (spaces > 0)
    return [{ ...localFix(document, 'Remove the space behind the backslash', removal(document, command, line.start - spaces, line.start)), isPreferred: true }];
  if (command.node.style === 'folded') return alignLines(document, command);
  const { start: end } = command.spanOf({ start: before.trimEnd().length, end: before.trimEnd().length });
  return [{ ...localFix(document, 'End the line above with a backslash', document.edit({ start: end, end }, ' \\')), isPreferred: true }];
};

const removal = (document: Document, command: CommandText, start: number, end: number) => document.edit(command.spanOf({ start, end }), '');

/** Below `>` only lines that are indented alike are joined. */
const alignLines = (document: Document, command: CommandText): readonly Fix[] => {
  const indents = [...command.text.matchAll(/(?<=\n)[ \t]+(?=\S)/g)];
  if (indents.length === 0) return [];
  const edits = indents.map(({ 0: indent, index }) => removal(document, command, index, index + indent.length));
  return [{ ...localFix(document, 'Indent the lines alike', ...edits), isPreferred: true }];
};

/** The whole inside the container. A placeholder could not stand inside the quotes. */
export const wrapInShell = (document: Document, { node, text, placeholders }: CommandText): readonly Fix[] => {
  const quote = text.includes("'") ? '"' : "'";
  const isPlain = placeholders.length === 0 && !text.includes('\n') && !(quote === '"' && /["$`\\]/.test(text));
  return isPlain ? [localFix(document, 'Wrap it in `sh -c`', document.edit(node, quotedText(`sh -c ${quote}${text}${quote}`)))] : [];
};
