/** What is measured of the page of a registered model in the browser, with as many versions as it reads at once. */
import type { ModelSnapshot, PageVersion } from '../../schemas/registered-model-page.ts';
import { openWebview, serveWebview } from '../../test/support/webview-page.ts';
import { launchBrowser } from '../../test/support/workbench.ts';

const keys = Array.from({ length: 20 }, (_, index) => `key_${index}`);

const versionOf = (version: number): PageVersion => ({
  version,
  aliases: version % 10 === 0 ? [`alias-${version}`] : [],
  stage: version % 7 === 0 ? 'Archived' : '',
  status: 'READY',
  createdAt: 1_700_000_000_000 + version,
  creator: 'ann',
  description: '',
  runName: `run-${version}`,
  tags: { team: 'cellar' },
  params: Object.fromEntries(keys.map((key) => [key, String(version)])),
  metrics: Object.fromEntries(keys.map((key, index) => [key, version / (index + 1)])),
});

const snapshotOf = (count: number): ModelSnapshot => ({
  name: 'wine',
  store: 'mlflow.db',
  description: '',
  createdAt: 1_700_000_000_000,
  updatedAt: 1_700_000_000_000,
  tags: {},
  aliases: [],
  versions: Array.from({ length: count }, (_, index) => versionOf(count - index)),
  hasMore: true,
  filter: '',
  history: [],
});

/** ms between two frames while the table of versions scrolls down, and then to the right. */
export const measureVersionTable = async (versions: number): Promise<readonly number[]> => {
  const server = await serveWebview({ name: 'registered-model', host: 'test/support/fake-model-host.ts' });
  const browser = await launchBrowser();
  try {
    const { page } = await openWebview(browser, server, { width: 1400, height: 900 });
    await page.evaluate((given) => fakeModelHost.show(given), snapshotOf(versions));
    await page.getByRole('grid', { name: 'Versions' }).waitFor();
    return await page.evaluate(async () => {
      const table = document.querySelector('.grid');
      if (table === null) throw new Error('There is no table');
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const frames: number[] = [];
      let last = await frame();
      for (let step = 0; step < 240; step++) {
        table.scrollBy(step < 180 ? 0 : 60, step < 180 ? 130 : 0);
        const now = await frame();
        frames.push(now - last);
        last = now;
      }
      return frames;
    });
  } finally {
    await browser.close();
    await server.close();
  }
};
