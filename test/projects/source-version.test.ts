import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { localSource } from '../../extension/projects/source-version.ts';
import { run } from '../../extension/shared/process.ts';

let folder: string;

const git = async (...args: readonly string[]): Promise<string> => {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const { code, stdout, stderr } = await run({ file: 'git', args: [...identity, ...args], cwd: folder });
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
};

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'source-')));
});

describe('localSource', () => {
  test('outside of git a project is known by its folder', async () => {
    expect(await localSource(folder)).toEqual({ name: folder });
  });

  test('in a work tree by the tree and what is below, with its commit', async () => {
    await git('init', '-q');
    mkdirSync(join(folder, 'sub/project'), { recursive: true });
    expect(await localSource(folder)).toEqual({ name: `file://${folder}`, version: { worktree: folder } });
    await git('commit', '-q', '--allow-empty', '-m', 'first');
    const commit = await git('rev-parse', 'HEAD');
    expect(await localSource(join(folder, 'sub/project'))).toEqual({ name: `file://${folder}#sub/project`, version: { worktree: folder, commit } });
  });

  test.each([
    ['https://user:token@host/team/repo.git', 'https://host/team/repo.git'],
    ['https://token@host:8443/r?x=1', 'https://host:8443/r?x=1'],
    ['git@github.com:team/repo.git', 'git@github.com:team/repo.git'],
    ['/some/folder@x', '/some/folder@x'],
  ])('the remote %s is written %s', async (url, written) => {
    await git('init', '-q');
    await git('remote', 'add', 'zeta', url);
    await git('remote', 'add', 'alpha', 'https://other/repo.git');
    expect((await localSource(folder)).version?.repositoryUrl).toBe(written);
  });

  test('what git ignores has no commit', async () => {
    await git('init', '-q');
    writeFileSync(join(folder, '.gitignore'), 'build/\n');
    mkdirSync(join(folder, 'build'));
    await git('commit', '-q', '--allow-empty', '-m', 'first');
    expect((await localSource(join(folder, 'build'))).version).toEqual({ worktree: folder });
  });
});
