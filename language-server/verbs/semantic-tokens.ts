import type { SemanticTokens } from 'vscode-languageserver-types';

import type { Document } from '../document.ts';
import { tokenTypes } from '../kinds/kind.ts';

export const legend = { tokenTypes: [...tokenTypes], tokenModifiers: ['declaration'] };

/** In LSP's encoding: five numbers for each token, positions relative to the token before. */
export const semanticTokens = (document: Document): SemanticTokens => {
  const tokens = (document.kind.tokens?.(document) ?? []).toSorted((a, b) => a.start - b.start);
  const data: number[] = [];
  let line = 0;
  let character = 0;
  let lastEnd = 0;
  for (const { start, end, type, isDeclaration } of tokens) {
    const position = document.positionAt(start);
    const isOnOneLine = document.positionAt(end).line === position.line;
    if (start < lastEnd || end <= start || !isOnOneLine) continue;
    data.push(
      position.line - line,
      position.line === line ? position.character - character : position.character,
      end - start,
      tokenTypes.indexOf(type),
      isDeclaration === true ? 1 : 0,
    );
    ({ line, character } = position);
    lastEnd = end;
  }
  return { data };
};
