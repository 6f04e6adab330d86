import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { repository } from '../../scripts/tools.ts';
import type { ModelSnapshot, PageVersion } from '../../schemas/registered-model-page.ts';
import { hostileText as hostile } from '../support/hostile-names.ts';
import { isPlain } from '../support/plain-text.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames } from '../support/webview-page.ts';

const webview = webviewForFile({ name: 'registered-model', host: 'test/support/fake-model-host.ts' });

const version = (number: number): PageVersion => ({
  version: number,
  aliases: number === 2 ? ['champion'] : [],
  stage: number === 1 ? 'Archived' : '',
  status: 'READY',
  createdAt: Date.now() - number * 60_000,
  creator: 'ann',
  description: number === 2 ? 'Checked by the *panel*.\n\nIn May.' : '',
  runName: `run-${number}`,
  tags: { team: 'cellar' },
  params: { alpha: String(number / 10) },
  metrics: { rmse: 1 / (1 + number) },
});

const wine: ModelSnapshot = {
  name: 'wine',
  store: 'mlflow.db',
  description: 'Quality of **red** wine.\n\n- trained [weekly](https://example.org/plan)\n- by `train.py`',
  createdAt: Date.now() - 86_400_000,
  updatedAt: Date.now() - 60_000,
  tags: { kind: 'red' },
  aliases: [{ alias: 'champion', version: 2 }],
  versions: [3, 2, 1].map(version),
  hasMore: false,
  filter: '',
  history: [{ time: Date.now() - 60_000, text: '@champion moved from version 1 to version 2', by: 'ann', kind: 'exact' }],
};

const signatures = { 1: 'alcohol: double → quality: long', 2: 'alcohol: double, ph: double → quality: long' };

const open = async (snapshot: ModelSnapshot = wine): Promise<Page> => {
  const page = await webview.open();
  await page.evaluate((given) => void (fakeModelHost.signatures = given), signatures);
  await page.evaluate((given) => fakeModelHost.show(given), snapshot);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
};

/** Besides the signatures of what is on screen. */
const asked = (page: Page): Promise<readonly { method: string; params: unknown }[]> =>
  page.evaluate(() => fakeModelHost.asked.filter(({ method }) => method !== 'signatures'));

const rowOf = (page: Page, number: number) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: `Version ${number}`, exact: true }) });

test('a model with its aliases, tags, versions, metric and history', async () => {
  const page = await open();
  await page.getByText('@champion · version 2').waitFor();
  await page.getByText('kind: red').waitFor();
  await page.getByText('@champion moved from version 1 to version 2').waitFor();
  const row = rowOf(page, 2);
  expect((await row.getByRole('gridcell').allInnerTexts()).slice(0, 2)).toEqual(['@champion', '']);
  expect(await row.getByRole('gridcell', { name: '0.33333' }).count()).toBe(1);
  expect(await page.getByRole('img', { name: 'rmse: 0.5 in version 1, 0.25 in version 3' }).count()).toBe(1);
  expect(await page.locator('.chart circle').count()).toBe(3);
  expect(await page.locator('.chart text').allTextContents()).toEqual(['0.5', '0.25', 'v1', 'v3']);
  expect(await row.getByRole('gridcell', { name: 'Checked by the *panel*.', exact: true }).getAttribute('title')).toContain('In May.');
});

