import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { readRunEnvironment } from '../../extension/models/run-environment.ts';
import type { LocalConnection } from '../../extension/tracking/local-connection.ts';
import type { RunId } from '../../schemas/ids.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { storesForFile } from '../support/open-store.ts';

const newStore = storesForFile();

/** A run in a store of its own, with these artifacts. */
const newRun = async (files: Readonly<Record<string, string>>): Promise<{ readonly store: LocalConnection; readonly runId: RunId }> => {
  const store = await newStore();
  const { info } = await store.tracking.createRun({ experimentId: asExperimentId('0'), startTime: 0n, tags: [] });
  const root = info.artifactUri.startsWith('file:') ? fileURLToPath(info.artifactUri) : info.artifactUri;
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return { store, runId: info.runId };
};

const read = async (files: Readonly<Record<string, string>>) => {
  const { store, runId } = await newRun(files);
  const found = await readRunEnvironment(store, runId);
  return found && { ...found, packages: Object.fromEntries(found.packages) };
};

test("the run's own files name its environment", async () => {
  expect(await read({ 'requirements.txt': 'mlflow==3\n', 'model/MLmodel': '', 'model/requirements.txt': 'mlflow==2\n' })).toEqual({
    packages: { mlflow: '==3' },
  });
});

test('else those of its model do', async () => {
  const files = { 'plot.png': '', 'wine/MLmodel': 'flavors: {}\n', 'wine/conda.yaml': 'dependencies: [python=3.11.7, pip: [mlflow==3]]' };
  expect(await read(files)).toEqual({ model: 'wine', packages: { python: '==3.11.7', mlflow: '==3' } });
});

test('a run without any names none', async () => {
  expect(await read({ 'notes/requirements.txt': 'mlflow==3\n' })).toBeUndefined();
});
