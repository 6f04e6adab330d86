import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { ModelSignature } from '../../schemas/model-signature.ts';
import type { ModelInput, ScoringReply, ScoringRequest, ServePage } from '../../schemas/serve-page.ts';
import { readDataSchema } from '../../schemas/signature-reader.ts';
import { readParams } from '../../schemas/param-reader.ts';
import type { ServeAnswers } from '../support/fake-serve-host.ts';
import { hostileText as hostile } from '../support/hostile-names.ts';
import { isPlain } from '../support/plain-text.ts';
import { pythonPath } from '../support/python.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames, type ViewOptions } from '../support/webview-page.ts';
import { repository } from '../../scripts/tools.ts';

const webview = webviewForFile({ name: 'serve', host: 'test/support/fake-serve-host.ts' });

const signatureOf = (inputs: readonly unknown[], params: readonly unknown[] = []): ModelSignature => {
  const { value } = readDataSchema(JSON.stringify(inputs));
  return { ...(value && { inputs: value }), params: readParams(JSON.stringify(params)).value };
};

const wine: ServePage = {
  label: 'wine@champion',
  modelUri: 'models:/wine@champion',
  source: 'mlflow.db',
  manager: 'local',
  interpreter: '/work/.venv/bin/python',
  state: { kind: 'ready', since: 1, address: 'http://127.0.0.1:5001' },
  isKept: false,
};

const input: ModelInput = {
  signature: signatureOf(
    [
      { type: 'double', name: 'alcohol' },
      { type: 'long', name: 'count' },
      { type: 'string', name: 'grape' },
      { type: 'boolean', name: 'red' },
      { type: 'datetime', name: 'when', required: false },
    ],
    [{ name: 'threshold', type: 'double', default: 0.5, shape: null }],
  ),
  isFromTypeHints: false,
  example: '{"dataframe_split": {"columns": ["alcohol", "count", "grape", "red"], "data": [[9.4, 5, "Merlot", true]]}}',
  notes: [],
};

const reply = (body: unknown, status = 200): ScoringReply => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
  isCut: false,
  latency: 12.3,
});

/** The file, in base64, that pandas writes of these columns. */
const writeParquet = (columns: string): string => {
  const script = `import base64, io, pandas as pd; file = io.BytesIO(); pd.DataFrame(${columns}).to_parquet(file); print(base64.b64encode(file.getvalue()).decode())`;
  return execFileSync(pythonPath(), ['-c', script], { encoding: 'utf8' }).trim();
};

const open = async (answers: Partial<ServeAnswers> = {}, options: ViewOptions = {}): Promise<Page> => {
  const page = await webview.open(options);
  const whole: ServeAnswers = { page: wine, input, log: 'INFO: Started\n', results: { score: reply({ predictions: [1] }) }, ...answers };
  await page.evaluate((text) => fakeServeHost.load(JSON.parse(text) as ServeAnswers), JSON.stringify(whole));
  await page.getByRole('heading', { name: 'wine@champion' }).waitFor();
  return page;
};

const sent = async (page: Page): Promise<readonly ScoringRequest[]> =>
  await page.evaluate(() => fakeServeHost.asked.filter(({ method }) => method === 'score').map(({ params }) => params as ScoringRequest));

const copied = async (page: Page): Promise<readonly string[]> =>
  await page.evaluate(() => fakeServeHost.asked.filter(({ method }) => method === 'copy').map(({ params }) => (params as { readonly text: string }).text));

const press = async (page: Page, name: string): Promise<void> => await page.getByRole('button', { name, exact: true }).click();

const cell = (page: Page, column: string, row = 1) => page.getByLabel(`${column}, row ${row}`, { exact: true });

