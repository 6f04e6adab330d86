/** The runs page in a real browser, and what it shows, as tests ask for it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import type { FakeRun, RunsWorld } from './fake-runs-host.ts';
import { webviewForFile } from './webview-for-file.ts';
import type { ViewOptions } from './webview-page.ts';

type Open = (world: RunsWorld | 'nothing yet', options?: ViewOptions) => Promise<Page>;

/** For the tests of a file: opens a page that shows the runs. */
export const runsPages = (): Open => {
  const webview = webviewForFile({ name: 'runs', host: 'test/support/fake-runs-host.ts' });
  return async (world, options) => {
    const page = await webview.open(options);
    if (world !== 'nothing yet') await page.evaluate((given) => fakeRunsHost.load(given), world);
    return page;
  };
};

const hourly = 3_600_000;
const names = ['bold-fox', 'calm-owl', 'keen-elk', 'shy-ant', 'wry-cat', 'apt-bee'];

/** A search over a rate and a depth, the newest first. */
export const search: RunsWorld = {
  runs: Array.from({ length: 30 }, (_, index): FakeRun => ({
    runId: `${index}`.padStart(32, 'a'),
    name: `${names[index % names.length]}-${index}`,
    status: index === 0 ? 'RUNNING' : index === 4 ? 'FAILED' : 'FINISHED',
    startTime: Date.now() - (index + 1) * hourly,
    params: { learning_rate: String([0.1, 0.01, 0.001][index % 3]), max_depth: String(4 + (index % 4)), optimizer: 'adam' },
    metrics: { rmse: 0.5 + ((index * 37) % 100) / 250, 'val/loss': 0.1 * (1 + (index % 5)) },
    tags: { 'mlflow.user': 'ada', 'mlflow.source.name': 'train.py', team: index % 2 === 0 ? 'red' : 'white' },
  })),
};

/** The names of its first runs. */
export const newest = ['bold-fox-0', 'calm-owl-1', 'keen-elk-2'];

/** For the tests of a file that has `runsPages`: opens a page that shows the search. */
export const searchPages =
  (open: Open) =>
  async (options?: ViewOptions): Promise<Page> => {
    const page = await open(search, options);
    await untilNames(page, newest);
    await page.locator('.header-cell', { hasText: 'rmse' }).waitFor();
    return page;
  };

export const rowNames = async (page: Page): Promise<readonly string[]> => await page.locator('.runs-row .name-cell .cell-text').allInnerTexts();

export const headers = async (page: Page): Promise<readonly string[]> => await page.locator('.header-cell .cell-text').allInnerTexts();

/** Waits until the first rows are these. */
export const untilNames = async (page: Page, expected: readonly string[]): Promise<void> =>
  await expect.poll(async () => (await rowNames(page)).slice(0, expected.length)).toEqual(expected);

export const row = (page: Page, name: string) => page.locator('.runs-row', { has: page.locator('.name-cell').getByText(name, { exact: true }) });

export const calls = async (page: Page): Promise<readonly string[]> => await page.evaluate(() => [...fakeRunsHost.calls]);
