import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { cardOf, comparePages, hasColorAt, untilCard, untilScene, withLines } from '../support/compare-page.ts';
import { historyOf, runNamed, seeds, threeRuns } from '../support/compare-worlds.ts';

const open = comparePages();

describe('The lines of a metric', () => {
  test('are the histories, in data and in pixels', async () => {
    const page = await open(threeRuns);
    const card = await untilCard(page, 'train/loss', withLines(3));
    for (const line of card.lines) {
      const history = threeRuns.histories.find(({ runId, key }) => runId === line.id && key === 'train/loss');
      expect(line.x).toEqual(history?.steps);
      expect(line.y).toEqual(history?.values);
    }
    const [first] = card.lines;
    const middle = first?.pixels[5];
    expect(first !== undefined && middle && (await hasColorAt(page, 'train/loss', middle, first.color))).toBe(true);
  });

  test('of more runs than a canvas can stroke are painted pixel by pixel, with every spike', async () => {
    const runs = Array.from({ length: 150 }, (_, at) => runNamed(`run ${at}`, { metrics: { loss: 0 } }));
    const values = Array.from({ length: 100 }, (_, at) => (at === 50 ? 2 : 1));
    const histories = runs.map((run, at) => historyOf(run, 'loss', at === 149 ? values : [0, 0.1]));
    const page = await open({ runs, histories });
    const { lines } = await untilCard(page, 'loss', withLines(150));
    const spiky = lines.find(({ name }) => name === 'run 149');
    for (const at of [50, 90]) {
      const pixel = spiky?.pixels[at];
      expect(spiky !== undefined && pixel && (await hasColorAt(page, 'loss', pixel, spiky.color)), `point ${at}`).toBe(true);
    }
  });

  test('are read only for cards on screen', async () => {
    const run = runNamed('wide', { metrics: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`m${index}`, 1])) });
    const page = await open({ runs: [run], histories: Object.keys(run.metrics).map((key) => historyOf(run, key, [1, 2])) }, { height: 700 });
    await untilCard(page, 'm0', withLines(1));
    const asked = await page.evaluate(() => fakeHost.historyRequests.flatMap(({ keys }) => keys));
    expect(asked.length).toBeLessThan(20);
    await cardOf(page, 'm199').scrollIntoViewIfNeeded();
    await untilCard(page, 'm199', withLines(1));
  });

  test('follow the toolbar: axis, logarithm and smoothing', async () => {
    const page = await open(threeRuns);
    const before = await untilCard(page, 'train/loss', withLines(3));
    await page.getByLabel('X axis').selectOption('Relative time');
    const relative = await untilCard(page, 'train/loss', (card) => card.xRange.to === 99_000);
    expect(relative.lines[0]?.x[10]).toBe(10_000);
    await page.getByLabel('Weight').fill('0.9');
    const smoothed = await untilCard(page, 'train/loss', (card) => card.lines[0]?.y[50] !== before.lines[0]?.y[50]);
    expect(smoothed.lines[0]?.raw).toEqual(before.lines[0]?.y);
    await page.getByLabel('Log Y').check();
    const log = await untilCard(page, 'train/loss', (card) => card.lines[0]?.pixels[50]?.y !== smoothed.lines[0]?.pixels[50]?.y);
    expect(log.lines[0]?.y).toEqual(smoothed.lines[0]?.y);
  });

  test('have gaps and marks where a value is not a number, and say so', async () => {
    const run = runNamed('odd', { metrics: { odd: 1 } });
    const page = await open({ runs: [run], histories: [historyOf(run, 'odd', [1, Number.NaN, 2, Number.MAX_VALUE, -5, 0, 3])] });
    const card = await untilCard(page, 'odd', withLines(1));
    expect(card.lines[0]?.pixels.map((pixel) => pixel === null)).toEqual([false, true, false, true, false, false, false]);
    await page.getByLabel('Log Y').check();
    await expect.poll(async () => await cardOf(page, 'odd').locator('.card-notes').innerText()).toMatch(/2 values of 0 or below .*\s*1 value not a number/);
  });
});