describe('the form', () => {
  test('begins with the example, and sends what is typed, with the answer as a table', async () => {
    const page = await open({ results: { score: reply({ predictions: [{ quality: 5.5 }, { quality: 6 }] }) } });
    expect(await cell(page, 'alcohol').inputValue()).toBe('9.4');
    await cell(page, 'alcohol').fill('10.25');
    await press(page, 'Add row');
    await cell(page, 'grape', 2).fill('say "x" \\');
    await cell(page, 'red', 2).selectOption('false');
    await page.getByLabel('threshold', { exact: true }).fill('0.75');
    await press(page, 'Send');
    await page.getByRole('gridcell', { name: '5.5' }).waitFor();
    const [request] = await sent(page);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      dataframe_split: {
        columns: ['alcohol', 'count', 'grape', 'red'],
        data: [
          [10.25, 5, 'Merlot', true],
          [10.25, 5, 'say "x" \\', false],
        ],
      },
      params: { threshold: 0.75 },
    });
    await page.getByText('12 ms').first().waitFor();
  });

  test('an answer below the edge of the window is scrolled to', async () => {
    const page = await open({ results: { score: reply({ predictions: [1, 2, 3] }) } });
    await page.setViewportSize({ width: 800, height: 420 });
    for (let row = 2; row <= 8; row++) await press(page, 'Add row');
    await press(page, 'Send');
    const topOfAnswer = async () => (await page.getByRole('region', { name: 'Response' }).boundingBox())?.y;
    await expect.poll(topOfAnswer).toBeLessThan(420 - 60);
  });

  test('numbers of the answer have five digits, and all of them on hover and when copied; whole ones stay as they are', async () => {
    const page = await open({ results: { score: reply({ predictions: [{ quality: 5.123456789, id: 1234567 }] }) } });
    await press(page, 'Send');
    const quality = page.getByRole('gridcell', { name: '5.1235' });
    await quality.waitFor();
    expect(await quality.getAttribute('title')).toBe('5.123456789');
    await page.getByRole('gridcell', { name: '1234567' }).waitFor();
    await quality.click();
    await page.keyboard.press('Control+c');
    await expect.poll(async () => await copied(page)).toEqual(['5.123456789']);
  });

  test('sends nothing that the signature forbids, and marks the field', async () => {
    const page = await open();
    await cell(page, 'count').fill('2.5');
    await press(page, 'Send');
    await page.locator('.problem').getByText('A whole number').waitFor();
    await expect.poll(async () => await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('count, row 1');
    expect(await sent(page)).toEqual([]);
    await cell(page, 'count').fill('9223372036854775807');
    await press(page, 'Send');
    await expect.poll(async () => (await sent(page))[0]?.body).toContain('9223372036854775807');
  });

  test('a date has a control for dates', async () => {
    const page = await open();
    expect(await cell(page, 'when').getAttribute('type')).toBe('datetime-local');
    await cell(page, 'when').fill('2026-01-31T12:30:00');
    await press(page, 'Send');
    await expect.poll(async () => (await sent(page))[0]?.body).toContain('"2026-01-31T12:30:00.000000000"');
  });

  test('a refusal of the server is told, and its column marked', async () => {
    const message = "Failed to predict data '…'. \nError: Failed to enforce schema of data '…' with schema '…'. Error: Model is missing inputs ['grape'].";
    const page = await open({ results: { score: reply({ error_code: 'INVALID_PARAMETER_VALUE', message }, 400) } });
    await press(page, 'Send');
    await page.getByRole('alert').getByText("Model is missing inputs ['grape'].").waitFor();
    expect(await page.locator('th.blamed').innerText()).toContain('grape');
  });

  test('what takes the server long is given up, and can be sent again', async () => {
    const page = await open({ results: { score: 'never' } });
    await press(page, 'Send');
    await press(page, 'Give up');
    await page.getByRole('alert').filter({ hasText: 'Given up; the server may still be at it.' }).waitFor();
    await page.getByRole('button', { name: 'Give up' }).waitFor({ state: 'detached' });
    await press(page, 'Send');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await sent(page)).toHaveLength(2);
  });

  test('a tensor is JSON of the declared shape', async () => {
    const tensor = { type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 2] } };
    const page = await open({ input: { signature: signatureOf([tensor]), isFromTypeHints: false, notes: [] } });
    await page.getByLabel(/^tensor/).fill('[[1, 2, 3]]');
    await press(page, 'Send');
    await page.locator('.problem').getByText('The shape is [1, 3], and [-1, 2] is needed').waitFor();
    await page.getByLabel(/^tensor/).fill('[[1, 2], [3, 4.5]]');
    await press(page, 'Send');
    await expect.poll(async () => (await sent(page))[0]?.body).toBe('{"inputs": [[1, 2], [3, 4.5]]}');
  });

  test('takes rows of a CSV file', async () => {
    const rows = Buffer.from('grape,alcohol,count,red\nSyrah,11,2,false\n"Pinot, noir",12,3,true\n').toString('base64');
    const page = await open({ rows, results: { chooseRows: { name: 'rows.csv' } } });
    await press(page, 'Rows from a file…');
    await expect.poll(async () => await cell(page, 'grape', 2).inputValue()).toBe('Pinot, noir');
  });

  test('takes rows of a parquet file, and sends them as the file has them', async () => {
    const rows = writeParquet(
      "{'when': pd.to_datetime(['2026-01-31T12:30:00.250', None]), 'grape': ['Syrah', 'Pinot'], 'alcohol': [11.5, 1e-7], 'count': [2**60, 3], 'red': [False, True]}",
    );
    const page = await open({ rows, results: { chooseRows: { name: 'rows.parquet' }, score: reply({ predictions: [1, 2] }) } });
    await press(page, 'Rows from a file…');
    await expect.poll(async () => await cell(page, 'grape', 2).inputValue()).toBe('Pinot');
    await press(page, 'Send');
    await expect.poll(async () => (await sent(page))[0]?.body).toContain('[11.5, 1152921504606846976, "Syrah", false, "2026-01-31T12:30:00.250000000"]');
    expect((await sent(page))[0]?.body).toContain('[1e-7, 3, "Pinot", true, null]');
  });

  test('a file that has no rows for the model says so', async () => {
    const page = await open({ rows: Buffer.from('other\n1\n').toString('base64'), results: { chooseRows: { name: 'rows.csv' } } });
    await press(page, 'Rows from a file…');
    await page.getByRole('alert').getByText('rows.csv has none of the columns alcohol, count').waitFor();
  });
});

