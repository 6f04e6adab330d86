import { dirname } from 'node:path';
import * as vscode from 'vscode';

import { installedPackagesRequest, modelMeaningRequest, storeNamesRequest } from '../../../schemas/lsp-protocol.ts';
import { answering, type LanguageAnswers } from '../../host/language-answers.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';
import { followStores } from '../../tracking/follow-stores.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { installedPackages } from '../../shared/installed-packages.ts';
import type { Interpreters } from './interpreters.ts';

export interface LanguageAnswersOptions {
  readonly stores: StoreConnections;
  readonly interpreters: Interpreters;
}

/** What the language server asks of this window: names in the store of a file's folder, packages of its Python. Nothing is run while the workspace is not trusted. */
export const createLanguageAnswers = ({ stores, interpreters }: LanguageAnswersOptions): LanguageAnswers => {
  const changed = new Emitter<void>();
  const following = followStores(stores, (connection) => followStore(connection, () => changed.fire()));
  return {
    onDidChange: changed.event,
    answers: [
      answering(storeNamesRequest, async ({ document }, signal) =>
        withStore(stores, document, async (store) => (await import('../../registry/store-names.ts')).readStoreNames(store, signal)),
      ),
      answering(modelMeaningRequest, async ({ document, uri }, signal) =>
        withStore(stores, document, async (store) => (await import('../../registry/model-meaning.ts')).readModelMeaning(store, uri, signal)),
      ),
      answering(installedPackagesRequest, async ({ document }, signal) => packagesFor(interpreters, document, signal)),
    ],
    dispose: () => {
      following.dispose();
      changed.dispose();
    },
  };
};

/** What it holds, and whether it can be read at all. */
const followStore = (connection: StoreConnection, onChange: () => void): Disposable => {
  const owned = new Disposables();
  owned.own(connection.onDidChange(onChange));
  owned.own(connection.onDidChangeState(onChange));
  return owned;
};

const withStore = async <Result>(
  stores: StoreConnections,
  document: string,
  read: (store: StoreConnection) => Promise<Result | undefined>,
): Promise<Result | null> => {
  const store = storeOf(stores, document);
  return store?.state.kind === 'ready' ? ((await read(store)) ?? null) : null;
};

const storeOf = (stores: StoreConnections, document: string): StoreConnection | undefined => {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(document));
  return (folder === undefined ? undefined : stores.activeFor(folder.uri.fsPath)) ?? stores.all[0];
};

const packagesFor = async (interpreters: Interpreters, document: string, signal: AbortSignal) => {
  if (!vscode.workspace.isTrusted) return [];
  const interpreter = await interpreters.find(dirname(vscode.Uri.parse(document).fsPath));
  return interpreter === undefined ? [] : installedPackages(interpreter.path, signal);
};
