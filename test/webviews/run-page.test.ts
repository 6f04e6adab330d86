import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunPlace, RunSurroundings, ShownRun } from '../../schemas/run-protocol.ts';
import { repository } from '../../scripts/tools.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames, type ViewOptions } from '../support/webview-page.ts';

const webview = webviewForFile({ name: 'run', host: 'test/support/fake-run-host.ts' });

const runId = '0123456789abcdef0123456789abcdef';
const startTime = Date.UTC(2026, 10, 25, 18, 33);

const metric = (key: string, value: number, step = 3) => ({ key, value, step, timestamp: startTime });

const run: ShownRun = {
  runId,
  name: 'calm-fox',
  status: 'FINISHED',
  isProbablyDead: false,
  isDeleted: false,
  experimentId: '1',
  user: 'ada',
  startTime,
  endTime: startTime + 192_000,
  artifactUri: 'mlflow-artifacts:/1/abc',
  source: { name: '/work/train.py', type: 'LOCAL', commit: 'd7352f7e1b0c4a5d9f0e8b7a6c5d4e3f2a1b0c9d', branch: 'main' },
  note: '# Why\n\nA **bold** try, see [the paper](https://example.org/paper).\n\n- one\n- two',
  params: [
    { key: 'alpha', value: '0.5' },
    { key: 'prompt', value: 'word '.repeat(2000) },
  ],
  tags: [
    { key: 'mlflow.user', value: 'ada' },
    { key: 'team', value: 'red' },
  ],
  metrics: [metric('accuracy', 0.98765432), metric('loss', 0.125), metric('system/cpu_utilization_percentage', 12.3)],
  datasets: [{ name: 'wine', digest: '1a2b', sourceType: 'http', context: 'training' }],
};

const surroundings: RunSurroundings = {
  experiment: 'wine/quality',
  parent: { runId: 'p1', name: 'sweep', status: 'RUNNING' },
  children: [{ runId: 'c1', name: 'fold 1', status: 'FAILED' }],
  hasMoreChildren: false,
  models: [{ name: 'model', modelUri: 'models:/m-1', role: 'output', step: 3 }],
  directions: {},
};

const histories: Readonly<Record<string, readonly number[]>> = {
  accuracy: [0.5, 0.9, 0.99, 0.98765432],
  loss: [0.9, 0.0625, 0.25, 0.125],
  'system/cpu_utilization_percentage': [10, 20, 12.3],
};

interface World {
  readonly run?: { readonly [Key in keyof ShownRun]?: ShownRun[Key] | undefined };
  readonly surroundings?: Partial<RunSurroundings>;
  readonly place?: Partial<RunPlace>;
  readonly restore?: unknown;
  readonly histories?: typeof histories;
}

/** Undefined: nothing is told. */
const open = async (world: World | undefined = {}, options: ViewOptions = {}): Promise<Page> => {
  const page = await webview.open(options);
  const whole = {
    run: { ...run, ...world.run } as ShownRun,
    surroundings: { ...surroundings, ...world.surroundings },
    place: { store: 'mlflow.db', isTrusted: true, ...world.place },
    restore: world.restore,
  };
  const told = world.histories ?? histories;
  await page.evaluate(([shown, series]) => fakeRunHost.load(shown, series), [whole, told] as const);
  await page.getByRole('tablist').waitFor();
  return page;
};

const asked = async (page: Page, ...except: readonly string[]): Promise<readonly unknown[]> =>
  (await page.evaluate(() => fakeRunHost.asked.map(({ method, params }) => [method, params] as const))).filter(([method]) => !except.includes(method));

const fact = (page: Page, name: string) => page.locator(`dt:text-is("${name}") + dd`);

test('says what the run is: its state, its times, its source, what it belongs to', async () => {
  const page = await open();
  await page.getByRole('heading', { name: 'calm-fox', level: 1 }).waitFor();
  expect(await page.locator('.run-name .run-status').innerText()).toBe('finished');
  expect(await fact(page, 'Duration').innerText()).toBe('3 m 12 s');
  expect(await fact(page, 'Started').locator('time').getAttribute('title')).toContain('2026');
  expect((await fact(page, 'Experiment').innerText()).trim()).toBe('wine/quality of mlflow.db');
  expect(await fact(page, 'Source').innerText()).toMatch(/^train\.py at d7352f7e of main/);
  expect(await fact(page, 'Datasets').innerText()).toMatch(/^wine\s+1a2b · training$/);
  await fact(page, 'Parent').getByRole('button', { name: 'sweep' }).click();
  await fact(page, 'Models').getByRole('button', { name: 'model' }).click();
  await fact(page, 'Source').getByRole('button', { name: 'train.py' }).click();
  await fact(page, 'Run ID').getByRole('button', { name: 'Copy Run ID' }).click();
  expect(await asked(page)).toEqual([
    ['openRun', { runId: 'p1' }],
    ['openModel', { modelUri: 'models:/m-1' }],
    ['openSource', null],
    ['copy', { text: runId }],
  ]);
});

