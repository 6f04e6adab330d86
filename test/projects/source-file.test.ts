import { expect, test } from 'vitest';

import { sourcePathIn } from '../../extension/projects/source-file.ts';

const tree = {
  root: '/work/repo',
  files: ['train.py', 'lab/train.py', 'lab/deep/fit.py', 'MLproject', 'wine/MLproject', 'wine/validate.py'],
  folders: ['/work/repo/lab'],
};

test.each([
  ['an absolute path', { name: '/work/repo/lab/deep/fit.py' }, 'lab/deep/fit.py'],
  ['a path from the root', { name: 'lab/deep/fit.py' }, 'lab/deep/fit.py'],
  ['the root before the folder of the workspace', { name: 'train.py' }, 'train.py'],
  ['a path from the folder of the workspace', { name: './deep/fit.py' }, 'lab/deep/fit.py'],
  ['a name that only one file has', { name: 'fit.py' }, 'lab/deep/fit.py'],
  ['a repository that was elsewhere', { name: '/home/me/repo/lab/train.py', type: 'LOCAL' }, 'lab/train.py'],
  ['a Windows machine', { name: String.raw`C:\repo\deep\fit.py` }, 'lab/deep/fit.py'],
  ['a project', { name: 'file:///work/repo', type: 'PROJECT', entryPoint: 'main' }, 'MLproject'],
  ['a project below the root', { name: 'file:///work/repo#wine', type: 'PROJECT' }, 'wine/MLproject'],
  ['a project by its folder', { name: '/work/repo/wine', type: 'PROJECT', entryPoint: 'main' }, 'wine/MLproject'],
  ['a script of a project', { name: 'file:///work/repo#wine', type: 'PROJECT', entryPoint: 'validate.py' }, 'wine/validate.py'],
  ['a project from git', { name: 'https://example.org/repo.git#wine', type: 'PROJECT', entryPoint: 'main' }, 'wine/MLproject'],
])('%s', (_, tags, path) => {
  expect(sourcePathIn(tags, tree)).toBe(path);
});

test.each([{ name: '<console>' }, { name: '' }, { name: '../../etc/passwd' }, { name: 'missing.py' }, { name: '/elsewhere/main.py' }])(
  '$name is no file of the commit',
  (tags) => {
    expect(sourcePathIn(tags, tree)).toBeUndefined();
  },
);

test('two files of the same name are not guessed between', () => {
  expect(sourcePathIn({ name: '/gone/train.py' }, { ...tree, files: ['a/train.py', 'b/train.py'] })).toBeUndefined();
});