describe('Groups of runs', () => {
  const loss = (seedRuns: readonly string[], at: number): readonly number[] =>
    seeds.histories.filter(({ runId, key }) => key === 'train/loss' && seedRuns.includes(runId)).map(({ values }) => values[at] ?? 0);

  test('are drawn as their mean in a band', async () => {
    const page = await open(seeds);
    await untilCard(page, 'train/loss', withLines(6));
    await page.getByLabel('Group by').selectOption('All params');
    const card = await untilCard(page, 'train/loss', withLines(2));
    expect(card.lines.map(({ name }) => name)).toEqual(['learning_rate 0.1 · max_depth 8', 'learning_rate 0.01 · max_depth 6']);
    const values = loss(
      seeds.runs.slice(0, 3).map(({ runId }) => runId),
      40,
    );
    expect(card.lines[0]?.y[40]).toBeCloseTo(values.reduce((sum, value) => sum + value) / 3, 9);
    await page.getByLabel('Band').selectOption('Min to max');
    const ranged = await untilCard(page, 'train/loss', ({ lines }) => lines[0]?.band?.low[40] === Math.min(...values));
    expect(ranged.lines[0]?.band?.high[40]).toBe(Math.max(...values));
  });

  test('are saved with the view, and show their members on demand', async () => {
    const page = await open({ ...seeds, view: { grouping: { by: 'params.learning_rate', except: [], band: 'ci95', members: true } } });
    const card = await untilCard(page, 'train/loss', withLines(2));
    expect(card.members).toBe(6);
    await page.getByLabel('Group by').selectOption('Nothing');
    await untilCard(page, 'train/loss', withLines(6));
  });
});

describe('Zooming', () => {
  const spiky = runNamed('spiky', { metrics: { loss: 0 } });
  const values = Array.from({ length: 20_000 }, (_, at) => Math.sin(at / 1000) + (at === 10_003 ? 0.2 : 0));

  test('by a drag asks for the window and shows what was inside a bucket', async () => {
    const page = await open({ runs: [spiky], histories: [historyOf(spiky, 'loss', values)] });
    const coarse = await untilCard(page, 'loss', withLines(1));
    expect(coarse.lines[0]?.total).toBe(20_000);
    expect(coarse.lines[0]?.x.length).toBeLessThan(2000);
    const box = await cardOf(page, 'loss').locator('.plot').boundingBox();
    if (box === null) throw new Error('No plot');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const zoomed = await untilCard(
      page,
      'loss',
      ({ xRange, lines }) => xRange.to - xRange.from < 4000 && (lines[0]?.x.length ?? 0) > (coarse.lines[0]?.x.length ?? 0),
    );
    const inWindow = zoomed.lines[0]?.x.filter((x) => x >= zoomed.xRange.from && x <= zoomed.xRange.to) ?? [];
    const before = coarse.lines[0]?.x.filter((x) => x >= zoomed.xRange.from && x <= zoomed.xRange.to) ?? [];
    expect(inWindow.length).toBeGreaterThan(before.length * 3);
    const asked = await page.evaluate(() => fakeHost.historyRequests.length);
    await cardOf(page, 'loss').locator('.plot').dblclick();
    await untilCard(page, 'loss', ({ xRange }) => xRange.to === 19_999);
    expect(await page.evaluate(() => fakeHost.historyRequests.length)).toBe(asked);
  });

  test('is part of the saved view and comes back with it', async () => {
    const page = await open({ runs: [spiky], histories: [historyOf(spiky, 'loss', values)], view: { zooms: { 'line:loss': { from: 10_000, to: 10_006 } } } });
    const card = await untilCard(page, 'loss', ({ lines }) => lines[0]?.x.includes(10_003) === true);
    expect(card.xRange).toEqual({ from: 10_000, to: 10_006 });
  });
});

describe('The pointer', () => {
  const overlayOf = async (page: Page, metric: string): Promise<number> =>
    await cardOf(page, metric)
      .locator('canvas.plot-overlay')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return Array.from(data).filter((channel, at) => at % 4 === 3 && channel > 0).length;
      });

  test('reads the lines at its place, the nearest first, and marks that place in every card', async () => {
    const page = await open(threeRuns);
    const card = await untilCard(page, 'train/loss', withLines(3));
    await untilCard(page, 'train/accuracy', withLines(3));
    expect(await overlayOf(page, 'train/accuracy')).toBe(0);
    const box = await cardOf(page, 'train/loss').locator('.plot').boundingBox();
    const point = card.lines[1]?.pixels[20];
    if (box === null || !point) throw new Error('No plot');
    await page.mouse.move(box.x + point.x, box.y + point.y);
    const rows = cardOf(page, 'train/loss').locator('.tooltip tr');
    await expect.poll(async () => await rows.count()).toBe(3);
    expect(await rows.first().innerText()).toContain('calm-owl-202');
    await cardOf(page, 'train/loss').locator('.tooltip-title', { hasText: 'Step 20' }).waitFor();
    await expect.poll(async () => await overlayOf(page, 'train/accuracy')).toBeGreaterThan(100);
    await page.mouse.move(2, 2);
    await expect.poll(async () => await overlayOf(page, 'train/accuracy')).toBe(0);
  });

  test('zooms by the wheel around its place, moves the window with Shift, and shows everything by a double click', async () => {
    const page = await open(threeRuns);
    const { xRange } = await untilCard(page, 'train/loss', withLines(3));
    const box = await cardOf(page, 'train/loss').locator('.plot').boundingBox();
    if (box === null) throw new Error('No plot');
    const middle = { x: box.x + box.width / 2, y: box.y + 80 };
    await page.mouse.move(middle.x, middle.y);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    const closer = await untilCard(page, 'train/loss', (card) => card.xRange.from > xRange.from && card.xRange.to < xRange.to);
    expect(closer.xRange.to - closer.xRange.from).toBeCloseTo((xRange.to - xRange.from) / 2, 6);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(middle.x - 60, middle.y, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const moved = await untilCard(page, 'train/loss', (card) => card.xRange.from > closer.xRange.from + 1);
    expect(moved.xRange.to - moved.xRange.from).toBeCloseTo(closer.xRange.to - closer.xRange.from, 6);
    await page.mouse.dblclick(middle.x, middle.y);
    await untilCard(page, 'train/loss', (card) => card.xRange.from === xRange.from && card.xRange.to === xRange.to);
  });
});

