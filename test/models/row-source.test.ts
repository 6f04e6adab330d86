import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { artifactRows, fileRows, listRowArtifacts } from '../../extension/models/row-source.ts';
import type { StoreConnection } from '../../extension/tracking/store-connection.ts';
import { asExperimentId, type RunId } from '../../schemas/ids.ts';
import { newAppStore } from '../support/app-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const textOf = ({ bytes }: { readonly bytes: ArrayBuffer }): string => new TextDecoder().decode(bytes);

/** A run with these artifacts. */
const newRun = async (files: readonly string[]): Promise<{ readonly store: StoreConnection; readonly runId: RunId }> => {
  const { store } = newAppStore();
  const { info } = await store.tracking.createRun({ experimentId: asExperimentId('0'), startTime: 0, tags: [] });
  const folder = info.artifactUri.startsWith('file:') ? fileURLToPath(info.artifactUri) : info.artifactUri;
  for (const path of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `a\n${path}\n`);
  }
  return { store, runId: info.runId };
};

test('rows are offered of the tables of a run, in whatever folder, and of nothing else', async () => {
  const { store, runId } = await newRun(['rows.csv', 'notes.txt', 'data/TRAIN.PARQUET', 'data/deep/test.csv', 'data/csv']);
  expect((await listRowArtifacts(store, runId)).toSorted()).toEqual(['data/TRAIN.PARQUET', 'data/deep/test.csv', 'rows.csv']);
});

test('of a run with more tables than can be chosen from the first are offered', async () => {
  const { store, runId } = await newRun(Array.from({ length: 205 }, (_, index) => `rows-${index}.csv`));
  expect(await listRowArtifacts(store, runId)).toHaveLength(200);
});

test('of an artifact only the part is read that is looked at', async () => {
  const { store, runId } = await newRun(['data/rows.csv']);
  const rows = artifactRows(store, runId, 'data/rows.csv');
  expect(rows.name).toBe('rows.csv');
  const part = await rows.read({ start: 2, end: 6 });
  expect([textOf(part), part.size]).toEqual(['data', 16]);
});

test('so is a file of this machine; beyond its end there is nothing', async () => {
  const path = join(newTempFolder(), 'rows.csv');
  writeFileSync(path, 'a\n1\n2\n');
  const rows = fileRows(path);
  expect(rows.name).toBe('rows.csv');
  expect([
    textOf(await rows.read({ start: 2, end: 4 })),
    textOf(await rows.read({ start: 4, end: 100 })),
    textOf(await rows.read({ start: 9, end: 12 })),
  ]).toEqual(['1\n', '2\n', '']);
  await expect(fileRows(`${path}.gone`).read({ start: 0, end: 1 })).rejects.toThrow('ENOENT');
});
