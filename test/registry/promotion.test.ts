import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { metricDirectionTag } from '../../schemas/metric-direction.ts';
import type { UploadedFile } from '../../extension/artifacts/run-upload.ts';
import { findChampion, parseAgainst } from '../../extension/registry/champion.ts';
import { FaultyGates, readGateFile } from '../../extension/registry/gate-file.ts';
import { promote, promotionTag, takeBackPromotion, type Promotion } from '../../extension/registry/promotion.ts';
import { registerFiles } from '../../extension/registry/register-files.ts';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import { promotionSections } from '../../extension/registry/ui/promotion-rows.ts';
import { readSnapshot } from '../../extension/registry/version-snapshot.ts';
import { newAppStore } from '../support/app-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const now = Date.UTC(2026, 0, 2);

const newModel = async (versions: number): Promise<RegistryStore> => {
  const { registry } = newAppStore();
  await registry.createRegisteredModel({ name: 'wine' });
  for (let count = 0; count < versions; count++) await registry.createModelVersion({ name: 'wine', source: 's3://bucket/model' });
  return registry;
};

const toChampion: Promotion = { name: 'wine', version: 2, target: { kind: 'alias', alias: 'champion' }, champion: 1, gate: 'passed', reason: 'better' };

const tagOf = async (registry: RegistryStore): Promise<string | undefined> =>
  (await registry.getModelVersion('wine', 2)).tags.find(({ key }) => key === promotionTag)?.value;

test('an alias moves, the version says why, and both go back', async () => {
  const registry = await newModel(2);
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  const promoted = await promote(registry, toChampion, now);
  expect(await findChampion(registry, 'wine', toChampion.target)).toBe(2);
  expect(await tagOf(registry)).toBe('2026-01-02T00:00:00.000Z to @champion after version 1, gate passed: better');
  await takeBackPromotion(registry, promoted);
  expect(await findChampion(registry, 'wine', toChampion.target)).toBe(1);
  expect(await tagOf(registry)).toBeUndefined();
});

test('when somebody else has moved the alias meanwhile, nothing is half done', async () => {
  const registry = await newModel(3);
  await registry.setRegisteredModelAlias('wine', 'champion', 3);
  await expect(promote(registry, toChampion, now)).rejects.toThrow('Somebody else has moved to version 3 @champion');
  expect(await tagOf(registry)).toBeUndefined();
});

test('a stage is taken over, and given back', async () => {
  const registry = await newModel(2);
  await registry.transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
  const promotion: Promotion = { ...toChampion, target: { kind: 'stage', stage: 'Production' }, gate: 'overridden' };
  const promoted = await promote(registry, promotion, now);
  expect((await registry.getModelVersion('wine', 1)).currentStage).toBe('Archived');
  expect(await tagOf(registry)).toContain('to Production after version 1, gate overridden: better');
  await takeBackPromotion(registry, promoted);
  expect((await registry.getModelVersion('wine', 1)).currentStage).toBe('Production');
  expect((await registry.getModelVersion('wine', 2)).currentStage).toBe('None');
});

test.each([
  ['champion', 1],
  ['@champion', 1],
  ['Production', 2],
  ['2', 2],
  ['nobody', undefined],
  ['Staging', undefined],
])('the champion by %s', async (text, expected) => {
  const registry = await newModel(2);
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  await registry.transitionModelVersionStage({ name: 'wine', version: 2, stage: 'Production' });
  expect(await findChampion(registry, 'wine', parseAgainst(text))).toBe(expected);
});

test('a version that does not exist is no champion', async () => {
  await expect(findChampion(await newModel(1), 'wine', parseAgainst('9'))).rejects.toThrow('not found');
});

const file = (path: string, text: string): UploadedFile => ({
  path,
  size: text.length,
  // eslint-disable-next-line @typescript-eslint/require-await
  open: async function* () {
    yield Buffer.from(text);
  },
});

const model = (column: string): string => `flavors: {}\nsignature:\n  inputs: '[{"name": "${column}", "type": "double", "required": true}]'\n`;

test('candidate and champion side by side: metrics, signature, packages, and what could not be read', async () => {
  const { store, registry } = newAppStore();
  await registry.createRegisteredModel({ name: 'wine' });
  const register = async (files: readonly UploadedFile[], rmse: number) => {
    const version = await registerFiles(store, registry, { name: 'wine', files, runName: 'r', onFile: () => {} });
    if (version.runId !== undefined) await store.tracking.logMetric(version.runId, { key: 'rmse', value: rmse, timestamp: 1, step: 0 });
  };
  await register([file('MLmodel', model('a')), file('requirements.txt', 'pandas==1\n')], 0.8);
  await register([file('MLmodel', model('b')), file('requirements.txt', 'pandas==2\n')], 0.7);
  const { experimentId } = await store.tracking.getExperimentByName('Default');
  await store.tracking.setExperimentTag(experimentId, { key: metricDirectionTag('rmse'), value: 'higher' });
  await registry.createModelVersion({ name: 'wine', source: 's3://bucket/model' });
  const source = { http: store.http, tracking: store.tracking, artifacts: store.artifacts, registry };
  const [champion, candidate, far] = await Promise.all([1, 2, 3].map((version) => readSnapshot(source, { name: 'wine', version })));
  if (champion === undefined || candidate === undefined || far === undefined) throw new Error('All are read');
  expect([candidate.directionOf('rmse'), candidate.directionOf('loss')]).toEqual(['higher', 'lower']);
  const sections = promotionSections(candidate, champion, []);
  expect(sections.map(({ title, rows }) => `${title} | ${rows.map(({ label, description }) => `${label}: ${description}`).join(' | ')}`)).toEqual([
    'metrics: candidate after champion | rmse: 0.7 after 0.8 (−0.1)',
    'signature | compatible: inputs a removed (double) | breaks callers: inputs b added (double)',
    'packages | pandas: ==2 after ==1',
  ]);
  expect(far.signature).toBeUndefined();
  expect(far.notes.join()).toContain('The MLmodel of wine version 3 cannot be read');
});

test('a gate file: none, one that fits, and one with a mistake, whose line is told', async () => {
  const folder = newTempFolder();
  const path = join(folder, '.mlflow-workbench', 'gates.yaml');
  expect(await readGateFile(path, 'wine')).toEqual([]);
  mkdirSync(join(folder, '.mlflow-workbench'));
  writeFileSync(path, 'gates:\n  wine: { signature: present }\n  beer: { signature: present }\n');
  expect((await readGateFile(path, 'wine')).map(({ models }) => models)).toEqual(['wine']);
  writeFileSync(path, 'gates:\n  wine:\n    signature: same\n');
  await expect(readGateFile(path, 'wine')).rejects.toThrow(FaultyGates);
  await expect(readGateFile(path, 'beer')).rejects.toThrow('gates.yaml:3: This must be “compatible” or “present”. Nothing is promoted');
});
