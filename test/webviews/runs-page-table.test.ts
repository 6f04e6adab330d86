import { describe, expect, test } from 'vitest';
import { calls, headers, newest, row, rowNames, runsPages, search, searchPages, untilNames } from '../support/runs-page.ts';

const open = runsPages();
const openSearch = searchPages(open);

const range = '[data-testid=range]';

describe('Sorting', () => {
  test('by one column and, with shift, by more', async () => {
    const page = await openSearch();
    await page.locator('.header-cell', { hasText: 'max_depth' }).click();
    await expect.poll(async () => await page.evaluate(() => fakeRunsHost.rowRequests.at(-1)?.query.orderBy)).toEqual(['params.max_depth DESC']);
    await page.locator('.header-cell', { hasText: 'rmse' }).click({ modifiers: ['Shift'] });
    await page.locator('.header-cell', { hasText: 'rmse' }).click({ modifiers: ['Shift'] });
    await expect
      .poll(async () => await page.evaluate(() => fakeRunsHost.rowRequests.at(-1)?.query.orderBy))
      .toEqual(['params.max_depth DESC', 'metrics.rmse ASC']);
    expect(await page.getByRole('columnheader', { name: 'rmse' }).getAttribute('aria-sort')).toBe('ascending');
    expect(await page.locator('.sort-rank').allInnerTexts()).toEqual(['2', '1']);
  });
});