test('is readable in every theme, and has no fault that axe knows', async () => {
  const page = await open();
  await page.evaluate(axe.source);
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const tab of ['Overview', 'Metrics']) {
    await page.getByRole('tab', { name: tab }).click();
    for (const theme of themeNames) {
      await setTheme(page, theme);
      await page.screenshot({ path: join(folder, `run-${tab.toLowerCase()}-${theme}.png`), fullPage: true });
      const violations = await page.evaluate(async () => {
        const found = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run();
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(violations, `${tab} ${theme}`).toEqual([]);
    }
  }
});

test('tabs are one stop of the keyboard, and arrows go from one to the next', async () => {
  const page = await open();
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('tab', { name: 'Metrics' }).getAttribute('aria-selected')).toBe('true');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Metrics');
  await page.getByRole('tabpanel', { name: 'Metrics' }).waitFor();
  await page.keyboard.press('End');
  await page.getByRole('tabpanel', { name: 'Log' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tabpanel', { name: 'Overview' }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('tabpanel', { name: 'Log' }).waitFor();
  expect(await page.evaluate(() => fakeRunHost.saved.at(-1))).toMatchObject({ tab: 'log' });
});

test('comes back with its tab and its filter', async () => {
  const page = await open({ restore: { tab: 'metrics', kept: { metrics: { filter: 'LOSS' } } } });
  const grid = page.getByRole('grid', { name: 'Metrics', exact: true });
  expect(await grid.getByRole('rowheader').allInnerTexts()).toEqual(['loss']);
  await page.getByText('1 of 3 metrics').waitFor();
});

test('is renamed where its name stands, and back', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Rename' }).press('Enter');
  const field = page.getByRole('textbox', { name: 'Name of the run' });
  await field.fill(' ');
  await field.press('Enter');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await field.fill('bold-owl');
  await field.press('Enter');
  await page.getByRole('heading', { name: 'bold-owl' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'calm-fox' }).waitFor();
  await page.getByRole('button', { name: 'Rename' }).click();
  await field.fill('never');
  await field.press('Escape');
  expect(await asked(page)).toEqual([
    ['rename', { name: 'bold-owl' }],
    ['rename', { name: 'calm-fox' }],
  ]);
});

const tags = (page: Page) => page.getByRole('table', { name: 'Tags', exact: true });

test('a tag is edited, added and removed where it stands, and each is taken back by the keyboard', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Edit team' }).press('Enter');
  const field = page.getByRole('textbox', { name: 'Value of team' });
  await field.fill('blue');
  await field.press('Enter');
  await tags(page).getByText('blue').waitFor();
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('Control+z');
  await tags(page).getByText('red').waitFor();

  await page.getByRole('button', { name: 'Add Tag' }).click();
  await page.getByRole('textbox', { name: 'Name of the tag' }).fill('stage');
  await page.getByRole('textbox', { name: 'Value of the tag' }).fill('one');
  await page.keyboard.press('Enter');
  await tags(page)
    .getByRole('row', { name: /^stage one/ })
    .waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await tags(page)
    .getByRole('row', { name: /^stage/ })
    .waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Remove team' }).click();
  await page.getByText('Nobody has set a tag.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await tags(page).getByText('red').waitFor();
  expect(await asked(page)).toEqual([
    ['setTag', { key: 'team', value: 'blue' }],
    ['setTag', { key: 'team', value: 'red' }],
    ['setTag', { key: 'stage', value: 'one' }],
    ['deleteTag', { key: 'stage' }],
    ['deleteTag', { key: 'team' }],
    ['setTag', { key: 'team', value: 'red' }],
  ]);
});

test('what the store refuses is told, and the tag stays as it is stored', async () => {
  const page = await open();
  await page.evaluate(() => fakeRunHost.refusals.set('setTag', 'The store is full'));
  await page.getByRole('button', { name: 'Edit team' }).click();
  await page.getByRole('textbox', { name: 'Value of team' }).fill('blue');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The store is full').waitFor();
  await tags(page).getByText('red').waitFor();
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
});

test('a long value is cut until somebody asks for it', async () => {
  const page = await open();
  const row = page.getByRole('row', { name: /^prompt/ });
  expect((await row.innerText()).length).toBeLessThan(600);
  await row.getByRole('button', { name: 'Show all 10,000 characters' }).click();
  expect((await row.innerText()).length).toBeGreaterThan(9_000);
  await row.getByRole('button', { name: 'Copy prompt' }).click();
  expect((await asked(page)).at(-1)).toEqual(['copy', { text: 'word '.repeat(2000) }]);
});

test('metrics have their last, best, smallest and largest values from one request', async () => {
  const page = await open();
  await page.getByRole('tab', { name: 'Metrics' }).click();
  const rows = page.getByRole('grid', { name: 'Metrics', exact: true }).getByRole('row');
  await rows.nth(1).locator('.sparkline path').waitFor();
  expect((await rows.nth(1).innerText()).split('\n')).toEqual(['accuracy', '0.98765', '0.99', '0.5', '0.99', '3']);
  expect((await rows.nth(2).innerText()).split('\n')).toEqual(['loss', '0.125', '0.0625', '0.0625', '0.9', '3']);
  expect(await rows.nth(1).getByText('0.98765').locator('..').getAttribute('title')).toContain('0.98765432');
  await page.getByRole('grid', { name: 'System metrics' }).getByText('system/cpu_utilization_percentage').waitFor();
  expect(await asked(page)).toEqual([['histories', { keys: ['accuracy', 'loss', 'system/cpu_utilization_percentage'], buckets: 32 }]]);
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
  expect(await asked(page, 'histories')).toEqual([
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
  expect(await fact(page, 'Duration').innerText()).toMatch(/^1 m/);
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
  expect((await asked(page)).at(-1)).toEqual(['histories', { keys: ['loss'], buckets: 32, window: { axis: 'step', from: 3, to: Number.MAX_SAFE_INTEGER } }]);
});

test('500 metrics are a handful of rows in the document', async () => {
  const metrics = Array.from({ length: 500 }, (_, index) => metric(`metric/${String(index).padStart(3, '0')}`, index));
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
  expect(await asked(page)).toHaveLength(1);
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

test('a run without anything says so', async () => {
  const page = await open({ run: { params: [], tags: [], metrics: [], note: '', datasets: [] } });
  await page.getByText('No note yet.').waitFor();
  await page.getByText('This run has logged no params.').waitFor();
  await page.getByText('Nobody has set a tag.').waitFor();
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await page.getByText('This run has logged no metrics.').waitFor();
});

test('a run that is deleted while it is looked at stays on the page, is not edited, and can be brought back', async () => {
  const page = await open();
  await page.evaluate(() => fakeRunHost.change({ isDeleted: true }));
  await page.getByRole('alert').getByText('This run is deleted.').waitFor();
  expect(await page.getByRole('button', { name: /Rename|Edit|Add Tag|Remove/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Restore' }).click();
  expect(await asked(page)).toEqual([['restoreRun', null]]);
  await page.evaluate(() => fakeRunHost.event('failed', { message: "Run 'x' not found", isGone: true }));
  await page.getByText("This run is no longer there. Run 'x' not found").waitFor();
  await page.getByRole('heading', { name: 'calm-fox' }).waitFor();
  await page.evaluate(() => fakeRunHost.event('failed', null));
  await page.getByText('no longer there').waitFor({ state: 'detached' });
});

test('a store that can only be read, and a workspace that is not trusted, say so', async () => {
  const page = await open({ place: { readOnlyReason: 'the file is write-protected', isTrusted: false } });
  await page.getByText('This store can only be read: the file is write-protected').waitFor();
  await page.getByText('This workspace is not trusted').waitFor();
  expect(await page.getByRole('button', { name: /Rename|Edit|Add Tag|Remove/ }).count()).toBe(0);
});

test('names, values and notes of every kind are text, and request nothing', async () => {
  const hostile = '<img src=x onerror=alert(1)>\u202Egnp.exe\u0007</script><script>alert(1)</script>';
  const note = [
    hostile,
    '![picture](https://evil.example/pixel.png)',
    '[run](command:workbench.action.quit) [js](javascript:alert(1)) [file](file:///etc/passwd) [data](data:text/html,x)',
    '<style>body{display:none}</style><iframe src="https://evil.example"></iframe>',
    '[fine](https://example.org)',
  ].join('\n\n');
  const requests: string[] = [];
  const around: Partial<RunSurroundings> = {
    experiment: hostile,
    parent: { runId: 'p1', name: hostile, status: 'RUNNING' },
    children: [{ runId: 'c1', name: hostile, status: 'FAILED' }],
    models: [{ name: hostile, modelUri: hostile, role: 'output', step: 3 }],
  };
  const page = await open({ surroundings: around });
  page.on('request', (request) => requests.push(request.url()));
  const named = { key: hostile, value: hostile.repeat(200) };
  const text = JSON.stringify({
    name: hostile,
    note,
    user: hostile,
    params: [named],
    tags: [named],
    metrics: [{ ...metric(hostile, 1) }],
    datasets: [{ name: hostile, digest: hostile, sourceType: hostile }],
    source: { name: hostile, commit: hostile },
  });
  await page.evaluate((changes) => fakeRunHost.change(JSON.parse(changes) as Partial<ShownRun>), text);
  await page.getByText('[picture](https://evil.example/pixel.png)').waitFor();
  expect(await page.locator('main').locator('img, script, style, iframe').count()).toBe(0);
  expect(await page.locator('.markdown a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(['https://example.org']);
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await page.getByRole('grid', { name: 'Metrics', exact: true }).getByText('<img src=x').waitFor();
  expect(requests).toEqual([]);
});

test('fits into a narrow editor', async () => {
  const page = await open({}, { width: 420, height: 800 });
  const fits = async (): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(await fits()).toBe(true);
  await page.getByRole('tab', { name: 'Metrics' }).click();
  expect(await fits()).toBe(true);
});
