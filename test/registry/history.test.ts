import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { historyCsv, historyJson } from '../../extension/registry/history-export.ts';
import { HistoryFile, historyPathOf } from '../../extension/registry/history-file.ts';
import { readRegistryHistory } from '../../extension/registry/read-history.ts';
import { historyMarkdown, sentenceOf } from '../../extension/registry/ui/history-text.ts';
import { createSqliteRegistryStore } from '../../extension/registry/sqlite-registry-store.ts';
import { openDatabase } from '../../extension/server/database.ts';
import type { RegistryChange } from '../../schemas/workbench-api.ts';
import { newAppStore, type AppStore } from '../support/app-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const source = 's3://bucket/model';

const historyOf = async ({ store }: AppStore, model = 'wine'): Promise<readonly string[]> =>
  (await readRegistryHistory(store, model)).changes.map((change) => `${change.kind}: ${sentenceOf(change)}`);

/** Another program, as Python's mlflow is one. */
const byOthers = async ({ path }: AppStore, work: (registry: ReturnType<typeof createSqliteRegistryStore>) => Promise<unknown>): Promise<void> => {
  const database = openDatabase(path);
  await work(createSqliteRegistryStore(database));
  database.dispose();
};

test('everything that is changed through the server is noted down with what was before', async () => {
  const opened = newAppStore();
  const { registry } = opened;
  await registry.createRegisteredModel({ name: 'wine' });
  for (const version of [1, 2]) expect((await registry.createModelVersion({ name: 'wine', source })).version).toBe(version);
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  await registry.setRegisteredModelAlias('wine', 'champion', 2);
  await registry.transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
  await registry.transitionModelVersionStage({ name: 'wine', version: 2, stage: 'Production', archiveExistingVersions: true });
  await registry.setModelVersionTag('wine', 2, { key: 'team', value: 'a' });
  await registry.deleteModelVersionTag('wine', 2, 'team');
  await registry.setRegisteredModelTag('wine', { key: 'kind', value: 'red' });
  await registry.updateRegisteredModel('wine', 'dry');
  await registry.deleteRegisteredModelAlias('wine', 'champion');
  await registry.deleteModelVersion('wine', 1);
  expect(await historyOf(opened)).toEqual(
    [
      'model created',
      `version 1 registered from ${source}`,
      `version 2 registered from ${source}`,
      '@champion set to version 1',
      '@champion moved from version 1 to version 2',
      'version 1 moved from None to Production',
      'version 2 moved from None to Production',
      'version 1 moved from Production to Archived',
      'tag team of version 2 set to a',
      'tag team of version 2 removed',
      'tag kind set to red',
      'description changed',
      '@champion removed from version 2',
      'version 1 deleted',
    ].map((text) => `exact: ${text}`),
  );
  expect(readFileSync(historyPathOf(opened.path), 'utf8').split('\n')).toHaveLength(15);
});

test('what fails is not noted down', async () => {
  const opened = newAppStore();
  await opened.registry.createRegisteredModel({ name: 'wine' });
  await expect(opened.registry.setRegisteredModelAlias('wine', 'champion', 9)).rejects.toThrow('not found');
  await expect(opened.registry.setRegisteredModelAlias('wine', 'latest', 1)).rejects.toThrow('reserved');
  expect(await historyOf(opened)).toEqual(['exact: model created']);
});

test('what others change is observed once, whoever looks how often', async () => {
  const opened = newAppStore();
  const { registry } = opened;
  await registry.createRegisteredModel({ name: 'wine' });
  await registry.createModelVersion({ name: 'wine', source });
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  await byOthers(opened, async (other) => {
    await other.createModelVersion({ name: 'wine', source });
    await other.setRegisteredModelAlias('wine', 'champion', 2);
    await other.transitionModelVersionStage({ name: 'wine', version: 2, stage: 'Staging' });
  });
  const seen = [
    'exact: model created',
    `exact: version 1 registered from ${source}`,
    'exact: @champion set to version 1',
    `observed: version 2 registered from ${source}`,
    'observed: version 2 moved from None to Staging',
    'observed: @champion moved from version 1 to version 2',
  ];
  expect(await historyOf(opened)).toEqual(seen);
  expect(await historyOf(opened)).toEqual(seen);
  await byOthers(opened, async (other) => other.deleteModelVersion('wine', 2));
  expect((await historyOf(opened)).slice(seen.length)).toEqual(['observed: version 2 deleted']);
});