describe('Columns', () => {
  test('are found, added and removed in the picker', async () => {
    const page = await openSearch({ width: 1600 });
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('searchbox', { name: 'Search columns' }).fill('team');
    await page.getByRole('checkbox', { name: 'team' }).check();
    await page.getByRole('searchbox', { name: 'Search columns' }).fill('opti');
    await page.getByRole('checkbox', { name: 'optimizer' }).uncheck();
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await headers(page)).slice(-2)).toEqual(['max_depth', 'team']);
    await expect.poll(async () => await row(page, 'bold-fox-0').getByRole('gridcell').last().innerText()).toBe('red');
  });

  test('that do not differ are hidden on demand', async () => {
    const page = await openSearch();
    await page.getByRole('checkbox', { name: 'Only Differing' }).check();
    await expect.poll(async () => await headers(page)).toEqual(['Status', 'Age', 'rmse', 'val/loss', 'learning_rate', 'max_depth']);
    expect(await page.locator(range).innerText()).toMatch(/ · 4 columns hidden, alike$/);
  });

  test('of a server that counts nothing are told with what was counted, and new keys of few runs become some', async () => {
    const about = { experiments: [{ id: '1', name: 'wine' }], store: 'server', isRich: false, directions: {} };
    const page = await open({ about, runs: [{ runId: 'r', name: 'first', startTime: 1 }] });
    await untilNames(page, ['first']);
    await page.evaluate(() => fakeRunsHost.changeRun('r', { metrics: { loss: 0.5 } }));
    await expect.poll(async () => await headers(page)).toContain('loss');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.locator('.column-choice', { hasText: 'loss' }).locator('.column-count', { hasText: '1' }).waitFor();
    await page.getByText('Only the newest 5000 runs were looked at.').waitFor();
  });

  test('are dragged to another place, made wider and pinned', async () => {
    const page = await openSearch({ width: 1500 });
    await page.locator('.header-cell', { hasText: 'rmse' }).dragTo(page.locator('.header-cell', { hasText: 'Age' }), { targetPosition: { x: 5, y: 10 } });
    await expect.poll(async () => (await headers(page)).slice(0, 3)).toEqual(['Status', 'rmse', 'Age']);
    const before = (await page.locator('.header-cell', { hasText: 'rmse' }).boundingBox())?.width ?? 0;
    const edge = await page.locator('.header-cell', { hasText: 'rmse' }).locator('.resize-handle').boundingBox();
    if (edge === null) throw new Error('No handle');
    await page.mouse.move(edge.x + 2, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 62, edge.y + 10, { steps: 3 });
    await page.mouse.up();
    expect((await page.locator('.header-cell', { hasText: 'rmse' }).boundingBox())?.width).toBeCloseTo(before + 60, 0);
    await page.locator('.header-cell', { hasText: 'val/loss' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
    await page.locator('.runs-table').evaluate((table) => table.scrollTo(400, 0));
    await expect.poll(async () => await page.locator('.header-cell.pinned .cell-text').allInnerTexts()).toEqual(['val/loss']);
    expect(await page.locator('.header-cell.pinned').boundingBox()).toMatchObject({ x: 260 });
  });

  test('have other values of a metric beside it', async () => {
    const page = await openSearch();
    await page.locator('.header-cell', { hasText: 'rmse' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Add Best Value' }).click();
    await expect.poll(async () => (await headers(page)).slice(5, 7)).toEqual(['rmse', 'best rmse']);
    await expect.poll(async () => await page.evaluate(() => fakeRunsHost.rowRequests.at(-1)?.query.columns)).toContain('best(metrics.rmse)');
    await page.getByRole('columnheader', { name: 'Metric rmse' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Add Value at Step…' }).click();
    await expect.poll(async () => (await headers(page)).slice(5, 8)).toEqual(['rmse', 'rmse at step 100', 'best rmse']);
    await expect.poll(async () => await page.evaluate(() => fakeRunsHost.rowRequests.at(-1)?.query.columns)).toContain('at(metrics.rmse, 100)');
  });
});

test('runs of several experiments stand in one table, each with the name of its own', async () => {
  const experiments = [
    { id: '1', name: 'wine' },
    { id: '2', name: 'beer' },
  ];
  const runs = [
    { runId: 'w', name: 'red', experimentId: '1', startTime: 2 },
    { runId: 'b', name: 'stout', experimentId: '2', startTime: 1 },
  ];
  const page = await open({ about: { experiments, store: 'mlflow.db', isRich: true, directions: {} }, runs });
  await untilNames(page, ['red', 'stout']);
  expect((await headers(page))[0]).toBe('Experiment');
  expect(await row(page, 'red').getByRole('gridcell').first().innerText()).toBe('wine');
  expect(await row(page, 'stout').getByRole('gridcell').first().innerText()).toBe('beer');
});

describe('What a person says of runs', () => {
  test('is the direction of a metric, for everybody', async () => {
    const page = await openSearch();
    const header = page.getByRole('columnheader', { name: /^Metric rmse/ });
    expect(await header.getAttribute('aria-label')).toBe('Metric rmse, lower is better');
    await header.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Higher Is Better' }).click();
    await expect.poll(async () => await header.getAttribute('aria-label')).toBe('Metric rmse, higher is better');
  });

  test('is the colour of a run', async () => {
    const page = await openSearch();
    await row(page, 'keen-elk-2').click();
    await page.getByRole('button', { name: 'Colour' }).click();
    await page.getByRole('button', { name: 'Colour 4 of 12' }).click();
    const dot = row(page, 'keen-elk-2').locator('.run-dot');
    await expect.poll(async () => await dot.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(222, 249, 88)');
    expect(await calls(page)).toEqual([`color ${'2'.padStart(32, 'a')} #def958`]);
  });
});

test('runs are starred, in the table too', async () => {
  const page = await openSearch();
  await row(page, 'calm-owl-1').click();
  await row(page, 'keen-elk-2').click({ modifiers: ['Control'] });
  const star = page.getByRole('button', { name: 'Favourite' });
  await star.click();
  await row(page, 'keen-elk-2').locator('.run-star').waitFor();
  expect(await page.locator('.run-star').count()).toBe(2);
  expect(await star.getAttribute('aria-pressed')).toBe('true');
  await row(page, 'calm-owl-1').click();
  await star.click();
  await expect.poll(async () => await page.locator('.run-star').count()).toBe(1);
  expect(await star.getAttribute('aria-pressed')).toBe('false');
});

describe('A selection', () => {
  test('is made by click, shift, ctrl and space, and drives what is done', async () => {
    const page = await openSearch();
    await row(page, 'calm-owl-1').click();
    await row(page, 'shy-ant-3').click({ modifiers: ['Shift'] });
    await expect.poll(async () => await page.locator('.runs-row.selected').count()).toBe(3);
    await row(page, 'keen-elk-2').click({ modifiers: ['Control'] });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    expect(await page.locator('.runs-row.selected .name-cell .cell-text').allInnerTexts()).toEqual(['calm-owl-1', 'shy-ant-3', 'wry-cat-4']);
    await page.getByRole('button', { name: 'Compare' }).click();
    const ids = [1, 3, 4].map((index) => `${index}`.padStart(32, 'a'));
    await expect.poll(async () => await calls(page)).toEqual([`compare ${JSON.stringify({ runIds: ids })}`]);
    await page.locator('.runs-table').focus();
    await page.keyboard.press('Delete');
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/of 27$/);
    await untilNames(page, ['bold-fox-0', 'keen-elk-2', 'apt-bee-5']);
  });

  test('of deleted runs restores them', async () => {
    const page = await open({ runs: [{ runId: 'x', name: 'gone', deleted: true }, ...search.runs] });
    await untilNames(page, newest);
    await page.getByRole('button', { name: 'Deleted' }).click();
    await untilNames(page, ['gone']);
    await row(page, 'gone').click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await expect.poll(async () => await calls(page)).toEqual(['restore {"runIds":["x"]}']);
  });

  test('is exported alone', async () => {
    const page = await openSearch();
    await row(page, 'calm-owl-1').click();
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Selected as CSV…' }).click();
    await expect.poll(async () => await calls(page)).toEqual([`export csv ${'1'.padStart(32, 'a')}`]);
  });
});

describe('Groups and nested runs', () => {
  test('groups have a count and a mean, and open to their runs', async () => {
    const page = await openSearch();
    await page.locator('.header-cell', { hasText: 'learning_rate' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Group by This' }).click();
    const group = row(page, 'learning_rate 0.1').first();
    await group.waitFor();
    expect(await group.locator('.badge').innerText()).toBe('10');
    expect(await group.getByRole('gridcell').nth(5).innerText()).toMatch(/^0\.\d+ ± 0\.\d+$/);
    await group.locator('.twistie').click();
    await expect.poll(async () => (await rowNames(page)).slice(1, 3)).toEqual(['bold-fox-0', 'shy-ant-3']);
    await page.getByRole('button', { name: 'Do not group by learning_rate' }).click();
    await untilNames(page, newest);
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    // Few groups first; what all runs have alike makes none.
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Tag team', 'Param learning_rate', 'Param max_depth']);
    await page.getByRole('menuitem', { name: 'Tag team' }).click();
    await row(page, 'team red').waitFor();
    expect(await row(page, 'team red').locator('.badge').innerText()).toBe('15');
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Do Not Group by Tag team' }).click();
    await untilNames(page, newest);
  });

  test('while runs change groups stay open with what they have now, and what was chosen stays chosen', async () => {
    const page = await openSearch();
    await page.locator('.header-cell', { hasText: 'max_depth' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Group by This' }).click();
    const group = row(page, 'max_depth 4');
    await group.locator('.twistie').click();
    await row(page, 'wry-cat-4').click();
    const mean = async () => await group.getByRole('gridcell').nth(5).innerText();
    const before = await mean();
    await page.evaluate((runId) => fakeRunsHost.changeRun(runId, { metrics: { rmse: 90 } }), '8'.padStart(32, 'a'));
    await expect.poll(mean).not.toBe(before);
    expect((await rowNames(page)).slice(0, 3)).toEqual(['max_depth 4', 'bold-fox-0', 'wry-cat-4']);
    expect(await row(page, 'wry-cat-4').getAttribute('aria-selected')).toBe('true');
  });

  test('child runs open below their parents, to any depth', async () => {
    const runs = [
      { runId: 'p', name: 'parent', startTime: 3 },
      { runId: 'c', name: 'child', startTime: 2, parentRunId: 'p' },
      { runId: 'g', name: 'grandchild', startTime: 1, parentRunId: 'c' },
    ];
    const page = await open({ runs });
    await untilNames(page, ['parent']);
    await page.locator('.runs-table').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await untilNames(page, ['parent', 'child']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await untilNames(page, ['parent', 'child', 'grandchild']);
    expect(await row(page, 'grandchild').getAttribute('aria-level')).toBe('3');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => await rowNames(page)).toEqual(['parent', 'child']);
  });
});
