import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { defaultCharts } from '../../schemas/compare-charts.ts';
import { cardOf, comparePages, dragWithin, untilCard, untilScene, withLines } from '../support/compare-page.ts';
import { historyOf, runNamed, seeds, sweep, threeRuns } from '../support/compare-worlds.ts';
import type { World } from '../support/fake-host.ts';
import { setTheme, themeNames } from '../support/webview-page.ts';

const open = comparePages();

type Rgb = readonly [number, number, number];
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** Whether the canvas has, within two pixels of the point, a pixel of about that colour. */
const hasColorAt = async (page: Page, metric: string, point: { readonly x: number; readonly y: number }, color: string): Promise<boolean> =>
  await cardOf(page, metric)
    .locator('canvas.plot-lines')
    .evaluate(
      (canvas: HTMLCanvasElement, { at, rgb }) => {
        const { data } = canvas.getContext('2d')?.getImageData(Math.round(at.x) - 2, Math.round(at.y) - 2, 5, 5) ?? { data: [] };
        for (let pixel = 0; pixel < data.length; pixel += 4) {
          if ((data[pixel + 3] ?? 0) > 150 && rgb.every((channel, index) => Math.abs(channel - (data[pixel + index] ?? 0)) < 48)) return true;
        }
        return false;
      },
      { at: point, rgb: rgbOf(color) },
    );

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

describe('A running run', () => {
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

describe('The runs on top', () => {
  test('can be hidden, and are then gone from charts and table', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    await page.getByRole('button', { name: 'calm-owl-202', exact: true }).click();
    await untilCard(page, 'train/loss', withLines(2));
    await expect.poll(() => page.locator('.difference [role=columnheader]').allInnerTexts()).toEqual(['Name', 'bold-fox-101', 'keen-elk-303']);
  });

  test('can be removed, and everything else stays', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    await page.getByRole('button', { name: 'Open calm-owl-202' }).click();
    expect(await page.evaluate(() => fakeHost.calls)).toEqual([`open ${'calm-owl-202-'.padEnd(32, '0')}`]);
    await page.getByRole('button', { name: 'Remove calm-owl-202 from the comparison' }).click();
    const card = await untilCard(page, 'train/loss', withLines(2));
    expect(card.lines.map(({ name }) => name)).toEqual(['bold-fox-101', 'keen-elk-303']);
    expect(await page.evaluate(() => fakeHost.historyRequests.length)).toBe(1);
  });

  test('that could not be read are named with the reason', async () => {
    const page = await open({ ...threeRuns, missing: [{ runId: 'f00', reason: 'it was deleted' }] });
    await page.getByText('Run f00 is not shown: it was deleted').waitFor();
  });
});

describe('The difference table', () => {
  test('shows what differs, and deltas against the reference', async () => {
    const page = await open(threeRuns);
    const rows = page.locator('.difference [role=rowheader]');
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual([
        'Params (2)',
        'learning_rate',
        'max_depth',
        'Metrics (4)',
        'rmse ↓',
        'train/accuracy ↑',
        'train/loss ↓',
        'validation/loss ↓',
        'Attributes (1)',
        'Status',
      ]);
    await page.getByRole('button', { name: 'Measure against bold-fox-101' }).click();
    const cell = page.locator('.difference [role=row]', { hasText: 'rmse' }).locator('[role=gridcell]').nth(1);
    expect(await cell.innerText()).toMatch(/^0\.55\s+−0\.07\s*, better$/);
    expect(await cell.locator('.better').count()).toBe(1);
  });

  test('is copied whole by the button, and by cell from the keyboard', async () => {
    const page = await open(threeRuns);
    await page.getByRole('button', { name: 'Copy the table as tab-separated values' }).click();
    await page.locator('.difference .grid').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => page.evaluate(() => fakeHost.copied.map((text) => text.split('\n')[0])))
      .toEqual(['\tbold-fox-101\tcalm-owl-202\tkeen-elk-303', '0.1']);
  });
});

describe('Without a pointer', () => {
  test('a chart is read point by point and line by line', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'validation/loss', withLines(3));
    await cardOf(page, 'validation/loss').locator('.plot').focus();
    const said = () => page.getByTestId('announcer').innerText();
    await page.keyboard.press('ArrowRight');
    await expect.poll(said).toMatch(/^bold-fox-101, Step 0, validation\/loss 2\.\d+$/);
    await page.keyboard.press('End');
    await expect.poll(said).toMatch(/^bold-fox-101, Step 19, /);
    await page.keyboard.press('ArrowUp');
    await expect.poll(said).toMatch(/^keen-elk-303, Step 19, /);
  });

  test('a chart has a table with the same values', async () => {
    const page = await open(threeRuns);
    const card = await untilCard(page, 'validation/loss', withLines(3));
    await cardOf(page, 'validation/loss').getByRole('button', { name: 'Show validation/loss as a table' }).click();
    const firstCell = cardOf(page, 'validation/loss').locator('[role=gridcell]').first();
    expect(await firstCell.getAttribute('title')).toBe(String(card.lines[0]?.y[0]));
  });
});

