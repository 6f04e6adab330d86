import { DocumentDiagnosticReportKind } from 'vscode-languageserver';

import type { Document } from './document.ts';
import { answer, type Service } from './service.ts';
import { diagnose } from './verbs/diagnostics.ts';

/** Diagnostics are pulled by clients that can, and pushed to the others. */
export const serveDiagnostics = (service: Service): void => {
  const { connection, texts, workspace, open, client } = service;
  const diagnosticsOf = async (document: Document | undefined) => (await answer(service, 'diagnostics', document, (found) => diagnose(found, workspace))) ?? [];
  const push = async (uri: string): Promise<void> => {
    const document = open(uri);
    const diagnostics = await diagnosticsOf(document);
    // A newer version is on its way with diagnostics of its own.
    if (document !== undefined && open(uri)?.version === document.version) await connection.sendDiagnostics({ uri, version: document.version, diagnostics });
  };
  connection.languages.diagnostics.on(async ({ textDocument }) => ({
    kind: DocumentDiagnosticReportKind.Full,
    items: await diagnosticsOf(open(textDocument.uri)),
  }));
  texts.onDidChangeContent(({ document }) => {
    if (!client().pullsDiagnostics) void push(document.uri);
  });
  texts.onDidClose(({ document }) => {
    if (!client().pullsDiagnostics) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });
  connection.onDidChangeWatchedFiles(() => {
    if (client().refreshesDiagnostics) void connection.languages.diagnostics.refresh();
    else for (const uri of texts.keys()) void push(uri);
  });
};
