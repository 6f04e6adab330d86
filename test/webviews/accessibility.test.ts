import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { comparePages, untilCard, untilScene, withLines } from '../support/compare-page.ts';
import { seeds, sweep, threeRuns } from '../support/compare-worlds.ts';
import { themeNames } from '../support/webview-page.ts';

const open = comparePages();

interface Violation {
  readonly id: string;
  readonly nodes: readonly string[];
}

/** What axe-core finds on the page: rules broken, and where. */
const violationsOn = async (page: Page): Promise<readonly Violation[]> => {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: readonly { id: string; nodes: readonly { html: string }[] }[] }> };
    };
    const { violations } = await checker.run();
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }));
  });
};

describe.each(themeNames)('In the theme %s nothing keeps anybody out', (theme) => {
  test('of the page with its lines, its table and the difference explained', async () => {
    const two = { ...threeRuns, runs: threeRuns.runs.slice(0, 2), view: { explains: true, referenceRunId: threeRuns.runs[0]?.runId } };
    const page = await open(two, { theme });
    await untilCard(page, 'train/loss', withLines(2));
    await page.locator('.reason').first().waitFor();
    expect(await violationsOn(page)).toEqual([]);
  });

  test('of the other cards, their settings and tables', async () => {
    const page = await open({ ...sweep, view: { grouping: { by: 'params.optimizer', except: [], band: 'std', members: true } } }, { theme, height: 1600 });
    await untilScene(page, 'parallel');
    await page.getByRole('button', { name: 'What Parallel coordinates shows' }).click();
    await page.getByRole('button', { name: 'Show rmse as a table' }).click();
    await page.getByRole('button', { name: 'Add Card' }).click();
    expect(await violationsOn(page)).toEqual([]);
  });
});

describe('Without a pointer', () => {
  test('every control is reached by the Tab key, and a card is added, changed and removed', async () => {
    const page = await open(seeds);
    await untilCard(page, 'train/loss', withLines(6));
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 200; presses++) {
        await page.keyboard.press('Tab');
        const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
        if (label.includes(name)) return;
      }
      throw new Error(`The Tab key does not reach '${name}'`);
    };
    await tabTo('Add Card');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await untilScene(page, 'bar-1');
    await tabTo('More for');
    await tabTo('More for rmse');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.locator('[data-card="bar-1"]').waitFor({ state: 'detached' });
  });
});
