import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { run, type Output } from '../shared/process.ts';

export interface SourceVersion {
  /** The work tree's root, spelled like the folder that it was looked up for. */
  readonly worktree: string;
  /** Absent where there is no commit yet, and where git ignores the folder. */
  readonly commit?: string;
  /** Of the first remote, without credentials. */
  readonly repositoryUrl?: string;
}

export interface RunSource {
  /** `mlflow.source.name`: the folder, or the URI as it was given. */
  readonly name: string;
  readonly version?: SourceVersion;
  /** A branch that was asked for by name. */
  readonly branch?: string;
}

/** What git knows about a folder; undefined outside of a work tree, or without git. */
export const readSourceVersion = async (directory: string): Promise<SourceVersion | undefined> => {
  const worktree = findWorktree(directory);
  if (worktree === undefined) return undefined;
  try {
    const [commit, repositoryUrl] = await Promise.all([readCommit(directory), readRepositoryUrl(directory)]);
    return { worktree, ...(commit === undefined ? {} : { commit }), ...(repositoryUrl === undefined ? {} : { repositoryUrl }) };
  } catch {
    // No git on PATH: MLflow then logs runs without these tags too.
    return undefined;
  }
};

/** What MLflow notes of where a local project comes from. */
export const localSource = async (directory: string): Promise<RunSource> => {
  const version = await readSourceVersion(directory);
  return { name: sourceName(directory, version), ...(version === undefined ? {} : { version }) };
};

/** MLflow's `mlflow.source.name` of a local project. */
const sourceName = (directory: string, version: SourceVersion | undefined): string => {
  if (version === undefined || directory.includes('#')) return directory;
  const below = directory.replace(version.worktree, '').replace(/^\//, '');
  return `file://${version.worktree}${below === '' ? '' : `#${below}`}`;
};

const findWorktree = (directory: string): string | undefined => {
  if (existsSync(join(directory, '.git'))) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : findWorktree(parent);
};

const readCommit = async (directory: string): Promise<string | undefined> => {
  const [head, ignored] = await Promise.all([git(directory, 'rev-parse', '--verify', 'HEAD'), git(directory, 'check-ignore', '--', directory)]);
  return ignored.stdout === '' ? textOf(head) : undefined;
};

const readRepositoryUrl = async (directory: string): Promise<string | undefined> => {
  const remotes = textOf(await git(directory, 'config', '--local', '--get-regexp', String.raw`^remote\..*\.url$`));
  const [first] = remotes?.split('\n') ?? [];
  return first === undefined ? undefined : withoutCredentials(first.slice(first.indexOf(' ') + 1));
};

/** Addresses over https may carry a token, and tags are read by everybody. */
export const withoutCredentials = (text: string): string => text.replaceAll(/\b([a-z][a-z\d+.-]*:\/\/)[^/?#\s]*@/gi, '$1');

const git = async (directory: string, ...args: readonly string[]): Promise<Output> => await run({ file: 'git', args, cwd: directory });

const textOf = ({ code, stdout }: Output): string | undefined => (code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined);
