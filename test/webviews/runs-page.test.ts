import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { columnId } from '../../schemas/runs-columns.ts';
import { defaultRunsView } from '../../schemas/runs-view.ts';
import { hostileNames } from '../support/hostile-names.ts';
import { isPlain } from '../support/plain-text.ts';
import { calls, headers, newest, row, rowNames, runsPages, search, searchPages, untilNames } from '../support/runs-page.ts';

const open = runsPages();
const openSearch = searchPages(open);

const range = '[data-testid=range]';

describe('The rows', () => {
  test('are the runs, the newest first, with what they have', async () => {
    const page = await openSearch({ width: 1600 });
    expect(await headers(page)).toEqual(['Status', 'Age', 'Duration', 'Source', 'User', 'rmse', 'val/loss', 'learning_rate', 'max_depth', 'optimizer']);
    const cells = await row(page, 'calm-owl-1').getByRole('gridcell').allInnerTexts();
    expect(cells.slice(0, 9)).toEqual(['Finished', '2 h ago', '1 m 30 s', 'train.py', 'ada', '0.648', '0.2', '0.01', '5']);
    expect(await page.locator(range).innerText()).toMatch(/^1–\d+ of 30$/);
  });

  test('are few in the document, however many there are, and are read as they are looked at', async () => {
    const page = await open('nothing yet');
    await page.evaluate(() => fakeRunsHost.loadMany(100_000, 500));
    await untilNames(page, ['run-0']);
    expect(await page.locator('.runs-row').count()).toBeLessThan(60);
    await page.locator('.runs-table').evaluate((table) => table.scrollTo(0, 50_000 * 24));
    await row(page, 'run-50000').waitFor();
    expect(await page.locator('.runs-row').count()).toBeLessThan(60);
    expect(await page.locator(range).innerText()).toMatch(/^50,001–50,0\d\d of 100,000$/);
    const asked = await page.evaluate(() => fakeRunsHost.rowRequests.length);
    expect(asked).toBeLessThan(12);
  });

  test('of a server without totals are counted as they come', async () => {
    const about = { experiments: [{ id: '1', name: 'wine' }], store: 'server', isRich: false, directions: {} };
    const runs = Array.from({ length: 250 }, (_, index) => ({ runId: `r${index}`, name: `run-${index}`, startTime: 1_000_000 - index }));
    const page = await open({ runs, about });
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/^1–\d+ · first 100 loaded$/);
    for (const known of [/first 200 loaded/, /of 250$/]) {
      await page.locator('.runs-table').evaluate((table) => table.scrollTo(0, table.scrollHeight));
      await expect.poll(async () => await page.locator(range).innerText()).toMatch(known);
    }
  });

  test('that cannot be read leave those that are there, with the reason', async () => {
    const page = await openSearch();
    await page.evaluate(() => {
      fakeRunsHost.mood = 'fail';
    });
    await page.locator('.header-cell', { hasText: 'rmse' }).click();
    await page.getByText('The store does not answer').waitFor();
    await untilNames(page, newest);
    await page.evaluate(() => {
      fakeRunsHost.mood = 'answer';
    });
    await page.getByRole('button', { name: 'Try Again' }).click();
    await untilNames(page, ['shy-ant-27']);
    await page.getByText('The store does not answer').waitFor({ state: 'detached' });
  });
});

describe('The filter', () => {
  test('completes keys and values, and narrows the table', async () => {
    const page = await openSearch();
    const box = page.getByRole('combobox', { name: 'Filter runs' });
    await box.fill('learn');
    await page.keyboard.press('Tab');
    await page.keyboard.type('= ');
    await page.getByRole('option', { name: "'0.01'" }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await box.inputValue()).toBe("params.learning_rate = '0.01' ");
    await page.keyboard.press('Enter');
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/of 10 · 1 filter$/);
    await untilNames(page, ['calm-owl-1', 'wry-cat-4']);
  });

  test('underlines what is wrong, with the reason', async () => {
    const page = await openSearch();
    await page.getByRole('combobox').fill('metrics.rmse < 1 && status');
    await page.locator('#filter-problem', { hasText: 'Write AND' }).waitFor();
    expect(await page.locator('.wrong').innerText()).toBe('&&');
  });

  test('that nothing matches says so, with a way back', async () => {
    const page = await openSearch();
    await page.getByRole('combobox').fill('metrics.rmse > 7');
    await page.keyboard.press('Enter');
    await page.getByText('No run matches the filter.').waitFor();
    await page.getByRole('button', { name: 'Clear Filter' }).click();
    await untilNames(page, newest);
  });
});

