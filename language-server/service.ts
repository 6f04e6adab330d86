import type { Connection, ResponseError, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

import type { Client } from './capabilities.ts';
import type { Document } from './document.ts';
import type { Workspace } from './workspace.ts';

/** What the handlers of the connection share. */
export interface Service {
  readonly connection: Connection;
  readonly texts: TextDocuments<TextDocument>;
  readonly workspace: Workspace;
  /** Undefined for files that are not open, or none of our business. */
  readonly open: (uri: string) => Document | undefined;
  /** Known once the client has introduced itself. */
  readonly client: () => Client;
  /** The answer to a request that is refused. */
  readonly refusal: (reason: string) => ResponseError;
}

/** Another server of the editor is there for the plain YAML of this document. */
export const isShared = ({ client }: Service, document: Document): boolean => document.languageId === 'yaml' && client().hasYamlServer;

/** What a handler throws is logged, without the file's text, and answered as nothing: one bad file must not stop the others. */
export const answer = async <Result>(
  { connection, workspace }: Service,
  verb: string,
  document: Document | undefined,
  compute: (document: Document) => Result | Promise<Result>,
): Promise<Result | null> => {
  if (document === undefined) return null;
  try {
    if ((await document.kind.isOurs?.(document.uri, workspace.files)) === false) return null;
    return (await compute(document)) ?? null;
  } catch (error) {
    connection.console.error(`${verb} of ${document.uri} failed: ${error instanceof Error ? error.message : 'unknown error'}`);
    return null;
  }
};
