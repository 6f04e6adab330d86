/** What is measured of the page of a model: nothing of it is read from a disk or asked of a server meanwhile. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

import { describeModel } from '../../extension/models/describe-model.ts';
import { folderFiles, type ModelFile, type ModelFiles } from '../../extension/models/model-files.ts';
import type { ModelPage } from '../../schemas/model-page.ts';
import { openWebview, serveWebview } from '../../test/support/webview-page.ts';

/** A store that has answered already. */
const inMemory = async (folder: string): Promise<ModelFiles> => {
  const listed: readonly ModelFile[] = (await folderFiles(folder).list()) ?? [];
  const texts = new Map<string, string>();
  for (const { path } of listed) texts.set(path, await readFile(join(folder, path), 'utf8'));
  return { read: async (path) => texts.get(path), list: async () => listed };
};

/** ms from the files' texts to the signature on the screen, each time in a page that has shown nothing before. */
export const measureModelPage = async (browser: Browser, folder: string, rounds: number): Promise<readonly number[]> => {
  const server = await serveWebview({ name: 'model', host: 'test/support/fake-model-page-host.ts' });
  const files = await inMemory(folder);
  const times: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const { page } = await openWebview(browser, server);
      const begin = performance.now();
      const model = await describeModel(files, { label: 'model', modelUri: folder, source: 'mlflow.db' });
      const described = performance.now() - begin;
      times.push(described + (await page.evaluate(drawn, JSON.stringify(model))));
      await page.close();
    }
  } finally {
    await server.close();
  }
  return times;
};

/** In the page: ms until the tables are there and a frame has shown them. */
const drawn = async (model: string): Promise<number> => {
  const begin = performance.now();
  fakeModelPageHost.load({ model: JSON.parse(model) as ModelPage, surroundings: { versions: [], environment: { kind: 'unchecked', reason: '' } } });
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  while (document.querySelector('table') === null) await frame();
  return (await frame()) - begin;
};