describe('by hand', () => {
  test('a request is written in any format, checked, and sent as it is', async () => {
    const page = await open({ results: { score: reply({ predictions: [5.5] }) } });
    await press(page, 'Raw');
    await page.getByLabel('Format').selectOption('dataframe_records');
    const body = page.getByLabel('Body of the request');
    expect(JSON.parse(await body.inputValue())).toEqual({ dataframe_records: [{ alcohol: 9.4, count: 5, grape: 'Merlot', red: true }] });
    await body.fill('{"dataframe_records": [{"alcohol": "x"}]}');
    await press(page, 'Send');
    await page.locator('.problem').getByText('Missing: count, grape, red.').waitFor();
    await page.getByLabel('Format').selectOption('csv');
    await body.fill('alcohol,count,grape,red\n9,1,a,true\n');
    await press(page, 'Send');
    await page.getByRole('gridcell', { name: '5.5' }).waitFor();
    expect(await sent(page)).toEqual([{ contentType: 'text/csv', body: 'alcohol,count,grape,red\n9,1,a,true\n' }]);
  });

  test('a model of which nothing is known is asked', async () => {
    const page = await open({
      input: { isFromTypeHints: false, notes: ['The MLmodel file of the model was not found.'] },
      results: { score: reply({ predictions: { a: 1 } }) },
    });
    await page.getByText('was not found').waitFor();
    await page.getByLabel('Body of the request').fill('{"inputs": [1]}');
    await press(page, 'Send');
    await page.getByText('{"predictions":{"a":1}}').waitFor();
  });
});

test('what was asked before comes back with a click, and after a restart', async () => {
  const page = await open({ results: { score: reply({ predictions: [1] }) } });
  await press(page, 'Send');
  await cell(page, 'alcohol').fill('11');
  await press(page, 'Send');
  await expect.poll(async () => await page.locator('.history-row').count()).toBe(2);
  await page.locator('.history-row').nth(1).click();
  expect(await cell(page, 'alcohol').inputValue()).toBe('9.4');
  const kept = async (): Promise<unknown> => await page.evaluate(() => fakeServeHost.kept);
  await expect.poll(kept).toMatchObject({ history: [expect.anything(), expect.anything()] });
  const again = await open({ restore: await kept() });
  await expect.poll(async () => await again.locator('.history-row').count()).toBe(2);
});

test('copies the request as curl and as Python', async () => {
  const page = await open();
  await cell(page, 'grape').fill("it's true");
  await press(page, 'Copy as curl');
  await press(page, 'Copy as Python');
  const [curl, python] = await copied(page);
  expect(curl).toContain("curl -X POST http://127.0.0.1:5001/invocations \\\n  -H 'Content-Type: application/json'");
  expect(curl).toContain(`"it'\\''s true"`);
  expect(python).toContain(`"it's true", True`);
});

test('a server that has failed tells the cause and what helps, and nothing can be sent', async () => {
  const state = { kind: 'failed', message: 'The model needs the Python module sklearn.', missingPackage: 'scikit-learn' } as const;
  const page = await open({ page: { ...wine, state }, log: 'Traceback\nModuleNotFoundError' });
  await page.getByRole('alert').getByText('needs the Python module').waitFor();
  await page.getByText('ModuleNotFoundError').waitFor();
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  await press(page, 'Install scikit-learn and restart');
  expect(await page.evaluate(() => fakeServeHost.asked.map(({ method }) => method))).toEqual(['install']);
});

test('names of every kind are text', async () => {
  const signature = signatureOf([{ type: 'string', name: hostile }], [{ name: hostile, type: 'string', default: hostile, shape: null }]);
  const page = await open({
    page: { ...wine, modelUri: hostile, interpreter: hostile, source: hostile },
    input: { signature, isFromTypeHints: false, notes: [hostile] },
    log: hostile,
    results: { score: reply({ predictions: [{ [hostile]: hostile }] }) },
  });
  await press(page, 'Send');
  await page.getByRole('grid').waitFor();
  await isPlain(page);
});

test('is readable in every theme, and has no fault that axe knows', async () => {
  const page = await open({ results: { score: reply({ predictions: [{ quality: 5.5, label: 'good' }] }) } });
  await press(page, 'Send');
  await page.getByRole('grid').waitFor();
  await cell(page, 'count').fill('x');
  await press(page, 'Send');
  await page.locator('.problem').first().waitFor();
  await page.evaluate(axe.source);
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const theme of themeNames) {
    await setTheme(page, theme);
    await page.screenshot({ path: join(folder, `serve-${theme}.png`) });
    const violations = await page.evaluate(async () => {
      const found = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(violations, theme).toEqual([]);
  }
});

test('fits into a narrow editor', async () => {
  const page = await open({}, { width: 420, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
