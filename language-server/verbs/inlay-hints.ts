import type { InlayHint, Range } from 'vscode-languageserver-types';

import type { Document } from '../document.ts';

export const inlayHints = (document: Document, range: Range): InlayHint[] => {
  const { start, end } = document.spanOf(range);
  return (document.kind.hints?.(document) ?? [])
    .filter(({ offset }) => start <= offset && offset <= end)
    .map(({ offset, text, tooltip }) => ({ position: document.positionAt(offset), label: text, tooltip, paddingLeft: true }));
};