test('tags and descriptions that others set, change and remove are observed once; what something was made with is exact', async () => {
  const opened = newAppStore();
  await opened.registry.createRegisteredModel({ name: 'wine', description: 'dry', tags: [{ key: 'kind', value: 'red' }] });
  await opened.registry.createModelVersion({ name: 'wine', source, tags: [{ key: 'team', value: 'a' }], description: 'x'.repeat(1000) });
  const made = [
    'exact: model created',
    'exact: tag kind set to red',
    'exact: description changed',
    `exact: version 1 registered from ${source}`,
    'exact: tag team of version 1 set to a',
    'exact: description of version 1 changed',
  ];
  expect(await historyOf(opened)).toEqual(made);
  await byOthers(opened, async (other) => {
    await other.setRegisteredModelTag('wine', { key: 'kind', value: 'white' });
    await other.setModelVersionTag('wine', 1, { key: 'safe', value: '' });
    await other.deleteModelVersionTag('wine', 1, 'team');
    await other.updateModelVersion('wine', 1, 'short');
    await other.updateRegisteredModel('wine', '');
  });
  const seen = [
    'observed: description changed',
    'observed: tag kind set to white',
    'observed: description of version 1 changed',
    'observed: tag safe of version 1 set to ',
    'observed: tag team of version 1 removed',
  ];
  for (let look = 0; look < 2; look++) expect(await historyOf(opened)).toEqual([...made, ...seen]);
  await byOthers(opened, async (other) => other.deleteModelVersion('wine', 1));
  expect((await historyOf(opened)).slice(made.length + seen.length)).toEqual(['observed: version 1 deleted']);
});

test('a renamed model keeps its history, and a deleted one has it still', async () => {
  const opened = newAppStore();
  const { registry } = opened;
  await registry.createRegisteredModel({ name: 'grape' });
  await registry.renameRegisteredModel('grape', 'wine');
  expect(await historyOf(opened)).toEqual(['exact: model created', 'exact: renamed from grape to wine']);
  await registry.deleteRegisteredModel('wine');
  await registry.createRegisteredModel({ name: 'beer' });
  expect((await historyOf(opened)).at(-1)).toBe('exact: model deleted');
});

test('a damaged file shows what is whole in it, and says so', async () => {
  const opened = newAppStore();
  await opened.registry.createRegisteredModel({ name: 'wine' });
  appendFileSync(historyPathOf(opened.path), 'half a li\n{"time":1,"kind":"exact","model":"wine","what":"elephant"}\n');
  const { changes, problem } = await readRegistryHistory(opened.store, 'wine');
  expect(changes).toHaveLength(1);
  expect(problem).toContain('2 lines of');
});

test('a link in the place of the file is not followed: the change is made, and the history says what is wrong', async () => {
  const opened = newAppStore();
  const elsewhere = join(newTempFolder(), 'precious');
  writeFileSync(elsewhere, 'precious');
  symlinkSync(elsewhere, historyPathOf(opened.path));
  await opened.registry.createRegisteredModel({ name: 'wine' });
  expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
  expect((await readRegistryHistory(opened.store, 'wine')).problem).toMatch(/cannot be (read|written)/);
});

test('a file that is not there is an empty history', async () => {
  expect(await new HistoryFile(join(newTempFolder(), 'none')).read()).toEqual({ changes: [] });
});

test('what was seen while it was being noted down is there once', async () => {
  const opened = newAppStore();
  const seen = { time: Date.now(), kind: 'observed', model: 'wine', what: 'alias', key: 'champion', to: '1' };
  const lines = [seen, { ...seen, kind: 'exact', by: 'ann', time: seen.time + 5 }];
  writeFileSync(historyPathOf(opened.path), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect(await historyOf(opened)).toEqual(['exact: @champion set to version 1']);
});

const change: RegistryChange = { time: 0, kind: 'exact', by: '=cmd()', model: 'a,"b"', version: 2, what: 'alias', key: 'champion', from: '1', to: '2' };

test('CSV for spreadsheets, in which no name is a formula, and JSON', () => {
  expect(historyCsv([change])).toBe(
    'time,by,model,version,what,key,from,to,kind\r\n1970-01-01T00:00:00.000Z,\'=cmd(),"a,""b""",2,alias,champion,1,2,exact\r\n',
  );
  expect(JSON.parse(historyJson([change]))).toEqual([{ ...change, time: '1970-01-01T00:00:00.000Z' }]);
});

test('names in the page are text', () => {
  const page = historyMarkdown('<b>', { changes: [{ ...change, key: '[x](command:y) | <i>' }] });
  expect(page).not.toMatch(/<b>|<i>|\]\(command/);
  expect(page).toContain('| exact |');
  const described = historyMarkdown('wine', { changes: [{ ...change, what: 'description', key: '', from: 'dry | <i>\n', to: 'sweet' }] });
  expect(described).toMatch(/\| description of version 2 changed \| dry .* \| sweet \|/);
  expect(described).not.toContain('<i>');
});