describe('A running run', () => {
  test('ends in a dot, a finished one in its last point', async () => {
    const page = await open(threeRuns);
    const { lines } = await untilCard(page, 'train/loss', withLines(3));
    const hasDot = async (line: (typeof lines)[number] | undefined): Promise<boolean> => {
      const end = line?.pixels.at(-1);
      if (line === undefined || !end) throw new Error('No end');
      return await hasColorAt(page, 'train/loss', { x: end.x + 4, y: end.y }, line.color);
    };
    expect(await hasDot(lines.find(({ name }) => name === 'keen-elk-303'))).toBe(true);
    expect(await hasDot(lines.find(({ name }) => name === 'bold-fox-101'))).toBe(false);
  });

  test('grows without moving a zoomed window', async () => {
    const page = await open(threeRuns);
    const running = threeRuns.runs[2];
    if (running === undefined) throw new Error('No run');
    await untilCard(page, 'train/loss', withLines(3));
    await cardOf(page, 'train/loss').locator('.plot').focus();
    await page.keyboard.press('+');
    const zoomed = await untilCard(page, 'train/loss', ({ xRange }) => xRange.from > 0);
    await page.evaluate((history) => fakeHost.append(history), {
      runId: running.runId,
      key: 'train/loss',
      steps: [100],
      timestamps: [(running.startTime ?? 0) + 100_000],
      values: [0.25],
    });
    const grown = await untilCard(page, 'train/loss', ({ lines }) => lines[2]?.x.at(-1) === 100);
    expect(grown.xRange).toEqual(zoomed.xRange);
  });

  test('that logs a new metric gets a new card', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    await page.evaluate((runId) => fakeHost.append({ runId, key: 'late', steps: [1], timestamps: [1], values: [4] }), threeRuns.runs[2]?.runId ?? '');
    const scene = await untilScene(page, 'line:late');
    expect(scene.marks.map(({ x }) => x)).toEqual([4]);
  });
});

describe('The scales of a line card', () => {
  const card = { width: 1, height: 1, id: 'mine', type: 'line', metric: 'loss' } as const;

  test('are its own where it has any, and otherwise those of the page', async () => {
    const page = await open({ ...threeRuns, view: { cards: [{ ...card, metric: 'train/loss' }] } });
    await untilCard(page, 'train/loss', withLines(3));
    await page.getByRole('button', { name: 'What train/loss shows' }).click();
    await page.locator('[data-card="mine"]').getByLabel('X axis').selectOption('Wall time');
    await untilCard(page, 'train/loss', ({ xRange }) => xRange.from > 1e12);
    await page.locator('[data-card="mine"]').getByLabel('X axis').selectOption('As the page');
    await untilCard(page, 'train/loss', ({ xRange }) => xRange.to === 99);
  });

  test('can be another metric, at the same steps', async () => {
    const run = runNamed('epochs', { metrics: { loss: 0, epoch: 0 } });
    const epochs = { ...historyOf(run, 'epoch', [0, 1, 2, 3]), steps: [0, 10, 20, 30] };
    const losses = { ...historyOf(run, 'loss', [8, 6, 5, 4, 3]), steps: [5, 10, 15, 30, 40] };
    const page = await open({ runs: [run], histories: [epochs, losses], view: { xAxis: 'metrics.epoch' } });
    const read = await untilCard(page, 'loss', withLines(1));
    expect(read.lines[0]?.x).toEqual([0.5, 1, 1.5, 3]);
    expect(read.lines[0]?.y).toEqual([8, 6, 5, 4]);
  });

  test('leave out what a logarithm has no place for, and say so', async () => {
    const run = runNamed('log', { metrics: { loss: 0 } });
    const page = await open({ runs: [run], histories: [historyOf(run, 'loss', [4, 3, 2, 1])], view: { logX: true } });
    const read = await untilCard(page, 'loss', withLines(1));
    expect(read.lines[0]?.x).toEqual([1, 2, 3]);
    await page.getByText('1 point at a step of 0 or below cannot be shown on a logarithmic axis.').waitFor();
  });
});
