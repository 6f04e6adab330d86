import { CodeActionKind, TextDocumentSyncKind, type InitializeParams, type ServerCapabilities } from 'vscode-languageserver';

import { legend } from './verbs/semantic-tokens.ts';

/** What the client can do, as far as that changes what it is sent. */
export interface Client {
  /** It asks for diagnostics; otherwise they are pushed. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
}

export const readClient = (params: InitializeParams | undefined): Client => ({
  pullsDiagnostics: params?.capabilities.textDocument?.diagnostic !== undefined,
  refreshesDiagnostics: params?.capabilities.workspace?.diagnostics?.refreshSupport === true,
});

export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [' ', '{', ':', '-', '/'] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend, full: true },
  documentLinkProvider: { resolveProvider: false },
  inlayHintProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorExtract, CodeActionKind.RefactorRewrite] },
  diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false },
};
