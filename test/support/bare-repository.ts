import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { run } from '../../extension/shared/process.ts';

export interface BareRepository {
  /** An address that git, by the variables below, finds on this machine. */
  readonly url: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Writes files, commits them on a branch and hands back the commit. */
  commit(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  tag(name: string): Promise<void>;
}

/** A repository with a remote address, without a network. */
export const newBareRepository = async (url = 'https://git.example.test/team/demo.git'): Promise<BareRepository> => {
  const root = mkdtempSync(join(tmpdir(), 'repository-'));
  const work = join(root, 'work');
  const bare = join(root, 'bare.git');
  mkdirSync(work);
  const git = async (...args: readonly string[]): Promise<string> => {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
    const { code, stdout, stderr } = await run({ file: 'git', args: [...identity, ...args], cwd: work });
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  await git('init', '-q', '-b', 'main');
  await git('init', '-q', '--bare', '-b', 'main', bare);
  await git('--git-dir', bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  return {
    url,
    variables: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `url.file://${bare}.insteadOf`, GIT_CONFIG_VALUE_0: url },
    commit: async (branch, files) => {
      await git('checkout', '-q', '-B', branch);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(work, name)), { recursive: true });
        writeFileSync(join(work, name), text);
      }
      await git('add', '-A');
      await git('commit', '-q', '--allow-empty', '-m', 'change');
      await git('push', '-q', '--force', bare, branch);
      return await git('rev-parse', 'HEAD');
    },
    tag: async (name) => {
      await git('tag', '-a', '-m', name, name);
      await git('push', '-q', bare, name);
    },
  };
};
