import {
  DocumentDiagnosticReportKind,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

import { DocumentCache } from './document-cache.ts';
import type { Document } from './document.ts';
import { ScriptCache } from './python/script-cache.ts';
import { complete } from './verbs/completion.ts';
import { diagnose } from './verbs/diagnostics.ts';
import { hover } from './verbs/hover.ts';
import type { FileSystem, Workspace } from './workspace.ts';

/** Connects verbs to a client; returns when the handlers are set, before the client's first message. */
export const serve = (connection: Connection, files: FileSystem): void => {
  const texts = new TextDocuments(TextDocument);
  const documents = new DocumentCache();
  const workspace: Workspace = { files, scripts: new ScriptCache() };
  const open = (uri: string): Document | undefined => {
    const text = texts.get(uri);
    return text && documents.get(text);
  };
  connection.onInitialize(initialize);
  connection.onCompletion(async ({ textDocument, position }) => on(open(textDocument.uri), (document) => complete(document, position, workspace)));
  connection.onHover(async ({ textDocument, position }) => on(open(textDocument.uri), (document) => hover(document, position, workspace)));
  connection.languages.diagnostics.on(async ({ textDocument }) => {
    const items = await on(open(textDocument.uri), (document) => diagnose(document, workspace));
    return { kind: DocumentDiagnosticReportKind.Full, items: items ?? [] };
  });
  texts.onDidClose(({ document }) => documents.forget(document.uri));
  texts.listen(connection);
  connection.listen();
};

const on = async <Result>(document: Document | undefined, verb: (document: Document) => Promise<Result>): Promise<Result | null> =>
  document === undefined ? null : ((await verb(document)) ?? null);

const initialize = (_: InitializeParams): InitializeResult => ({
  serverInfo: { name: 'MLflow' },
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    completionProvider: { triggerCharacters: [' ', '{', ':', '-', '/'] },
    hoverProvider: true,
    diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false },
  },
});
