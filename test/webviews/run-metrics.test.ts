import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { askedBy, metricOf, runPages, trainedRun, type RunPageWorld } from '../support/run-pages.ts';

const pages = runPages();

/** A run with two metrics and one of the system, but for these. */
const open = async ({ run, ...world }: RunPageWorld = {}): Promise<Page> => await pages.open({ ...trainedRun, ...world, run: { ...trainedRun.run, ...run } });

test('metrics have their last, best, smallest and largest values from one request', async () => {
  const page = await open();
  await page.getByRole('tab', { name: 'Metrics' }).click();
  const rows = page.getByRole('grid', { name: 'Metrics', exact: true }).getByRole('row');
  await rows.nth(1).locator('.sparkline path').waitFor();
  expect((await rows.nth(1).innerText()).split('\n')).toEqual(['accuracy', '0.98765', '0.99', '0.5', '0.99', '3']);
  expect((await rows.nth(2).innerText()).split('\n')).toEqual(['loss', '0.125', '0.0625', '0.0625', '0.9', '3']);
  expect(await rows.nth(1).getByText('0.98765').locator('..').getAttribute('title')).toContain('0.98765432');
  await page.getByRole('grid', { name: 'System metrics' }).getByText('system/cpu_utilization_percentage').waitFor();
  await expect.poll(async () => await askedBy(page)).toEqual([['histories', { keys: ['accuracy', 'loss', 'system/cpu_utilization_percentage'], buckets: 32 }]]);
});

test('a metric is worked by the keyboard: its chart, its direction, its value', async () => {
  const page = await open();
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await page.getByRole('grid', { name: 'Metrics', exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  for (let column = 0; column < 3; column++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => await askedBy(page, 'histories'))
    .toEqual([
      ['compareMetric', { key: 'loss' }],
      ['sayDirection', { key: 'loss', direction: 'higher' }],
    ]);
  await page.evaluate(() =>
    fakeRunHost.event('surroundings', { experiment: 'wine', children: [], hasMoreChildren: false, models: [], directions: { loss: 'higher' } }),
  );
  await page.getByRole('row', { name: /^loss/ }).getByRole('gridcell').nth(2).getByText('0.9').waitFor();
});

test('a run that goes on is followed: its time, its values, and only the new ends of its histories', async () => {
  const page = await open({ run: { status: 'RUNNING', startTime: Date.now() - 61_000, endTime: undefined } });
  expect(await page.locator('dt:text-is("Duration") + dd').innerText()).toMatch(/^1 m/);
  await page.getByRole('tab', { name: 'Metrics' }).click();
  const row = page.getByRole('row', { name: /^loss/ });
  await row.locator('.sparkline path').waitFor();
  const before = await row.locator('.sparkline path').getAttribute('d');
  await page.evaluate(() => {
    fakeRunHost.histories = { ...fakeRunHost.histories, loss: [0.9, 0.0625, 0.25, 0.125, 0.03125] };
    fakeRunHost.change({ metrics: [{ key: 'loss', value: 0.03125, step: 4, timestamp: 0 }] });
    fakeRunHost.event('metricsGrown', ['loss']);
  });
  await row.getByRole('gridcell').nth(3).getByText('0.03125').waitFor();
  expect(await row.locator('.sparkline path').getAttribute('d')).not.toBe(before);
  expect((await askedBy(page)).at(-1)).toEqual(['histories', { keys: ['loss'], buckets: 32, window: { axis: 'step', from: 3, to: Number.MAX_SAFE_INTEGER } }]);
});

test('500 metrics are a handful of rows in the document', async () => {
  const metrics = Array.from({ length: 500 }, (_, index) => metricOf(`metric/${String(index).padStart(3, '0')}`, index));
  const page = await open({
    run: { metrics },
    histories: Object.fromEntries(metrics.map(({ key, value }) => [key, [value - 1, value]])),
    restore: { tab: 'metrics' },
  });
  await page.getByText('500 metrics').waitFor();
  const grid = page.getByRole('grid', { name: 'Metrics', exact: true });
  await grid.locator('.sparkline').first().waitFor();
  expect(await grid.getByRole('row').count()).toBeLessThan(60);
  await grid.focus();
  await page.keyboard.press('Control+End');
  await grid.getByText('metric/499').waitFor();
  expect(await askedBy(page)).toHaveLength(1);
  await page.getByRole('searchbox', { name: 'Filter metrics' }).fill('/12');
  await page.getByText('10 of 500 metrics').waitFor();
});

test('histories that cannot be read are told, and asked for again', async () => {
  const page = await open();
  await page.evaluate(() => fakeRunHost.refusals.set('histories', 'The disk is gone'));
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await page.getByText('Histories cannot be read: The disk is gone').waitFor();
  await page.getByRole('row', { name: /^loss/ }).getByText('0.125').waitFor();
  await page.evaluate(() => fakeRunHost.refusals.clear());
  await page.getByRole('button', { name: 'Try Again' }).click();
  await page.locator('.sparkline path').first().waitFor();
});