test('all runs that match the filter are compared, in the order of the table', async () => {
  const page = await openSearch();
  const matching = search.runs.filter(({ metrics }) => (metrics?.['rmse'] ?? 1) < 0.6);
  await page.getByRole('combobox', { name: 'Filter runs' }).fill('metrics.rmse < 0.6');
  await page.keyboard.press('Enter');
  await expect.poll(async () => await page.locator(range).innerText()).toMatch(new RegExp(`of ${matching.length} · 1 filter$`));
  await page.getByRole('button', { name: 'Compare all runs that match' }).click();
  await expect.poll(async () => await calls(page)).toEqual([`compare ${JSON.stringify({ runIds: matching.map(({ runId }) => runId) })}`]);
});

describe('While runs change', () => {
  test('values change in their places, and new runs announce themselves', async () => {
    const page = await openSearch({ height: 400 });
    await page.locator('.runs-table').evaluate((table) => table.scrollTo(0, 120));
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/^6–/);
    await page.evaluate((runId) => fakeRunsHost.changeRun(runId, { metrics: { rmse: 0.111 } }), '8'.padStart(32, 'a'));
    await expect.poll(async () => await row(page, 'keen-elk-8').getByRole('gridcell').nth(5).innerText()).toBe('0.111');
    await page.evaluate(() => fakeRunsHost.addRun({ runId: 'new', name: 'brand-new', startTime: Date.now() }));
    await page.getByRole('button', { name: 'Show 1 new run' }).waitFor();
    const top = await page.locator('.runs-table').evaluate((table) => table.scrollTop);
    expect(top).toBe(120);
    const place = await row(page, 'keen-elk-8').boundingBox();
    await page.getByRole('button', { name: 'Show 1 new run' }).click();
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/of 31$/);
    expect((await row(page, 'keen-elk-8').boundingBox())?.y).toBe(place?.y);
    await page.locator('.runs-table').evaluate((table) => table.scrollTo(0, 0));
    await untilNames(page, ['brand-new', 'bold-fox-0']);
  });

  test('a store that is away is said, what it had stays, and it comes back', async () => {
    const page = await openSearch();
    await page.evaluate(() => fakeRunsHost.sendFailed('mlflow.db cannot be read: it is locked'));
    await page.getByText('it is locked').waitFor();
    await untilNames(page, newest);
    await page.evaluate(() => fakeRunsHost.sendFailed(null));
    await page.getByText('it is locked').waitFor({ state: 'detached' });
  });
});

