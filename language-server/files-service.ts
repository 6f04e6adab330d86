import type { Connection, ResponseError, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

import type { Client } from './capabilities.ts';
import { serveDiagnostics } from './diagnostics-service.ts';
import { DocumentCache } from './document-cache.ts';
import type { Document } from './document.ts';
import { askHost, serveLive } from './live-service.ts';
import { LiveStore } from './live-store.ts';
import { ScriptCache } from './python/script-cache.ts';
import type { Service } from './service.ts';
import { serveVerbs } from './verbs-service.ts';
import type { FileSystem, Workspace } from './workspace.ts';

/** A connection whose client has introduced itself. */
export interface Connected {
  readonly connection: Connection;
  readonly texts: TextDocuments<TextDocument>;
  readonly files: FileSystem;
  readonly client: () => Client;
  readonly refusal: (reason: string) => ResponseError;
}

/** Connects verbs to a client; returns when the handlers are set. */
export const serveFiles = ({ files, ...connected }: Connected): void => {
  const { connection, texts, client } = connected;
  const documents = new DocumentCache();
  const open = (uri: string): Document | undefined => {
    const text = texts.get(uri);
    return text && documents.get(text);
  };
  const live = new LiveStore(async (request, parameters) => askHost(connection, client(), request, parameters));
  const workspace: Workspace = { files, scripts: new ScriptCache(), live };
  const service: Service = { ...connected, workspace, open };
  serveVerbs(service);
  serveLive(service);
  serveDiagnostics(service);
  texts.onDidClose(({ document }) => documents.forget(document.uri));
};
