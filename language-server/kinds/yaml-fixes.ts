import type { Problem } from '../../schemas/problem.ts';
import type { Document } from '../document.ts';
import { localFix, quotedText } from '../edits.ts';
import type { Fix } from '../finding.ts';

/** Ways out of what PyYAML refuses. */
export const yamlFixes = (document: Document, problem: Problem): readonly Fix[] => {
  const source = document.text.slice(problem.start, problem.end);
  switch (problem.code) {
    case 'yaml-tab':
      return [{ ...localFix(document, 'Change to spaces', document.edit(problem, spacesFor(document, problem, source))), isPreferred: true }];
    case 'yaml-line-break':
    case 'yaml-character':
      return [localFix(document, 'Remove the character', document.edit(problem, ''))];
    case 'yaml-value':
    case 'yaml-flow-text':
      return [{ ...localFix(document, 'Quote it', document.edit(problem, quotedText(source))), isPreferred: true }];
    case 'yaml-alias':
      return [localFix(document, 'Quote it', document.edit(problem, quotedText(source)))];
    case 'yaml-tag':
      return [
        localFix(document, 'Remove the tag', document.edit({ start: problem.start, end: problem.end + (document.text[problem.end] === ' ' ? 1 : 0) }, '')),
      ];
    default:
      return [];
  }
};

/** Two spaces for a tab that indents, one for any other. */
const spacesFor = (document: Document, { start }: Problem, tabs: string): string => {
  const lineStart = document.text.lastIndexOf('\n', start - 1) + 1;
  return document.text.slice(lineStart, start).trim() === '' ? '  '.repeat(tabs.length) : ' ';
};
