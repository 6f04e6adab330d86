/** What is measured of the runs table in the browser, with as many runs and keys as the host of a test makes. */
import type { Page } from 'playwright-core';

import { openWebview, serveWebview } from '../../test/support/webview-page.ts';
import { launchBrowser } from '../../test/support/workbench.ts';

export interface PageFigures {
  /** ms from the first answer of the host to the first rows on screen. */
  readonly open: readonly number[];
  /** ms between two frames while the table scrolls. */
  readonly frames: readonly number[];
  /** Rows in the document at the same time, while it scrolls. */
  readonly lines: readonly number[];
  /** MB of the page's heap after the scroll. */
  readonly memory: readonly number[];
}

export const measurePage = async (runs: number, keys: number): Promise<PageFigures> => {
  const server = await serveWebview({ name: 'runs', host: 'test/support/fake-runs-host.ts' });
  const browser = await launchBrowser();
  try {
    const { page } = await openWebview(browser, server, { width: 1400, height: 900 });
    const open = await openTable(page, runs, keys);
    const { frames, lines } = await scrollTable(page);
    return { open: [open], frames, lines, memory: [await heapOf(page)] };
  } finally {
    await browser.close();
    await server.close();
  }
};

/** The host makes its runs first: they are not the page's, and their time is not counted. */
const openTable = async (page: Page, runs: number, keys: number): Promise<number> =>
  await page.evaluate(
    async ([count = 0, ofKeys = 0]) => {
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      fakeRunsHost.loadMany(count, ofKeys);
      const before = performance.now();
      while (document.querySelectorAll('.runs-row').length < 10 || document.querySelectorAll('.header-cell').length < 8) await frame();
      await frame();
      return performance.now() - before;
    },
    [runs, keys],
  );

const scrollTable = async (page: Page): Promise<{ readonly frames: readonly number[]; readonly lines: readonly number[] }> =>
  await page.evaluate(async () => {
    const table = document.querySelector('.runs-table');
    if (table === null) throw new Error('There is no table');
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const frames: number[] = [];
    const lines: number[] = [];
    let last = await frame();
    for (let step = 0; step < 240; step++) {
      table.scrollTop += 170;
      const now = await frame();
      frames.push(now - last);
      lines.push(document.querySelectorAll('.runs-row').length);
      last = now;
    }
    return { frames, lines };
  });

/** Of the page and of the test's host in it. */
const heapOf = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
};