describe('What a person looks at', () => {
  test('is saved with every change and restored by the host', async () => {
    const page = await open(threeRuns);
    await page.getByLabel('X axis').selectOption('Wall time');
    await page.getByRole('button', { name: 'Measure against calm-owl-202' }).click();
    const kept = await page.evaluate(() => fakeHost.kept);
    expect(kept).toMatchObject({ view: { xAxis: 'wall', referenceRunId: threeRuns.runs[1]?.runId } });
    const again = await open({ ...threeRuns, view: (kept as { view: unknown }).view });
    await expect.poll(() => again.getByLabel('X axis').inputValue()).toBe('wall');
    await again.getByRole('button', { name: 'Stop measuring against calm-owl-202' }).waitFor();
  });
});

describe('When something fails', () => {
  test('a store that does not answer is named on the card, and asked again on demand', async () => {
    const page = await open({ runs: [], histories: [] });
    await page.evaluate(() => (fakeHost.mood = 'fail'));
    await page.evaluate((world) => fakeHost.load(world), threeRuns);
    await cardOf(page, 'train/loss').getByText('The store does not answer').waitFor();
    await page.evaluate(() => (fakeHost.mood = 'answer'));
    await cardOf(page, 'train/loss').getByRole('button', { name: 'Try again' }).click();
    await untilCard(page, 'train/loss', withLines(3));
  });

  test('a failure of the host is shown until the next snapshot', async () => {
    const page = await open(threeRuns);
    await page.evaluate(() => fakeHost.sendFailed('The server has stopped'));
    await page.getByRole('alert').getByText('The server has stopped').waitFor();
    await page.evaluate((runs) => fakeHost.setRuns(runs), threeRuns.runs);
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  test('names of runs, params and metrics are text, whatever they look like', async () => {
    const evil = '<img src=x onerror="document.title=1">'.padEnd(250, '\u202e');
    const run = runNamed(evil, { runId: 'a', params: { [evil]: evil }, metrics: { [evil]: 1 }, tags: { [evil]: evil } });
    const page = await open({ runs: [run, runNamed('other')], histories: [historyOf(run, evil, [1, 2])] }, { width: 400 });
    await page.locator('[data-kind=line]').first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

const frame = { width: 1, height: 1 };
const allCards = [
  { id: 'p', ...frame, width: 2, type: 'parallel', fields: ['params.learning_rate', 'params.max_depth', 'metrics.rmse'], logFields: ['params.learning_rate'] },
  { id: 's', ...frame, type: 'scatter', x: 'params.learning_rate', y: 'metrics.rmse', color: 'metrics.rmse', logX: true, logY: false, regression: true },
  { id: 'x', ...frame, type: 'box', metric: 'rmse', by: 'params.optimizer' },
  { id: 'h', ...frame, type: 'heatmap', x: 'params.learning_rate', y: 'params.max_depth', metric: 'rmse' },
  { id: 'i', ...frame, type: 'importance', metric: 'rmse' },
  { id: 'b', ...frame, type: 'bar', metric: 'rmse' },
];
const sweepWithCards: World = { ...sweep, view: { cards: allCards } };

/** Whether anything but the background is painted around the mark. */
const isPaintedAt = async (page: Page, cardId: string, at: { readonly x: number; readonly y: number }): Promise<boolean> =>
  await page.locator(`[data-card="${cardId}"] canvas.plot-lines`).evaluate((canvas: HTMLCanvasElement, { x, y }) => {
    const { data } = canvas.getContext('2d')?.getImageData(Math.round(x) - 3, Math.round(y) - 3, 7, 7) ?? { data: [] };
    return Array.from(data).some((channel, index) => index % 4 === 3 && channel > 100);
  }, at);

describe('Cards of runs', () => {
  test.each(allCards.map(({ id, type }) => [type, id]))('a %s card draws its marks where they are', async (_, id) => {
    const page = await open(sweepWithCards, { height: 1600 });
    const scene = await untilScene(page, id, ({ marks }) => marks.length > 0);
    const mark = scene.marks[Math.floor(scene.marks.length / 2)];
    const inset = id === 'b' || id === 'i' ? 6 : 0;
    expect(mark !== undefined && (await isPaintedAt(page, id, { x: mark.pixel.x + (id === 'p' ? 60 - (mark.pixel.x % 1) : -inset), y: mark.pixel.y }))).toBe(
      true,
    );
  });

  test('have a table twin and are read by keys', async () => {
    const page = await open(sweepWithCards, { height: 1600 });
    const scene = await untilScene(page, 's');
    await page.locator('[data-card="s"] .plot').focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.getByTestId('announcer').innerText())
      .toBe([scene.marks.at(-1)?.title, ...(scene.marks.at(-1)?.facts ?? []).map((fact) => fact.join(' '))].join(', '));
    await page
      .locator('[data-card="h"]')
      .getByRole('button', { name: /as a table$/ })
      .click();
    expect(await page.locator('[data-card="h"] [role=rowheader]').count()).toBeGreaterThan(5);
  });

  test('a metric that was logged once is shown as bars, the best on top', async () => {
    const page = await open(threeRuns);
    const scene = await untilScene(page, 'line:rmse');
    expect(scene.marks.map(({ title, x }) => [title, x])).toEqual([
      ['calm-owl-202', 0.55],
      ['bold-fox-101', 0.62],
      ['keen-elk-303', 0.7],
    ]);
  });
});

describe('Brushing', () => {
  test('parallel coordinates narrows every other card, until it is cleared', async () => {
    const page = await open(sweepWithCards, { height: 1600 });
    const scene = await untilScene(page, 'p');
    await untilScene(page, 'b', ({ marks }) => marks.length === 36);
    const box = await page.locator('[data-card="p"] .plot').boundingBox();
    const right = ((box?.width ?? 0) * 5) / 6;
    const top = Math.min(...scene.marks.map(({ pixel }) => pixel.y));
    await dragWithin(page, 'p', { x: right, y: top + 90 }, { x: right + 2, y: top + 300 });
    const few = await untilScene(page, 'b', ({ marks }) => marks.length < 36);
    expect(few.marks.every(({ x }) => x < 0.65)).toBe(true);
    expect((await untilScene(page, 'p')).marks).toHaveLength(36);
    await page.getByText(`${few.marks.length} of 36 runs selected`).waitFor();
    await page.getByRole('button', { name: 'Copy as Filter' }).click();
    await expect.poll(() => page.evaluate(() => fakeHost.copied[0]?.startsWith("attributes.run_id IN ('"))).toBe(true);
    await page.getByRole('button', { name: 'Clear' }).click();
    await untilScene(page, 'b', ({ marks }) => marks.length === 36);
  });

  test('a scatter narrows the lines and the table too', async () => {
    const page = await open(sweepWithCards, { height: 2600 });
    const scene = await untilScene(page, 's');
    await untilCard(page, 'train/loss', withLines(36));
    await page.getByLabel('Only differing').uncheck();
    const at = scene.marks[0]?.pixel ?? { x: 0, y: 0 };
    await dragWithin(page, 's', { x: at.x - 8, y: at.y - 8 }, { x: at.x + 8, y: at.y + 8 });
    const card = await untilCard(page, 'train/loss', ({ lines }) => lines.length < 36);
    await expect.poll(() => page.locator('.difference [role=columnheader]').count()).toBe(card.lines.length + 1);
  });
});

describe('The layout', () => {
  const order = (page: Page) => page.locator('[data-card]').evaluateAll((all) => all.map((card) => card.getAttribute('data-card')));

  test('is changed by the menu of a card, and saved', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: 'More for train/loss' }).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    };
    await choose('Move Back');
    await expect.poll(() => order(page)).toEqual(['line:rmse', 'line:train/loss', 'line:train/accuracy', 'line:validation/loss']);
    const before = await cardOf(page, 'train/loss').boundingBox();
    await choose('Wider');
    await choose('Taller');
    await expect.poll(async () => (await cardOf(page, 'train/loss').boundingBox())?.width ?? 0).toBeGreaterThan((before?.width ?? 0) * 1.9);
    expect((await cardOf(page, 'train/loss').boundingBox())?.height).toBe(400);
    await page.getByRole('button', { name: 'More for train/accuracy' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await expect.poll(() => order(page)).toEqual(['line:rmse', 'line:train/loss', 'line:validation/loss']);
    const kept = (await page.evaluate(() => fakeHost.kept)) as { view: unknown };
    const again = await open({ ...threeRuns, view: kept.view });
    await expect.poll(() => order(again)).toEqual(['line:rmse', 'line:train/loss', 'line:validation/loss']);
  });

  test('takes new cards, whose fields are chosen in place', async () => {
    const page = await open(sweep, { height: 1400 });
    await page.getByRole('button', { name: 'Add Card' }).click();
    await page.getByRole('menuitem', { name: 'Scatter' }).click();
    await untilScene(page, 'scatter-1', ({ title }) => title === 'rmse by learning_rate');
    const card = page.locator('[data-card="scatter-1"]');
    await card.getByRole('button', { name: 'What rmse by learning_rate shows' }).click();
    await card.getByRole('combobox', { name: 'X', exact: true }).selectOption('params.max_depth');
    const scene = await untilScene(page, 'scatter-1', ({ title }) => title === 'rmse by max_depth');
    expect(new Set(scene.marks.map(({ x }) => x))).toEqual(new Set([2, 3, 4, 5]));
    await page.getByRole('button', { name: 'Add Card' }).click();
    await page.getByRole('menuitem', { name: 'Reset to a Card per Metric' }).click();
    await card.waitFor({ state: 'detached' });
  });

  test('is resized by the corner and moved by the title with the pointer', async () => {
    const page = await open(threeRuns, { height: 1300 });
    await untilCard(page, 'train/loss', withLines(3));
    const corner = await cardOf(page, 'train/accuracy').locator('.card-resize').boundingBox();
    await page.mouse.move((corner?.x ?? 0) + 6, (corner?.y ?? 0) + 6);
    await page.mouse.down();
    await page.mouse.move((corner?.x ?? 0) + 380, (corner?.y ?? 0) + 150, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await cardOf(page, 'train/accuracy').boundingBox())?.height).toBe(400);
    await cardOf(page, 'train/loss').locator('.card-title').dragTo(cardOf(page, 'train/accuracy').locator('.card-title'));
    await expect.poll(() => order(page)).toEqual(['line:rmse', 'line:train/loss', 'line:train/accuracy', 'line:validation/loss']);
  });
});

describe('A layout file behind the page', () => {
  const card = { ...frame, id: 'mine', type: 'line', metric: 'train/loss' } as const;
  const charts = { ...defaultCharts, logY: true };

  test('says what is shown, and takes what is changed on the page', async () => {
    const page = await open(threeRuns);
    await page.evaluate((layout) => fakeHost.sendLayout({ file: 'team.json', problems: [], layout }), { charts, cards: [card] });
    await page.locator('[data-card="mine"]').waitFor();
    expect(await page.getByLabel('Log Y').isChecked()).toBe(true);
    expect(await page.evaluate(() => fakeHost.layouts)).toEqual([]);
    expect(await page.locator('[data-card]').count()).toBe(1);
    await page.getByRole('button', { name: 'More for train/loss' }).click();
    await page.getByRole('menuitem', { name: 'Wider' }).click();
    await expect.poll(() => page.evaluate(() => fakeHost.layouts.at(-1)?.cards?.[0])).toEqual({ ...card, width: 2 });
  });

  test('with mistakes is shown as far as it goes, each with its line, and not written', async () => {
    const page = await open(threeRuns);
    const problems = [{ line: 8, message: 'There is no card of type "pie"' }];
    await page.evaluate((given) => fakeHost.sendLayout({ file: 'team.json', ...given }), { problems, layout: { charts, cards: [card] } });
    await page.getByText('There is no card of type "pie"').waitFor();
    await page.getByRole('button', { name: 'team.json, line 8' }).click();
    await page.getByLabel('Log Y').uncheck();
    await expect.poll(() => page.evaluate(() => fakeHost.openedLines)).toEqual([8]);
    await untilCard(page, 'train/loss', withLines(3));
    expect(await page.evaluate(() => fakeHost.layouts)).toEqual([]);
  });
});

describe('The scales of a line card', () => {
  const card = { ...frame, id: 'mine', type: 'line', metric: 'loss' } as const;

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

test.each(themeNames)('the chart takes the colours of the theme %s, live', async (theme) => {
  const page = await open(threeRuns);
  const before = await untilCard(page, 'train/loss', withLines(3));
  await setTheme(page, theme);
  const isLight = theme.includes('light');
  const card = await untilCard(page, 'train/loss', ({ lines }) => (lines[0]?.color === before.lines[0]?.color) !== isLight);
  const [line] = card.lines;
  const point = line?.pixels[3];
  await expect.poll(async () => line !== undefined && point && (await hasColorAt(page, 'train/loss', point, line.color))).toBe(true);
});
