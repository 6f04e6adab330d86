import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { defaultCharts } from '../../schemas/compare-charts.ts';
import { cardOf, comparePages, dragWithin, isPaintedAt, untilCard, untilScene, withLines } from '../support/compare-page.ts';
import { sweep, threeRuns } from '../support/compare-worlds.ts';
import type { World } from '../support/fake-host.ts';

const open = comparePages();

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
    await page.getByRole('button', { name: 'Tag…' }).click();
    await page.getByRole('button', { name: 'Check in Tree' }).click();
    const asked = async (): Promise<readonly (readonly string[])[]> => (await page.evaluate(() => fakeHost.calls)).map((call) => call.split(' ').toSorted());
    const chosen = few.marks.flatMap(({ id }) => id);
    await expect.poll(asked).toEqual([['tag', ...chosen].toSorted(), ['check', ...chosen].toSorted()]);
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

describe('Choosing runs in the table', () => {
  test('narrows every card, and the table goes on showing all of them', async () => {
    const page = await open(threeRuns);
    await untilCard(page, 'train/loss', withLines(3));
    const header = (name: string) => page.locator('.difference [role=columnheader]').filter({ hasText: name });
    await header('calm-owl').click();
    expect((await untilCard(page, 'train/loss', withLines(1))).lines[0]?.name).toBe('calm-owl-202');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const two = await untilCard(page, 'train/loss', withLines(2));
    expect(two.lines.map(({ name }) => name)).toEqual(['calm-owl-202', 'keen-elk-303']);
    expect(await page.locator('.difference [role=columnheader][aria-selected=false]').allInnerTexts()).toEqual(['bold-fox-101']);
    await page.getByText('2 of 3 runs selected').waitFor();
    await header('calm-owl').click();
    await header('keen-elk').click();
    await untilCard(page, 'train/loss', withLines(3));
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
    await expect.poll(async () => await page.evaluate(() => fakeHost.kept)).toMatchObject({ view: { removedMetrics: ['train/accuracy'] } });
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
