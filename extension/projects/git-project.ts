import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import { git, type GitTools } from './git.ts';
import { readSourceVersion, withoutCredentials, type RunSource } from './source-version.ts';

export interface GitRequest {
  readonly url: string;
  /** A branch, a tag or a full commit; absent: the branch that the repository has as its own. */
  readonly version?: string;
  /** Folder of the project in the repository; may be empty. */
  readonly below: string;
  /** What is noted as the run's source. */
  readonly name: string;
}

export interface FetchedProject {
  readonly directory: string;
  readonly source: RunSource;
}

interface Reference {
  /** What git is asked for. */
  readonly name: string;
  readonly commit?: string;
  readonly branch?: string;
}

/**
 * Clones a project below a folder, one folder for each commit: what is there already is taken as it is.
 * Credentials are git's own business. Rejects with the reason.
 */
export const fetchGitProject = async (request: GitRequest, root: string, tools: GitTools): Promise<FetchedProject> => {
  const reference = await resolveReference(request, tools);
  const place = join(root, createHash('sha1').update(request.url).digest('hex').slice(0, 16));
  const known = reference.commit === undefined ? undefined : join(place, reference.commit);
  const worktree = known !== undefined && existsSync(known) ? known : await clone(request, reference, place, tools);
  const directory = join(worktree, request.below);
  if (!existsSync(directory)) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find subdirectory ${request.below} of ${request.url}`);
  const version = await readSourceVersion(directory);
  return {
    directory,
    source: {
      name: withoutCredentials(request.name),
      ...(version !== undefined && { version }),
      ...(request.version !== undefined && reference.branch !== undefined && { branch: reference.branch }),
    },
  };
};

/** Branches and tags of a repository, the branch that is its own first. */
export const listVersions = async (url: string, tools: GitTools): Promise<readonly string[]> => {
  const references = await readRemote(url, [], tools);
  const own = ownBranch(references);
  const names = [...references.keys()].flatMap((name) => /^refs\/(?:heads|tags)\/(.*?)(?:\^\{\})?$/.exec(name)?.[1] ?? []);
  return [...new Set([...(own === undefined ? [] : [own]), ...names])];
};

const resolveReference = async ({ url, version }: GitRequest, tools: GitTools): Promise<Reference> => {
  if (version === undefined) return ownReference(url, await readRemote(url, ['HEAD'], tools));
  if (version.startsWith('-')) throw noSuchVersion(version, url);
  if (/^[\da-f]{40}$/.test(version)) return { name: version, commit: version };
  const [branch, tag] = [`refs/heads/${version}`, `refs/tags/${version}`];
  const found = await readRemote(url, [branch, tag, `${tag}^{}`], tools);
  if (found.has(branch)) return reference(branch, found.get(branch), version);
  if (found.has(tag)) return reference(tag, found.get(`${tag}^{}`) ?? found.get(tag));
  throw noSuchVersion(version, url);
};

const reference = (name: string, commit: string | undefined, branch?: string): Reference => ({
  name,
  ...(commit !== undefined && { commit }),
  ...(branch !== undefined && { branch }),
});

const ownReference = (url: string, found: ReadonlyMap<string, string>): Reference => {
  const branch = ownBranch(found);
  if (branch === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${withoutCredentials(url)} has no branch of its own: give a version`);
  return reference(`refs/heads/${branch}`, found.get('HEAD'), branch);
};

const ownBranch = (found: ReadonlyMap<string, string>): string | undefined => found.get('ref HEAD');

/** Commits by the name of their reference; `ref HEAD` is the name of the branch that HEAD is. */
const readRemote = async (url: string, patterns: readonly string[], tools: GitTools): Promise<ReadonlyMap<string, string>> => {
  const text = await git(['ls-remote', '--symref', '--', url, ...patterns], tools);
  const lines = text.split('\n').map((line) => line.split('\t'));
  return new Map(
    lines.flatMap(([value = '', name]): [string, string][] => {
      if (name === undefined) return [];
      const target = /^ref: refs\/heads\/(.*)$/.exec(value)?.[1];
      return [target === undefined ? [name, value] : [`ref ${name}`, target]];
    }),
  );
};

const clone = async ({ url, version }: GitRequest, { name }: Reference, place: string, tools: GitTools): Promise<string> => {
  const draft = join(place, `.${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  const inDraft = { ...tools, directory: draft };
  try {
    await git(['init', '--quiet'], inDraft);
    await git(['remote', 'add', '--', 'origin', url], inDraft);
    await git(['fetch', '--progress', '--depth=1', '--', 'origin', name], inDraft);
    await git(['checkout', '--quiet', '--detach', 'FETCH_HEAD'], inDraft);
    await git(['submodule', 'update', '--init', '--recursive', '--progress'], inDraft);
    return await settle(draft, join(place, (await git(['rev-parse', 'HEAD'], inDraft)).trim()));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    tools.signal.throwIfAborted();
    throw version === undefined ? error : noSuchVersion(version, url, error);
  }
};

/** Another window may have been quicker. */
const settle = async (draft: string, folder: string): Promise<string> => {
  if (existsSync(folder)) await rm(draft, { recursive: true, force: true });
  else await rename(draft, folder);
  return folder;
};

/** In MLflow's words. */
const noSuchVersion = (version: string, url: string, cause?: unknown): MlflowError => {
  const reason = cause instanceof Error ? ` Error: ${cause.message}` : '';
  return new MlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `Unable to checkout version '${version}' of git repo ${withoutCredentials(url)} - please ensure that the version exists in the repo.${reason}`,
  );
};
