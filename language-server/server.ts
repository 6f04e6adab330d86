import { Message, ResponseError, ErrorCodes, TextDocuments, type Connection, type ConnectionOptions, type InitializeResult } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

import { capabilities, readClient, type Client } from './capabilities.ts';
import type { FileSystem } from './workspace.ts';

export interface Surroundings {
  readonly files: FileSystem;
  /** What knows of files cannot be loaded: nothing would ever be answered. */
  readonly giveUp: (error: unknown) => void;
}

/**
 * Answers a client's `initialize` at once. What knows of files is loaded only then: whatever else the client sends waits for it.
 * Returns when the connection listens.
 */
export const serve = (connect: (options: ConnectionOptions) => Connection, { files, giveUp }: Surroundings): void => {
  let client: Client = readClient(undefined);
  let loaded: Promise<void> | undefined;
  const load = async (): Promise<void> => {
    const { serveFiles } = await import('./files-service.ts');
    serveFiles({ connection, texts, files, client: () => client, refusal: (reason) => new ResponseError(ErrorCodes.InvalidRequest, reason) });
  };
  const handleMessage = async (message: Message, next: (message: Message) => unknown): Promise<void> => {
    if (!isInitialize(message)) await (loaded ??= load().catch(giveUp));
    await next(message);
  };
  const connection = connect({ messageStrategy: { handleMessage } });
  const texts = new TextDocuments(TextDocument);
  connection.onInitialize((params): InitializeResult => {
    client = readClient(params);
    return { serverInfo: { name: 'MLflow' }, capabilities };
  });
  texts.listen(connection);
  connection.listen();
};

const isInitialize = (message: Message): boolean => Message.isRequest(message) && message.method === 'initialize';
