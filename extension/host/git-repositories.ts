import * as vscode from 'vscode';

import { MlflowError } from '../shared/errors.ts';

/** What is used of the git extension that comes with VS Code. */
interface GitApi {
  readonly git: { readonly path: string };
  readonly repositories: readonly GitRepository[];
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
  /** Of newer releases. */
  getRepositoryRoot?(uri: vscode.Uri): Promise<vscode.Uri | null>;
  openRepository?(root: vscode.Uri): Promise<GitRepository | null>;
}

interface Change {
  readonly uri: vscode.Uri;
  readonly originalUri: vscode.Uri;
}

interface GitRepository {
  readonly rootUri: vscode.Uri;
  getCommit(ref: string): Promise<unknown>;
  diffWith(ref: string): Promise<readonly Change[]>;
  diffBetween(from: string, to: string): Promise<readonly Change[]>;
}

/** A commit in a repository of this machine. */
export interface FoundCommit {
  readonly commit: string;
  readonly root: vscode.Uri;
  /** The git program that the editor uses. */
  readonly program: string;
}

/** The repository of this workspace that has a commit: an open one, or one around a folder that VS Code agrees to open. */
export const findCommit = async (commit: string): Promise<FoundCommit> => {
  const git = await gitApi();
  const { rootUri } = await requireRepository(git, [commit]);
  return { commit, root: rootUri, program: git.git.path };
};

/** A file as the commit has it, in an editor. */
export const openAtCommit = async ({ commit, root }: FoundCommit, path: string): Promise<void> => {
  const git = await gitApi();
  await vscode.commands.executeCommand('vscode.open', git.toGitUri(vscode.Uri.joinPath(root, path), commit), {}, `${nameOf(path)} (${short(commit)})`);
};

/** What was changed in a file since. */
export const diffWithWorkingTree = async ({ commit, root }: FoundCommit, path: string): Promise<void> => {
  const git = await gitApi();
  const now = vscode.Uri.joinPath(root, path);
  await vscode.commands.executeCommand('vscode.diff', git.toGitUri(now, commit), now, `${nameOf(path)} (${short(commit)} ↔ Working Tree)`);
};

/** What was changed in all files since, committed or not. */
export const openChangesSince = async ({ commit }: FoundCommit): Promise<void> => {
  const git = await gitApi();
  const changes = await (await requireRepository(git, [commit])).diffWith(commit);
  if (changes.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Nothing was changed since ${short(commit)}`);
  const resources = changes.map(({ uri, originalUri }) => [uri, git.toGitUri(originalUri, commit), uri]);
  await vscode.commands.executeCommand('vscode.changes', `${short(commit)} ↔ Working Tree`, resources);
};

/** Opens what changed between the commits of two runs, in VS Code's own editor of changes. */
export const openCommitDiff = async (from: string, to: string): Promise<void> => {
  const git = await gitApi();
  const repository = await requireRepository(git, [from, to]);
  const changes = await repository.diffBetween(from, to);
  if (changes.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The two commits have the same files');
  const resources = changes.map(({ uri, originalUri }) => [uri, git.toGitUri(originalUri, from), git.toGitUri(uri, to)]);
  await vscode.commands.executeCommand('vscode.changes', `${short(from)} ↔ ${short(to)}`, resources);
};

const gitApi = async (): Promise<GitApi> => {
  const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  if (extension === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', "VS Code's own git extension is switched off");
  return (await extension.activate()).getAPI(1);
};

const requireRepository = async (git: GitApi, commits: readonly string[]): Promise<GitRepository> => {
  const found = (await repositoryWith(git.repositories, commits)) ?? (await repositoryWith(await openAround(git), commits));
  if (found !== undefined) return found;
  const advice = (await closedRoots(git)).map((root) => ` ${root} is not open in VS Code: “Git: Open Repositories in Parent Folders…” opens it.`).join('');
  throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No open git repository of this workspace has ${commits.map(short).join(' and ')}.${advice}`);
};

/** VS Code asks before it opens a repository that is larger than the workspace, and does so for nobody else. */
const closedRoots = async (git: GitApi): Promise<readonly string[]> => {
  const open = new Set(git.repositories.map(({ rootUri }) => rootUri.fsPath));
  return [...new Set((await rootsAround(git)).map(({ fsPath }) => fsPath))].filter((root) => !open.has(root));
};

/** Of folders below the root of a repository, which a person may have closed or agreed to. */
const openAround = async (git: GitApi): Promise<readonly GitRepository[]> => {
  const opened = await Promise.all((await rootsAround(git)).map(async (root) => await git.openRepository?.(root)));
  return opened.flatMap((repository) => repository ?? []);
};

const rootsAround = async (git: GitApi): Promise<readonly vscode.Uri[]> => {
  const roots = await Promise.all((vscode.workspace.workspaceFolders ?? []).map(async ({ uri }) => await git.getRepositoryRoot?.(uri)));
  return roots.flatMap((root) => root ?? []);
};

const repositoryWith = async (repositories: readonly GitRepository[], commits: readonly string[]): Promise<GitRepository | undefined> => {
  const known = await Promise.all(repositories.map(async (repository) => hasAll(repository, commits)));
  return repositories[known.indexOf(true)];
};

const hasAll = async (repository: GitRepository, commits: readonly string[]): Promise<boolean> =>
  (await Promise.allSettled(commits.map(async (commit) => repository.getCommit(commit)))).every(({ status }) => status === 'fulfilled');

const short = (commit: string): string => commit.slice(0, 8);
const nameOf = (path: string): string => path.split('/').at(-1) ?? path;
