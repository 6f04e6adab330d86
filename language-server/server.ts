import { TextDocuments, type Connection, type InitializeParams, type InitializeResult } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

import { capabilities, readClient, type Client } from './capabilities.ts';
import { DocumentCache } from './document-cache.ts';
import type { Document } from './document.ts';
import { serveDiagnostics } from './diagnostics-service.ts';
import { serveVerbs } from './verbs-service.ts';
import { ScriptCache } from './python/script-cache.ts';
import { askHost, serveLive } from './live-service.ts';
import { LiveStore } from './live-store.ts';
import type { FileSystem, Workspace } from './workspace.ts';

/** Connects verbs to a client; returns when the handlers are set, before the client's first message. */
export const serve = (connection: Connection, files: FileSystem): void => {
  const texts = new TextDocuments(TextDocument);
  const documents = new DocumentCache();
  const open = (uri: string): Document | undefined => {
    const text = texts.get(uri);
    return text && documents.get(text);
  };
  let client: Client = readClient(undefined);
  const live = new LiveStore(async (request, parameters) => askHost(connection, client, request, parameters));
  const workspace: Workspace = { files, scripts: new ScriptCache(), live };
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    client = readClient(params);
    return { serverInfo: { name: 'MLflow' }, capabilities };
  });
  const service = { connection, texts, workspace, open, client: () => client };
  serveVerbs(service);
  serveLive(service);
  serveDiagnostics(service);
  texts.onDidClose(({ document }) => documents.forget(document.uri));
  texts.listen(connection);
  connection.listen();
};