test('arrows go over the chart from point to point', async () => {
  const page = await open();
  await page.getByRole('img', { name: 'rmse' }).focus();
  const told = page.getByRole('region', { name: 'Metric over versions' }).getByRole('status');
  for (const [key, text] of [
    ['ArrowRight', 'version 1: 0.5'],
    ['ArrowRight', 'version 2: 0.33333'],
    ['End', 'version 3: 0.25'],
    ['ArrowRight', 'version 3: 0.25'],
    ['ArrowLeft', 'version 2: 0.33333'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(() => told.innerText()).toBe(text);
  }
});

test('the description is Markdown, its links lead to the web only, and nothing else in it does anything', async () => {
  const page = await open();
  const description = page.getByRole('region', { name: 'Description' });
  expect(await description.locator('strong').innerText()).toBe('red');
  expect(await description.getByRole('link', { name: 'weekly' }).getAttribute('href')).toBe('https://example.org/plan');
  expect(await description.getByRole('listitem').allInnerTexts()).toEqual(['trained weekly', 'by train.py']);
  const bad = [
    '<script>fakeModelHost.fail(1)</script><b onmouseover="fakeModelHost.fail(1)">b</b>',
    '[a](command:workbench.action.quit) [b](javascript:alert(1)) [c](vscode://x/y) [d](data:text/html,x)',
    '![picture](https://example.org/spy.png)',
    '# Heading',
  ];
  await page.evaluate((given) => fakeModelHost.show(given), { ...wine, description: bad.join('\n\n') });
  await description.getByRole('heading', { name: 'Heading', level: 3 }).waitFor();
  expect(await description.locator('script, b, img, [onmouseover]').count()).toBe(0);
  const links = await description.locator('a[href]').evaluateAll((found) => found.map((link) => link.getAttribute('href')));
  expect(links).toEqual([]);
  await description.getByText('[picture](https://example.org/spy.png)').waitFor();
});

test('signatures of the versions on screen are asked for, once each, and what cannot be read says so', async () => {
  const page = await open();
  await rowOf(page, 2).getByRole('gridcell', { name: 'alcohol: double, ph: double → quality: long' }).waitFor();
  await rowOf(page, 1).getByRole('gridcell', { name: 'alcohol: double → quality: long' }).waitFor();
  expect(await rowOf(page, 3).getByRole('gridcell', { name: 'unreadable' }).getAttribute('title')).toBe('The MLmodel cannot be read');
  await page.evaluate((given) => fakeModelHost.show(given), { ...wine, versions: [version(4), ...wine.versions.slice(0, 2)] });
  await rowOf(page, 4).getByRole('gridcell', { name: 'unreadable' }).waitFor();
  const wanted = await page.evaluate(() => fakeModelHost.asked.filter(({ method }) => method === 'signatures').map(({ params }) => params));
  expect(wanted).toEqual([{ versions: [3, 2, 1] }, { versions: [4] }]);
});

test('a metric that is not a number says so, and is not drawn', async () => {
  const page = await open({ ...wine, versions: [{ ...version(3), metrics: { rmse: 'NaN' } }, version(2), { ...version(1), metrics: { rmse: 'Infinity' } }] });
  await rowOf(page, 3).getByRole('gridcell', { name: 'NaN' }).waitFor();
  await rowOf(page, 1).getByRole('gridcell', { name: '∞' }).waitFor();
  expect(await page.locator('.chart circle').count()).toBe(1);
});

test('the filter is sent with Enter, and what is wrong with it is said', async () => {
  const page = await open();
  await page.getByRole('textbox', { name: 'Filter' }).fill("tags.team = 'a'");
  await page.keyboard.press('Enter');
  await expect.poll(() => asked(page)).toEqual([{ method: 'filter', params: { text: "tags.team = 'a'" } }]);
  await page.evaluate((given) => fakeModelHost.show(given), { ...wine, versions: [], filter: 'nonsense', filterProblem: 'Invalid filter' });
  await page.getByRole('alert').filter({ hasText: 'Invalid filter' }).waitFor();
  await page.getByText('0 versions').waitFor();
});

test('a version and the commands are reached by keyboard', async () => {
  const page = await open();
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('gridcell', { name: 'run-3' }).click();
  for (const button of ['Edit Description', 'Compare Versions…']) {
    await page.getByRole('button', { name: button }).focus();
    await page.keyboard.press('Enter');
  }
  await expect
    .poll(() => asked(page))
    .toEqual([
      { method: 'showVersion', params: { version: 3 } },
      { method: 'openRun', params: { version: 3 } },
      { method: 'act', params: { action: 'editDescription' } },
      { method: 'act', params: { action: 'compareVersions' } },
    ]);
});

test('a thousand versions: only what is on screen is in the document', async () => {
  const page = await open({ ...wine, versions: Array.from({ length: 1000 }, (_, index) => version(1000 - index)), hasMore: true });
  await page.getByText('the newest 1,000 versions; the filter finds others').waitFor();
  expect(await page.getByRole('row').count()).toBeLessThan(60);
});

test('names are text, whatever they look like', async () => {
  const named: PageVersion = {
    ...version(1),
    aliases: [hostile],
    stage: hostile,
    status: hostile,
    creator: hostile,
    description: hostile,
    runName: hostile,
    tags: { [hostile]: hostile },
    params: { [hostile]: hostile },
    metrics: { [hostile]: 1 },
  };
  const page = await open({
    ...wine,
    name: hostile,
    store: hostile,
    description: hostile,
    tags: { [hostile]: hostile },
    aliases: [
      { alias: 'x'.repeat(250), version: 1 },
      { alias: hostile, version: 1 },
    ],
    versions: [named],
    history: [{ time: Date.now(), text: hostile, by: hostile, kind: 'exact' }],
  });
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('<script>alert(1)</script>');
  await isPlain(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test('a model that cannot be read says why', async () => {
  const page = await open();
  await page.evaluate(() => fakeModelHost.fail('Registered Model with name=wine not found'));
  await page.getByRole('alert').filter({ hasText: 'not found' }).waitFor();
});

test.each(themeNames)('in the theme %s nothing keeps anybody out', async (theme) => {
  const page = await open();
  await setTheme(page, theme);
  await mkdir(join(repository, 'test-results', 'screenshots'), { recursive: true });
  await page.screenshot({ path: join(repository, 'test-results', 'screenshots', `registered-model-${theme}.png`) });
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: readonly { id: string; nodes: readonly { html: string }[] }[] }> };
    };
    return (await checker.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' ')}`);
  });
  expect(violations).toEqual([]);
});
