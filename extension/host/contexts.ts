import * as vscode from 'vscode';

/** Context keys that `when` clauses in package.json read. */
export interface Contexts {
  'mlflow.storeCount': number;
  /** Of those, folders as MLflow's `mlruns/`. */
  'mlflow.folderStoreCount': number;
  'mlflow.checkedRuns': number;
  'mlflow.comparePages': number;
  /** What the selected rows of *Experiments* are; empty when they are of several kinds. */
  'mlflow.selectedKind': string;
  'mlflow.servingCount': number;
  /** What the selected rows of *Model Registry* are; empty when they are of several kinds. */
  'mlflow.selectedModelKind': string;
  'mlflow.isRegistrySearched': boolean;
}

export const setContext = <Name extends keyof Contexts>(name: Name, value: Contexts[Name]): void => {
  void vscode.commands.executeCommand('setContext', name, value);
};
