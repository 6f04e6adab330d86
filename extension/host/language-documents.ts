import * as vscode from 'vscode';

/** YAML documents that are MLflow's by their names. Whether a conda environment is, the server finds out. */
const yamlFiles = ['**/python_env*.{yaml,yml}', '**/{conda,environment}*.{yaml,yml}', '**/{MLproject,MLmodel}.{yaml,yml}'];

/** Files on disk only: VS Code opens copies of them under other schemes, `git:` for example. */
export const documentSelector = [
  ...['mlproject', 'mlmodel'].map((language) => ({ scheme: 'file', language })),
  ...yamlFiles.map((pattern) => ({ scheme: 'file', language: 'yaml', pattern })),
];

export const isLanguageDocument = (document: vscode.TextDocument): boolean => vscode.languages.match(documentSelector, document) > 0;

/** An extension that is there for YAML has a server that says what is wrong with plain YAML. */
export const hasYamlServer = (): boolean =>
  vscode.extensions.all.some(({ packageJSON }) => {
    const { isBuiltin, activationEvents }: { readonly isBuiltin?: unknown; readonly activationEvents?: unknown } = packageJSON;
    return isBuiltin !== true && Array.isArray(activationEvents) && activationEvents.includes('onLanguage:yaml');
  });
