import { describe, expect, test } from 'vitest';

import { cardOf, comparePages, hasColorAt, untilCard, withLines } from '../support/compare-page.ts';
import { historyOf, runNamed, threeRuns } from '../support/compare-worlds.ts';
import { hostileText as hostile } from '../support/hostile-names.ts';
import { isPlain } from '../support/plain-text.ts';
import { setTheme, themeNames } from '../support/webview-page.ts';

const open = comparePages();

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
    const kept = async (): Promise<unknown> => await page.evaluate(() => fakeHost.kept);
    await expect.poll(kept).toMatchObject({ view: { xAxis: 'wall', referenceRunId: threeRuns.runs[1]?.runId } });
    const again = await open({ ...threeRuns, view: ((await kept()) as { view: unknown }).view });
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
    const named = { params: { [hostile]: hostile }, metrics: { [hostile]: 1, [`${hostile}/a`]: 2 }, tags: { [hostile]: hostile } };
    const run = runNamed(hostile, { runId: 'a', experimentName: hostile, status: hostile, ...named });
    const grouping = { by: `params.${hostile}`, except: [], band: 'std', members: true } as const;
    const world = { runs: [run, runNamed('other')], histories: [historyOf(run, hostile, [1, 2])], missing: [{ runId: 'm', reason: hostile }] };
    const page = await open({ ...world, view: { explains: true, referenceRunId: 'a', grouping } }, { width: 400 });
    await page.locator('[data-kind=line]').first().waitFor();
    await isPlain(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
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