describe('What a person writes', () => {
  const [first, second, third] = search.runs.map(({ runId }) => runId);
  const names = async (page: Page) => (await rowNames(page)).slice(0, 4);

  test('is there before the store answers, and gone when it refuses', async () => {
    const page = await openSearch();
    const cells = () => row(page, 'other-name').getByRole('gridcell').allInnerTexts();
    await page.evaluate((runId) => {
      const tags = [
        { key: 'mlflow.user', value: 'grace' },
        { key: 'mlflow.runColor', value: '#ff0000' },
      ];
      fakeRunsHost.sendEdits({ pending: [{ runId, name: 'other-name', status: 'FAILED', tags }] });
    }, first ?? '');
    await untilNames(page, ['other-name', 'calm-owl-1']);
    expect(await cells()).toEqual(expect.arrayContaining(['Failed', 'grace']));
    expect(await row(page, 'other-name').locator('.run-dot').getAttribute('style')).toContain('rgb(255, 0, 0)');
    expect(await row(page, 'other-name').locator('.status-failed').count()).toBe(1);
    await page.evaluate(() => fakeRunsHost.sendEdits({}));
    await untilNames(page, newest);
    expect(await row(page, 'bold-fox-0').getByRole('gridcell').allInnerTexts()).toEqual(expect.arrayContaining(['Running', 'ada']));
  });

  test('stays when the store has taken it, until it is read again', async () => {
    const page = await openSearch();
    const edit = { runId: second ?? '', name: 'other-name' };
    await page.evaluate((pending) => fakeRunsHost.sendEdits({ pending: [pending] }), edit);
    await page.evaluate((written) => fakeRunsHost.sendEdits({ written: [written] }), edit);
    await untilNames(page, ['bold-fox-0', 'other-name', 'keen-elk-2']);
    await page.evaluate(({ runId }) => fakeRunsHost.changeRun(runId, { name: 'named by another' }), edit);
    await untilNames(page, ['bold-fox-0', 'named by another', 'keen-elk-2']);
  });

  test('takes runs away at once, and brings them back to where they stood', async () => {
    const page = await openSearch();
    const gone = [second, third].map((runId = '') => ({ runId, lifecycleStage: 'deleted' as const }));
    await page.evaluate((pending) => fakeRunsHost.sendEdits({ pending }), gone);
    await expect.poll(() => names(page)).toEqual(['bold-fox-0', 'shy-ant-3', 'wry-cat-4', 'apt-bee-5']);
    expect(await page.locator(range).innerText()).toMatch(/of 28$/);
    // One is refused.
    await page.evaluate(([, one]) => fakeRunsHost.sendEdits({ pending: [], written: [one ?? { runId: '' }] }), gone);
    await expect.poll(() => names(page)).toEqual(['bold-fox-0', 'calm-owl-1', 'shy-ant-3', 'wry-cat-4']);
    // Read again without it, and taken back by a person.
    await page.evaluate((runId) => fakeRunsHost.changeRun(runId, { deleted: true }), third ?? '');
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/of 29$/);
    const back = { runId: third ?? '', lifecycleStage: 'active' as const };
    await page.evaluate((pending) => fakeRunsHost.sendEdits({ pending: [pending] }), back);
    await expect.poll(() => names(page)).toEqual(['bold-fox-0', 'calm-owl-1', 'keen-elk-2', 'shy-ant-3']);
    // The store may tell of it before its answer is here.
    await page.evaluate((runId) => fakeRunsHost.changeRun(runId, { deleted: false }), third ?? '');
    await page.evaluate((written) => fakeRunsHost.sendEdits({ written: [written] }), back);
    await page.evaluate(() => fakeRunsHost.addRun({ runId: 'new', name: 'brand-new', startTime: Date.now() }));
    await page.getByRole('button', { name: 'Show 1 new run' }).click();
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/of 31$/);
    await page.locator('.runs-table').evaluate((table) => table.scrollTo(0, 0));
    await untilNames(page, ['brand-new', 'bold-fox-0', 'calm-owl-1', 'keen-elk-2', 'shy-ant-3']);
  });
});

