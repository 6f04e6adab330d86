import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { repository } from '../../scripts/tools.ts';
import { cardOf, comparePages, untilCard, untilScene, withLines } from '../support/compare-page.ts';
import { sweep, threeRuns } from '../support/compare-worlds.ts';
import { setTheme, themeNames } from '../support/webview-page.ts';

const open = comparePages();

const shared = { width: 1, height: 1 } as const;
const cards = [
  { ...shared, id: 'lines', type: 'line', metric: 'train/loss' },
  { ...shared, id: 'bars', type: 'bar', metric: 'rmse' },
  { ...shared, id: 'points', type: 'scatter', x: 'params.learning_rate', y: 'metrics.rmse', color: 'params.max_depth', logX: true, regression: true },
  { ...shared, id: 'axes', type: 'parallel', fields: ['params.learning_rate', 'params.optimizer', 'metrics.rmse'], logFields: ['params.learning_rate'] },
  { ...shared, id: 'boxes', type: 'box', metric: 'rmse', by: 'params.optimizer' },
  { ...shared, id: 'heat', type: 'heatmap', x: 'params.max_depth', y: 'params.learning_rate', metric: 'rmse' },
  { ...shared, id: 'causes', type: 'importance', metric: 'rmse' },
];
const everyCard = { ...sweep, view: { cards } };
const tall = 2100;

const untilDrawn = async (page: Page): Promise<void> => {
  await untilCard(page, 'train/loss', withLines(36));
  for (const { id } of cards.slice(1)) await untilScene(page, id, ({ marks }) => marks.length > 0);
};

/** How many pixels of each card's canvas are neither empty nor the axes' grey: what is drawn of the runs. */
const paintOf = async (page: Page): Promise<Readonly<Record<string, number>>> =>
  await page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('[data-card]')].map((card) => {
        const canvas = card.querySelector<HTMLCanvasElement>('canvas.plot-lines');
        const { data = [] } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
        let colored = 0;
        for (let at = 0; at < data.length; at += 4) {
          const channels = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
          if ((data[at + 3] ?? 0) > 100 && Math.max(...channels) - Math.min(...channels) > 40) colored++;
        }
        return [card.dataset['card'] ?? '', colored];
      }),
    ),
  );

describe('Every card', () => {
  test('is drawn in each theme, switched while it is open', async () => {
    const page = await open(everyCard, { height: tall });
    const folder = join(repository, 'test-results', 'screenshots');
    await mkdir(folder, { recursive: true });
    for (const theme of themeNames) {
      await setTheme(page, theme);
      await untilDrawn(page);
      await expect.poll(async () => Object.entries(await paintOf(page)).filter(([, colored]) => colored < 150)).toEqual([]);
      await page.screenshot({ path: join(folder, `compare-cards-${theme}.png`), fullPage: true });
    }
  });
});

/** Pairs of controls and words that lie upon each other, and what is wider than the page. */
const crowdedOn = async (page: Page): Promise<readonly string[]> =>
  await page.evaluate(() => {
    const isShown = (element: HTMLElement): boolean => element.checkVisibility() && element.closest('[role="grid"], .visually-hidden') === null;
    const parts = [...document.querySelectorAll<HTMLElement>('button, input, select, h2, h3, .field-label, .field-value, .plot, .card-notes p')]
      .filter(isShown)
      .map((element) => ({ element, box: element.getBoundingClientRect(), name: element.getAttribute('aria-label') ?? element.textContent }));
    const wide = parts.filter(({ box }) => box.left < 0 || box.right > innerWidth + 1).map(({ name }) => `${name} leaves the page`);
    const meet = (a: DOMRect, b: DOMRect): boolean =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    const pairs = parts.flatMap((one, at) =>
      parts.slice(at + 1).flatMap((other) => {
        const isWithin = one.element.contains(other.element) || other.element.contains(one.element);
        return !isWithin && meet(one.box, other.box) ? [`${one.name} and ${other.name}`] : [];
      }),
    );
    return [...wide, ...pairs, ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])];
  });

describe('On 400 pixels', () => {
  const narrow = { width: 400, height: 3900 };

  test('no card and no control lies upon another', async () => {
    const page = await open({ ...everyCard, view: { cards, grouping: { by: 'params', except: ['max_depth'], band: 'std', members: false } } }, narrow);
    for (const { id } of cards.slice(1)) await untilScene(page, id, ({ marks }) => marks.length > 0);
    expect(await crowdedOn(page)).toEqual([]);
    for (const name of ['What train/loss shows', 'What Parallel coordinates shows']) {
      await page.getByRole('button', { name }).first().click();
      expect(await crowdedOn(page), name).toEqual([]);
    }
    await page.screenshot({ path: join(repository, 'test-results', 'screenshots', 'compare-narrow.png'), fullPage: true });
  });

  test('the explanation and the table of two runs have their place', async () => {
    const two = { ...threeRuns, runs: threeRuns.runs.slice(0, 2), view: { explains: true } };
    const page = await open(two, narrow);
    await page.locator('.reason').first().waitFor();
    expect(await crowdedOn(page)).toEqual([]);
    await page.screenshot({ path: join(repository, 'test-results', 'screenshots', 'compare-narrow-explained.png'), fullPage: true });
  });
});

describe('Whoever wants less motion', () => {
  const moving = async (page: Page): Promise<number> =>
    await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);

  test('of the system or of VS Code sees none: not of running runs, not while something is read', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    await page.evaluate(() => (fakeHost.mood = 'hang'));
    await cardOf(page, 'train/loss').locator('.plot').focus();
    await page.keyboard.press('+');
    await page.locator('.progress.active').first().waitFor({ state: 'attached' });
    await expect.poll(async () => await moving(page)).toBeGreaterThan(1);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(async () => await moving(page)).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await expect.poll(async () => await moving(page)).toBeGreaterThan(1);
    await page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    await expect.poll(async () => await moving(page)).toBe(0);
  });
});
