import { CodeActionKind, TextDocumentSyncKind, type InitializeParams, type ServerCapabilities } from 'vscode-languageserver';

import type { InitializationOptions } from '../schemas/lsp-protocol.ts';
import { legend } from './verbs/semantic-tokens.ts';

/** What the client can do, as far as that changes what it is sent, and what it has told of itself. */
export interface Client {
  /** It asks for diagnostics; otherwise they are pushed. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly watchesFiles: boolean;
  readonly tellsFolders: boolean;
  /** It is a host that knows of stores. */
  readonly answersHostRequests: boolean;
  /** Uris of the folders that are open. */
  readonly folders: readonly string[];
  /** Another server reads `yaml` documents: what any YAML tool says is left to it. */
  readonly hasYamlServer: boolean;
}

export const readClient = (params: InitializeParams | undefined): Client => {
  const { textDocument, workspace } = params?.capabilities ?? {};
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    tellsFolders: workspace?.workspaceFolders === true,
    answersHostRequests: readOptions(params?.initializationOptions).answersHostRequests === true,
    folders: params?.workspaceFolders?.map(({ uri }) => uri) ?? [params?.rootUri].filter((uri) => typeof uri === 'string'),
    hasYamlServer: readOptions(params?.initializationOptions).hasYamlServer === true,
  };
};

/** Other clients may send anything here. */
const readOptions = (options: unknown): InitializationOptions => (typeof options === 'object' && options !== null ? options : {});

export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [' ', '{', ':', '-', '/', '@'] },
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
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: true },
};
