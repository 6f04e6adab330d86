/** What is measured of a run's page in the browser. Times are ms; a frame is over when the one after it begins. */
import type { Page } from 'playwright-core';

interface Opening {
  /** Since it was asked for. */
  readonly total: number;
  /** Since the page had what it shows. */
  readonly drawn: number;
}

/** Loads the page and waits until the header and the params are painted. */
export const openOverview = async (page: Page, origin: string): Promise<Opening> => {
  await page.goto(origin);
  return await page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    while (document.querySelectorAll('.values tbody tr').length < 100) await frame();
    const told = lastEventAt;
    await frame();
    await frame();
    const now = performance.now();
    return { total: now, drawn: now - told };
  });
};

/** Shows the tab and waits until the rows on screen have their sparklines, painted. */
export const openMetrics = async (page: Page, metrics: number): Promise<Opening & { readonly requests: number; readonly rows: number }> =>
  await page.evaluate(async (count) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = (): readonly Element[] => [...document.querySelectorAll('.grid-row')];
    const before = performance.now();
    document.querySelector<HTMLElement>('#tab-metrics')?.click();
    while (rows().length < Math.min(count, 10) || !rows().every((row) => row.querySelector('.sparkline path') !== null)) await frame();
    await frame();
    await frame();
    const now = performance.now();
    const requests = performance
      .getEntriesByType('resource')
      .filter((entry) => entry.startTime >= before && entry instanceof PerformanceResourceTiming && entry.encodedBodySize > 0);
    return { total: now - before, drawn: now - lastAnswerAt, requests: requests.length, rows: rows().length };
  }, metrics);

export const heapOf = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
};
