import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { PredictionFiles } from '../../schemas/predictions-page.ts';
import { rowsOf } from '../../webviews/predictions/rows.ts';
import { hostileText as hostile } from '../support/hostile-names.ts';
import { isPlain } from '../support/plain-text.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames } from '../support/webview-page.ts';
import { repository } from '../../scripts/tools.ts';

const webview = webviewForFile({ name: 'predictions', host: 'test/support/fake-predictions-host.ts' });

const files = (predictions: unknown, csv?: string): PredictionFiles => ({
  output: { name: 'rows.predictions.json', text: JSON.stringify({ predictions }) },
  ...(csv !== undefined && { input: { name: 'rows.csv', text: csv } }),
});

const open = async (given: PredictionFiles): Promise<Page> => {
  const page = await webview.open();
  await page.getByRole('main').waitFor();
  await page.evaluate((text) => fakePredictionsHost.load(JSON.parse(text) as PredictionFiles), JSON.stringify(given));
  await page.getByRole('heading', { name: 'rows.predictions.json' }).waitFor();
  return page;
};

describe('each prediction stands with the row that it was made of', () => {
  test.each([
    [
      'numbers',
      [1.5, 2],
      'a,b\n1,"x, y"\n2,z\n',
      ['prediction', 'a', 'b'],
      [
        ['1.5', '1', 'x, y'],
        ['2', '2', 'z'],
      ],
    ],
    [
      'rows of several outputs',
      [{ low: 1, high: 'h' }, { low: 3 }],
      undefined,
      ['low', 'high'],
      [
        ['1', 'h'],
        ['3', ''],
      ],
    ],
    [
      'lists',
      [
        [1, 2],
        [3, 4],
      ],
      undefined,
      ['0', '1'],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['an input of another length, which is left out', [1, 2, 3], 'a\n1\n', ['prediction'], [['1'], ['2'], ['3']]],
  ])('%s', (_, predictions, csv, columns, rows) => {
    const table = rowsOf(files(predictions, csv));
    expect(table?.columns).toEqual(columns);
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual(rows);
  });

  test.each([[[]], [{ a: 1 }], [[[1], { a: 1 }]], ['text']])('%j is no table', (predictions) => {
    expect(rowsOf(files(predictions))).toBeUndefined();
    expect(rowsOf({ output: { name: 'x', text: '{' } })).toBeUndefined();
  });
});

test('a table of any length is scrolled, its cells are copied whole, and the file is a click away', async () => {
  const page = await open(files(Array.from({ length: 50_000 }, (_, row) => row + 0.123456789)));
  await page.getByText('50,000 rows').waitFor();
  const cell = page.getByRole('gridcell', { name: '1.1235' });
  await cell.click();
  await page.keyboard.press('Control+c');
  await page.getByRole('button', { name: 'Open as Text' }).click();
  await expect
    .poll(async () => await page.evaluate(() => fakePredictionsHost.asked))
    .toEqual([
      { method: 'copy', params: { text: '1.123456789' } },
      { method: 'openAsText', params: null },
    ]);
});

test('what is no table is shown as it is, and what cannot be read is told', async () => {
  const page = await open(files({ generated: hostile }));
  await page.getByLabel('Predictions as text').getByText('onerror').waitFor();
  await isPlain(page);
  await page.evaluate(() => fakePredictionsHost.fail('rows.predictions.json has 2 GB'));
  await page.getByRole('alert').getByText('2 GB').waitFor();
});

test('names of every kind are text', async () => {
  const page = await open(files([{ [hostile]: hostile, [`${hostile} 2`]: 1 }]));
  await page.getByRole('gridcell').getByText('alert(1)').first().waitFor();
  await isPlain(page);
});

test('is readable in every theme, and has no fault that axe knows', async () => {
  const page = await open(files([{ quality: 5.5 }, { quality: 6 }], 'alcohol,grape\n9.4,Merlot\n10,<b>Syrah</b>\n'));
  await page.getByRole('gridcell', { name: 'Merlot' }).waitFor();
  await page.evaluate(axe.source);
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const theme of themeNames) {
    await setTheme(page, theme);
    await page.screenshot({ path: join(folder, `predictions-${theme}.png`) });
    const violations = await page.evaluate(async () => {
      const found = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(violations, theme).toEqual([]);
  }
});
