/** The runs page in a real browser, and what it shows, as tests ask for it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

import type { FakeRun, RunsWorld } from './fake-runs-host.ts';
import { openWebview, serveWebview, type WebviewServer } from './webview-page.ts';
import { launchBrowser } from './workbench.ts';

type Open = (world: RunsWorld | 'nothing yet', options?: Parameters<typeof openWebview>[2]) => Promise<Page>;

/** For the tests of a file: opens a page that shows the runs, and that has complained of nothing when the test ends. */
export const runsPages = (): Open => {
  let server: WebviewServer | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveWebview({ name: 'runs', host: 'test/support/fake-runs-host.ts' }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  return async (world, options = {}) => {
    if (server === undefined || browser === undefined) throw new Error('The browser is there from the first test on');
    const { page, complaints } = await openWebview(browser, server.origin, options);
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
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

export const rowNames = async (page: Page): Promise<readonly string[]> => await page.locator('.runs-row .name-cell .cell-text').allInnerTexts();

export const headers = async (page: Page): Promise<readonly string[]> => await page.locator('.header-cell .cell-text').allInnerTexts();

/** Waits until the first rows are these. */
export const untilNames = async (page: Page, expected: readonly string[]): Promise<void> =>
  await expect.poll(async () => (await rowNames(page)).slice(0, expected.length), { timeout: 10_000 }).toEqual(expected);

export const row = (page: Page, name: string) => page.locator('.runs-row', { has: page.locator('.name-cell').getByText(name, { exact: true }) });

export const calls = async (page: Page): Promise<readonly string[]> => await page.evaluate(() => [...fakeRunsHost.calls]);
