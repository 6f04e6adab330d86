import { describe, expect, test } from 'vitest';

import { cardOf, comparePages, untilCard, untilScene, withLines } from '../support/compare-page.ts';
import { historyOf, runNamed, threeRuns } from '../support/compare-worlds.ts';

const open = comparePages();

const good = runNamed('good', { metrics: { loss: 1 } });
const goodHistory = historyOf(good, 'loss', [3, 2, 1]);

describe('A card says what it cannot show, and shows the rest', () => {
  test('of runs without any metric', async () => {
    const page = await open({ runs: [runNamed('bare', { params: { lr: '1' } }), runNamed('other', { params: { lr: '2' } })], histories: [] });
    await page.getByText('These runs have logged no metrics.').waitFor();
    await page.locator('.difference [role=rowheader]', { hasText: 'lr' }).waitFor();
  });

  test('of a line that is nothing but NaN', async () => {
    const bad = runNamed('bad', { metrics: { loss: Number.NaN } });
    const page = await open({ runs: [good, bad], histories: [goodHistory, historyOf(bad, 'loss', [Number.NaN, Number.NaN])] });
    const card = await untilCard(page, 'loss', withLines(2));
    expect(card.lines[1]?.pixels).toEqual([null, null]);
    await page.getByText('2 values not a number (✕ at the bottom).').waitFor();
  });

  test('of single values that are no numbers', async () => {
    const page = await open({ runs: [runNamed('bad', { metrics: { loss: Number.NaN } })], histories: [historyOf(runNamed('bad'), 'loss', [Number.NaN])] });
    await page.getByText('No shown run has a value of loss that can be drawn.').waitFor();
  });

  test('of infinities and of numbers at the end of what there is', async () => {
    const huge = runNamed('huge', { metrics: { loss: 1e308 } });
    const page = await open({ runs: [huge], histories: [historyOf(huge, 'loss', [1e308, -1e308, Number.MAX_VALUE, 0])] });
    const card = await untilCard(page, 'loss', withLines(1));
    const pixels = card.lines[0]?.pixels ?? [];
    expect(pixels.map((pixel) => pixel !== null && Number.isFinite(pixel.y))).toEqual([true, true, false, true]);
    expect((pixels[0]?.y ?? 0) < (pixels[3]?.y ?? 0) && (pixels[3]?.y ?? 0) < (pixels[1]?.y ?? 0)).toBe(true);
  });

  test('of a logarithmic axis under values below zero', async () => {
    const bad = runNamed('bad', { metrics: { loss: -1 } });
    const page = await open({ runs: [good, bad], histories: [goodHistory, historyOf(bad, 'loss', [-1, -2])], view: { logY: true } });
    await untilCard(page, 'loss', withLines(2));
    await page.getByText('2 values of 0 or below cannot be shown on a logarithmic axis.').waitFor();
  });

  test('of steps that go back and steps that come twice', async () => {
    const resumed = runNamed('resumed', { metrics: { loss: 1 } });
    const history = { ...historyOf(resumed, 'loss', [5, 4, 3, 9, 2]), steps: [0, 1, 2, 1, 3] };
    const page = await open({ runs: [resumed], histories: [history] });
    const card = await untilCard(page, 'loss', withLines(1));
    expect(card.lines[0]?.x).toEqual([0, 1, 1, 2, 3]);
    expect(card.lines[0]?.y).toEqual([5, 4, 9, 3, 2]);
  });

  test('of five thousand metrics, which are read only where they are seen', async () => {
    const metrics = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`group${at % 50}/metric${at}`, at]));
    const run = runNamed('wide', { metrics });
    const page = await open({ runs: [run, runNamed('other', { metrics })], histories: [historyOf(run, 'group0/metric0', [1, 2])] });
    await untilCard(page, 'group0/metric0', withLines(1));
    expect(await page.locator('[data-card]').count()).toBe(5000);
    expect(await page.locator('.card-header').count()).toBeLessThan(40);
    await page.getByLabel('Filter metrics').fill('metric4999');
    await expect.poll(() => page.locator('[data-card]').count()).toBe(1);
  });

  test('of runs that were deleted meanwhile, which leave the page with a word', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    const gone = threeRuns.runs.slice(1).map(({ runId }) => ({ runId, reason: 'mlflow.db has no such run any more; it may be deleted' }));
    await page.evaluate((world) => fakeHost.load(world), { runs: threeRuns.runs.slice(0, 1), histories: [], missing: gone });
    await page.getByText('2 runs are not shown: mlflow.db has no such run any more').waitFor();
    await untilCard(page, 'train/loss', withLines(1));
  });

  test('of a store that stops answering while it is read: what is there stays, the table works', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    await page.evaluate(() => (fakeHost.mood = 'hang'));
    await page.getByLabel('X axis').first().selectOption('Wall time');
    await cardOf(page, 'train/loss').locator('.plot').focus();
    await page.keyboard.press('+');
    await untilCard(page, 'train/loss', ({ xRange, lines }) => xRange.from > 1e12 && lines.length === 3);
    await cardOf(page, 'train/loss').locator('.progress.active').waitFor();
    await page.getByLabel('Only differing').uncheck();
    await page.locator('.difference [role=rowheader]', { hasText: 'epochs' }).waitFor();
  });

  test('of a scatter over params that no run has', async () => {
    const card = { id: 's', width: 1, height: 1, type: 'scatter', x: 'params.gone', y: 'metrics.rmse' };
    const page = await open({ ...threeRuns, view: { cards: [card] } });
    await page.locator('[data-card="s"]').getByText(/gone/).first().waitFor();
    await untilScene(page, 'line:rmse');
  });
});
