import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { fetchProject, type ProjectPlace } from '../../extension/projects/fetch-project.ts';
import { listVersions, type FetchedProject } from '../../extension/projects/git-project.ts';
import { readProjectAddress } from '../../extension/projects/project-address.ts';
import { run, userEnvironment } from '../../extension/shared/process.ts';
import { newBareRepository, type BareRepository } from '../support/bare-repository.ts';

let folder: string;
let repository: BareRepository;
let first: string;
let second: string;
let progress: string[];

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fetch-')));
  progress = [];
  repository = await newBareRepository();
  first = await repository.commit('main', { 'sub/MLproject': 'name: first' });
  await repository.tag('v1');
  second = await repository.commit('feature/x', { 'sub/MLproject': 'name: second' });
});

const tools = (signal = new AbortController().signal) => ({
  environment: { ...userEnvironment(), ...repository.variables },
  signal,
  onProgress: (line: string) => void progress.push(line),
});

const fetch = async (place: ProjectPlace, signal?: AbortSignal): Promise<FetchedProject> =>
  await fetchProject(place, { from: folder, cloneRoot: join(folder, 'clones'), tools: tools(signal) });

const nameIn = ({ directory }: FetchedProject): string => readFileSync(join(directory, 'MLproject'), 'utf8');

describe('a project in git', () => {
  test('is cloned at its own branch, and says where it comes from', async () => {
    const fetched = await fetch({ uri: `${repository.url}#sub` });
    expect(nameIn(fetched)).toBe('name: first');
    expect(fetched.source).toMatchObject({ name: `${repository.url}#sub`, version: { commit: first, repositoryUrl: repository.url } });
    expect(fetched.source.branch).toBeUndefined();
    expect(progress.join('\n')).toMatch(/Receiving objects|new branch|FETCH_HEAD/);
  });

  test('can be asked for by branch, tag and commit', async () => {
    const byBranch = await fetch({ uri: `${repository.url}#sub`, version: 'feature/x' });
    expect([nameIn(byBranch), byBranch.source.branch, byBranch.source.version?.commit]).toEqual(['name: second', 'feature/x', second]);
    const byTag = await fetch({ uri: `${repository.url}#sub`, version: 'v1' });
    expect([nameIn(byTag), byTag.source.branch, byTag.source.version?.commit]).toEqual(['name: first', undefined, first]);
    const byCommit = await fetch({ uri: `${repository.url}#sub`, version: second });
    expect(byCommit.directory).toBe(byBranch.directory);
    expect(byCommit.source.branch).toBeUndefined();
  });

  test('is cloned once for each commit, and nothing half made is left', async () => {
    const { directory } = await fetch({ uri: repository.url });
    progress = [];
    expect((await fetch({ uri: repository.url, version: first })).directory).toBe(directory);
    expect(progress).toEqual([]);
    expect(readdirSync(join(directory, '..'))).toEqual([first]);
  });

  test.each(['nope', 'f00ba4', '-x', '0'.repeat(40)])('without the version %s says so', async (version) => {
    await expect(fetch({ uri: repository.url, version })).rejects.toThrow(`Unable to checkout version '${version}' of git repo ${repository.url}`);
    const [place] = existsSync(join(folder, 'clones')) ? readdirSync(join(folder, 'clones')) : [];
    expect(place === undefined ? [] : readdirSync(join(folder, 'clones', place))).toEqual([]);
  });

  test('without the folder says so', async () => {
    await expect(fetch({ uri: `${repository.url}#nope` })).rejects.toThrow(`Could not find subdirectory nope of ${repository.url}`);
  });

  test('given up is given up, and leaves nothing', async () => {
    const controller = new AbortController();
    controller.abort(new Error('given up'));
    await expect(fetch({ uri: repository.url }, controller.signal)).rejects.toThrow('given up');
    expect(existsSync(join(folder, 'clones'))).toBe(false);
  });

  test('has its versions listed, its own branch first', async () => {
    expect(await listVersions(repository.url, tools())).toEqual(['main', 'feature/x', 'v1']);
  });

  test('that cannot be reached is what git says, without credentials', async () => {
    const failing = fetch({ uri: `file:///nowhere/at/all.git` });
    await expect(failing).rejects.toThrow(/git ls-remote failed: fatal: /);
    const secret = fetch({ uri: 'https://me:secret@localhost:1/x.git' });
    await expect(secret).rejects.toThrow(/https:\/\/localhost:1\/x\.git/);
    await expect(secret).rejects.not.toThrow(/secret/);
  });
});

describe('a project in a folder', () => {
  test('is run where it is', async () => {
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    expect(await fetch({ uri: 'a' })).toEqual({ directory: join(folder, 'a'), source: { name: join(folder, 'a') } });
    expect(await fetch({ uri: `"file://${folder}/a"` })).toMatchObject({ directory: join(folder, 'a') });
    expect(await fetch({ uri: 'a#b' })).toMatchObject({ directory: join(folder, 'a/b'), source: { name: 'a#b' } });
  });

  test('is cloned for a version: the work tree stays as it is', async () => {
    const { code } = await run({ file: 'git', args: ['clone', '-q', repository.url, 'work'], cwd: folder, env: tools().environment });
    expect(code).toBe(0);
    const fetched = await fetch({ uri: join(folder, 'work/sub'), version: 'main' });
    expect(nameIn(fetched)).toBe('name: first');
    expect(fetched.directory).toContain('clones');
    expect(fetched.source).toMatchObject({ name: `file://${folder}/work#sub`, branch: 'main' });
  });
});

test.each([
  ['nowhere', 'There is no folder nowhere'],
  ['a.zip', 'a.zip is a zip file'],
  ['https://host/x.zip', 'zip file'],
  ['https://host/x.git#v1.0', "'.' is not allowed in project subdirectory paths."],
  ['ext::sh -c id', 'neither a folder nor the address'],
  ['--upload-pack=id', 'neither a folder nor the address'],
  ['-x:y', 'neither a folder nor the address'],
])('%j is refused', (uri, reason) => {
  expect(() => readProjectAddress(uri, folder)).toThrow(reason);
});

test('addresses that only ssh knows are git’s', () => {
  expect(readProjectAddress('git@github.com:team/repo.git#a/b', folder)).toEqual({ kind: 'git', url: 'git@github.com:team/repo.git', below: 'a/b' });
});
