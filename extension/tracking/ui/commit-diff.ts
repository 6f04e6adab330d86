import * as vscode from 'vscode';

import { MlflowError } from '../../shared/errors.ts';

/** What is used of the git extension that comes with VS Code. */
interface GitApi {
  readonly repositories: readonly GitRepository[];
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

interface GitRepository {
  readonly rootUri: vscode.Uri;
  getCommit(ref: string): Promise<unknown>;
  diffBetween(from: string, to: string): Promise<readonly { readonly uri: vscode.Uri; readonly originalUri: vscode.Uri }[]>;
}

/** Opens what changed between the commits of two runs, in VS Code's own editor of changes. */
export const openCommitDiff = async (from: string, to: string): Promise<void> => {
  const git = await gitApi();
  const repository = await repositoryWith(git.repositories, [from, to]);
  if (repository === undefined)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No git repository of this workspace has both ${from.slice(0, 8)} and ${to.slice(0, 8)}`);
  const changes = await repository.diffBetween(from, to);
  if (changes.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The two commits have the same files');
  const resources = changes.map(({ uri, originalUri }) => [uri, git.toGitUri(originalUri, from), git.toGitUri(uri, to)]);
  await vscode.commands.executeCommand('vscode.changes', `${from.slice(0, 8)} ↔ ${to.slice(0, 8)}`, resources);
};

const gitApi = async (): Promise<GitApi> => {
  const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  if (extension === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', "VS Code's own git extension is switched off");
  return (await extension.activate()).getAPI(1);
};

const repositoryWith = async (repositories: readonly GitRepository[], commits: readonly string[]): Promise<GitRepository | undefined> => {
  const known = await Promise.all(repositories.map(async (repository) => hasAll(repository, commits)));
  return repositories[known.indexOf(true)];
};

const hasAll = async (repository: GitRepository, commits: readonly string[]): Promise<boolean> =>
  (await Promise.allSettled(commits.map(async (commit) => repository.getCommit(commit)))).every(({ status }) => status === 'fulfilled');
