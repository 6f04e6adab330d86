import type { DidChangeWatchedFilesRegistrationOptions, RegistrationParams } from 'vscode-languageserver';

import type { Document } from './document.ts';
import { answer, isShared, type Service } from './service.ts';
import { diagnose } from './verbs/diagnostics.ts';
import { WorkspaceDiagnostics } from './workspace-diagnostics.ts';

/** Files that diagnostics speak of. Data that a `path` names is looked at again with the next change. */
const watchedFiles = ['**/[mM][lL][pP][rR][oO][jJ][eE][cC][tT]*', '**/MLmodel', '**/*.{py,sh,R,yaml,yml,txt}'];

/** Diagnostics are pulled by clients that can, and pushed to the others. */
export const serveDiagnostics = (service: Service): void => {
  const { connection, texts, workspace, open, client } = service;
  const diagnosticsOf = async (document: Document | undefined) =>
    (await answer(service, 'diagnostics', document, (found) => diagnose(found, workspace, isShared(service, found)))) ?? [];
  const ofWorkspace = new WorkspaceDiagnostics(workspace.files, diagnosticsOf, (uri) => texts.get(uri) !== undefined);
  const push = async (uri: string): Promise<void> => {
    const document = open(uri);
    const diagnostics = await diagnosticsOf(document);
    // A newer version is on its way with diagnostics of its own.
    if (document !== undefined && open(uri)?.version === document.version) await connection.sendDiagnostics({ uri, version: document.version, diagnostics });
  };
  connection.languages.diagnostics.on(async ({ textDocument }) => ({
    kind: 'full',
    items: await diagnosticsOf(open(textDocument.uri)),
  }));
  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token) => ({ items: await ofWorkspace.report(previousResultIds, token) }));
  texts.onDidOpen(() => ofWorkspace.changed());
  texts.onDidChangeContent(({ document }) => {
    if (!client().pullsDiagnostics) void push(document.uri);
  });
  texts.onDidClose(({ document }) => {
    ofWorkspace.changed();
    if (!client().pullsDiagnostics) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });
  connection.onDidChangeWatchedFiles(() => {
    ofWorkspace.changed();
    if (client().refreshesDiagnostics) void connection.languages.diagnostics.refresh();
    else if (!client().pullsDiagnostics) for (const uri of texts.keys()) void push(uri);
  });
  connection.onInitialized(async () => {
    await follow(service, ofWorkspace);
  });
};

/** Files and folders of the workspace, as far as the client tells of them. */
const follow = async ({ connection, client }: Service, ofWorkspace: WorkspaceDiagnostics): Promise<void> => {
  ofWorkspace.setFolders(client().folders);
  if (client().watchesFiles) {
    const registerOptions: DidChangeWatchedFilesRegistrationOptions = { watchers: watchedFiles.map((globPattern) => ({ globPattern })) };
    const registrations = [{ id: 'files', method: 'workspace/didChangeWatchedFiles', registerOptions }];
    await connection.sendRequest<null>('client/registerCapability', { registrations } satisfies RegistrationParams);
  }
  if (!client().tellsFolders) return;
  connection.workspace.onDidChangeWorkspaceFolders(async () => {
    const folders = await connection.workspace.getWorkspaceFolders();
    ofWorkspace.setFolders((folders ?? []).map(({ uri }) => uri));
  });
};
