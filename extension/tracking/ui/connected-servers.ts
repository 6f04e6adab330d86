import type * as vscode from 'vscode';

const key = 'mlflow.connectedServers';

/** Servers that a file of a workspace folder names, and that a person has agreed to ask. */
export interface ConnectedServers {
  has(folder: string, address: string): boolean;
  add(folder: string, address: string): Promise<void>;
}

/** Kept for this machine: a workspace cannot bring an agreement with it. */
export const rememberConnectedServers = (memento: vscode.Memento): ConnectedServers => {
  const all = (): readonly (readonly [string, string])[] => memento.get(key, []);
  const has = (folder: string, address: string): boolean => all().some(([one, other]) => one === folder && other === address);
  return {
    has,
    add: async (folder, address) => {
      if (!has(folder, address)) await memento.update(key, [...all(), [folder, address]]);
    },
  };
};