describe('A view', () => {
  test('is what the page keeps, and comes back with its scroll', async () => {
    const page = await openSearch({ height: 400 });
    await page.getByRole('combobox').fill('metrics.rmse > 0.5');
    await page.keyboard.press('Enter');
    await page.locator('.header-cell', { hasText: 'rmse' }).click();
    await untilNames(page, ['shy-ant-27']);
    await page.locator('.runs-table').evaluate((table) => table.scrollTo(30, 100));
    await expect.poll(async () => await page.evaluate(() => fakeRunsHost.states.at(-1))).toMatchObject({ top: 100, left: 30 });
    const kept = await page.evaluate(() => fakeRunsHost.states.at(-1));
    const again = await open({ ...search, kept }, { height: 400 });
    await expect.poll(async () => await again.locator('.runs-table').evaluate((table) => table.scrollTop)).toBe(100);
    expect(await again.getByRole('combobox').inputValue()).toBe('metrics.rmse > 0.5');
    expect(await again.getByRole('columnheader', { name: 'rmse' }).getAttribute('aria-sort')).toBe('descending');
  });

  test('that was saved is applied; one with mistakes is opened where they are', async () => {
    const view = { filter: "tags.team = 'red'", deleted: false, nested: true, onlyDiffering: false, groupBy: [], sort: [], columns: [{ id: 'metrics.rmse' }] };
    const wrong = { line: 2, message: 'This view was saved by a newer MLflow Workbench' };
    const page = await open({
      ...search,
      views: [
        { name: 'Reds', file: '.mlflow-workbench/views/Reds.json', view, problems: [] },
        { name: 'Newer', file: '.mlflow-workbench/views/Newer.json', view, problems: [wrong] },
      ],
    });
    await untilNames(page, newest);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Reds' }).click();
    await expect.poll(async () => await headers(page)).toEqual(['rmse']);
    await expect.poll(async () => await page.locator(range).innerText()).toMatch(/of 15 · 1 filter$/);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Newer (has mistakes)' }).click();
    await page.getByText('Newer.json, line 2: This view was saved by a newer').waitFor();
    expect(await calls(page)).toEqual(['openView {"file":".mlflow-workbench/views/Newer.json","line":2}']);
  });
});

test('names and values of every kind are text, and request nothing', async () => {
  const runs = hostileNames.map((name, at) => ({
    runId: `${at}`.padStart(32, 'b'),
    name,
    params: { [name]: name, [`${name} ${at}`]: name },
    metrics: { [name]: at },
    tags: { [name]: name, 'mlflow.user': name, 'mlflow.source.name': name },
  }));
  const [first = '', second = '', , quoted = ''] = hostileNames;
  const about = { experiments: hostileNames.map((name, at) => ({ id: `${at}`, name })), store: first, isRich: true, directions: {} };
  const grouped = { ...defaultRunsView, groupBy: [first, quoted].map((key) => columnId({ kind: 'params', key }) ?? '') };
  const wrong = hostileNames.map((name) => ({ name, view: defaultRunsView, problems: [{ line: 1, message: name }] }));
  const views = [...wrong, { name: 'Grouped', view: grouped, problems: [] }];
  const page = await open('nothing yet', { width: 1600 });
  await page.evaluate((world) => fakeRunsHost.load(world), { runs, about, views });
  await page.locator('.runs-row').first().waitFor();
  expect((await page.locator('.runs-row .name-cell .cell-text').allInnerTexts()).some((text) => text.includes('<script>alert(1)</script>'))).toBe(true);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('searchbox', { name: 'Search columns' }).fill('<');
  await page.getByRole('checkbox').nth(3).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Filter runs' }).fill('params.');
  await page.getByRole('option').first().waitFor();
  const expectText = async (): Promise<void> => {
    expect(await page.locator('body').locator('img, iframe, a, #root script, #root style').count()).toBe(0);
    await isPlain(page);
  };
  await expectText();
  await page.getByRole('combobox', { name: 'Filter runs' }).fill('');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: `${first} (has mistakes)`, exact: true }).waitFor();
  await expectText();
  await page.getByRole('menuitem', { name: `${second} (has mistakes)`, exact: true }).click();
  await page.getByText(`${second}, line 1: ${second}`).waitFor();
  await expectText();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Grouped', exact: true }).click();
  await page.getByRole('button', { name: `Do not group by ${quoted}`, exact: true }).waitFor();
  await expect
    .poll(async () => (await rowNames(page)).toSorted())
    .toEqual([`${first} ${first} · ${quoted} not set`, `${first} not set · ${quoted} ${quoted}`, `${first} not set · ${quoted} not set`].toSorted());
  await expectText();
});
