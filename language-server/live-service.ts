import type { Connection } from 'vscode-languageserver';

import { storeChangedNotification, type LspRequest } from '../schemas/lsp-protocol.ts';
import type { Client } from './capabilities.ts';
import type { Service } from './service.ts';

/** Only a host that has said so is asked: others would answer with an error each time. */
export const askHost = async <Parameters, Result>(
  connection: Connection,
  { answersHostRequests }: Client,
  { method }: LspRequest<Parameters, Result>,
  parameters: Parameters,
): Promise<Result> => {
  if (!answersHostRequests) throw new Error('The host answers no requests');
  return connection.sendRequest<Result>(method, parameters);
};

/** Names are there before someone asks for them, and asked for anew when the store has changed. */
export const serveLive = ({ connection, texts, workspace: { live }, open, client }: Service): void => {
  texts.onDidOpen(({ document: { uri } }) => {
    if (client().answersHostRequests && open(uri) !== undefined) live.prepare(uri);
  });
  connection.onNotification(storeChangedNotification.method, () => live.changed());
};
