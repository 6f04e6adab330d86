import type * as vscode from 'vscode';

import type { AgreedFolders } from '../local-connection.ts';

const key = 'mlflow.agreedArtifactFolders';

/** Kept for this machine, per store and path: a workspace cannot bring an agreement with it. */
export const rememberAgreedFolders = (memento: vscode.Memento): AgreedFolders => {
  const all = (): Readonly<Record<string, readonly string[]>> => memento.get(key, {});
  const of = (path: string): readonly string[] => (Object.hasOwn(all(), path) ? (all()[path] ?? []) : []);
  return {
    of,
    add: async (path, folder) => memento.update(key, { ...all(), [path]: [...new Set([...of(path), folder])] }),
  };
};
