import type { SemanticTokens } from 'vscode-languageserver';

import { answer, isShared, type Service } from './service.ts';
import { codeActions } from './verbs/code-actions.ts';
import { complete } from './verbs/completion.ts';
import { foldingRanges } from './verbs/folding.ts';
import { format, formatRange } from './verbs/formatting.ts';
import { hover } from './verbs/hover.ts';
import { inlayHints } from './verbs/inlay-hints.ts';
import { links } from './verbs/links.ts';
import { definition, highlights, prepareRename, references, rename } from './verbs/names.ts';
import { selectionRanges } from './verbs/selection.ts';
import { semanticTokens } from './verbs/semantic-tokens.ts';
import { symbols } from './verbs/symbols.ts';

/** One line for each request of the protocol: which verb answers it. */
export const serveVerbs = (service: Service): void => {
  const { connection, open, workspace, refusal } = service;
  /** What other servers of YAML show as well is shown once. */
  const openUnshared = (uri: string) => {
    const document = open(uri);
    return document !== undefined && isShared(service, document) ? undefined : document;
  };
  connection.onCompletion(async ({ textDocument: { uri }, position }) => {
    const items = await answer(service, 'completion', open(uri), (document) => complete(document, position, workspace));
    // What the host has not answered yet is in the next list.
    return workspace.live.isWaiting ? { isIncomplete: true, items: items ?? [] } : items;
  });
  connection.onHover(({ textDocument: { uri }, position }) => answer(service, 'hover', open(uri), (document) => hover(document, position, workspace)));
  connection.onDefinition(({ textDocument: { uri }, position }) =>
    answer(service, 'definition', open(uri), (document) => definition(document, position, workspace)),
  );
  connection.onReferences(({ textDocument: { uri }, position, context }) =>
    answer(service, 'references', open(uri), (document) => references(document, position, workspace, context.includeDeclaration)),
  );
  connection.onDocumentHighlight(({ textDocument: { uri }, position }) =>
    answer(service, 'highlight', open(uri), (document) => highlights(document, position, workspace)),
  );
  connection.onPrepareRename(({ textDocument: { uri }, position }) =>
    answer(service, 'rename', open(uri), (document) => prepareRename(document, position, workspace)),
  );
  connection.onRenameRequest(async ({ textDocument: { uri }, position, newName }) => {
    const renaming = await answer(service, 'rename', open(uri), (document) => rename(document, position, newName, workspace));
    if (renaming?.kind === 'refused') return refusal(renaming.reason);
    return renaming?.edit ?? null;
  });
  connection.onDocumentSymbol(({ textDocument: { uri } }) => answer(service, 'symbols', openUnshared(uri), symbols));
  connection.onFoldingRanges(({ textDocument: { uri } }) => answer(service, 'folding', openUnshared(uri), foldingRanges));
  connection.onSelectionRanges(({ textDocument: { uri }, positions }) =>
    answer(service, 'selection', openUnshared(uri), (document) => selectionRanges(document, positions)),
  );
  connection.onDocumentLinks(({ textDocument: { uri } }) =>
    answer(service, 'links', open(uri), (document) => links(document, workspace, service.client().answersHostRequests)),
  );
  connection.onCodeAction(({ textDocument: { uri }, range }) =>
    answer(service, 'code actions', open(uri), (document) => codeActions(document, range, workspace)),
  );
  connection.onDocumentFormatting(({ textDocument: { uri }, options }) =>
    answer(service, 'formatting', openUnshared(uri), (document) => format(document, options)),
  );
  connection.onDocumentRangeFormatting(({ textDocument: { uri }, range, options }) =>
    answer(service, 'formatting', openUnshared(uri), (document) => formatRange(document, range, options)),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) => answer(service, 'inlay hints', open(uri), (document) => inlayHints(document, range)));
  connection.languages.semanticTokens.on(
    async ({ textDocument: { uri } }): Promise<SemanticTokens> => (await answer(service, 'semantic tokens', open(uri), semanticTokens)) ?? { data: [] },
  );
};
