import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { checkSource } from '../../extension/registry/source-rules.ts';
import { newTempFolder } from '../support/store-database.ts';

/** A run's folder, with a neighbour whose name begins alike and links that lead inside and outside. */
const newRunFolder = (): string => {
  const folder = join(newTempFolder(), 'run');
  for (const name of ['model', '../run-2/model']) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(folder, 'model'), join(folder, 'inside'));
  symlinkSync('/etc', join(folder, 'outside'));
  return folder;
};

const check = (source: string, folder: string): void => checkSource(source, { kind: 'run', id: 'r', location: folder });

test.each(['model', '', 'model/', 'not/there/yet', 'inside', 'model/../model', 'a%20b'])('%j below the run’s folder may be registered', (path) => {
  const folder = newRunFolder();
  expect(() => check(join(folder, path), folder)).not.toThrow();
});

test.each(['../run-2/model', '..', 'outside', 'outside/passwd', 'model/../../run-2', '%2e%2e/run-2', '%252e%252e/run-2', 'outside/not/there'])(
  '%j leaves the run’s folder',
  (path) => {
    const folder = newRunFolder();
    expect(() => check(`${folder}/${path}`, folder)).toThrow(/^Invalid model version source/);
  },
);

test('a file URI and a path mean the same folder', () => {
  const folder = newRunFolder();
  expect(() => check(pathToFileURL(join(folder, 'model')).href, folder)).not.toThrow();
  expect(() => check(join(folder, 'model'), pathToFileURL(folder).href)).not.toThrow();
  expect(() => check('file:///etc/passwd', folder)).toThrow(/^Invalid model version source/);
  expect(() => check(`file://host${folder}/model`, folder)).toThrow(/is not a valid remote uri/);
});

test('an owner that is not there, or not on this machine, owns no local path', () => {
  const folder = newRunFolder();
  expect(() => checkSource(folder, { kind: 'run', id: 'gone', location: undefined })).toThrow(/The run_id request parameter must identify/);
  expect(() => checkSource(folder, { kind: 'model', id: '', location: undefined })).toThrow(/the model_id request parameter has to be specified/);
  expect(() => checkSource(folder, { kind: 'run', id: 'r', location: 's3://bucket/r' })).toThrow(/To use a local path/);
});
