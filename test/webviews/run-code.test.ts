import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { EnvironmentComparison, RunCode } from '../../schemas/run-code-protocol.ts';
import type { LogSource } from '../../schemas/run-log-protocol.ts';
import type { ShownRun } from '../../schemas/run-protocol.ts';
import { violationsOn } from '../support/accessibility.ts';
import { askedBy, inEveryTheme, runPages } from '../support/run-pages.ts';

const pages = runPages();

const commit = 'd7352f7e1b0c4a5d9f0e8b7a6c5d4e3f2a1b0c9d';

const run: Partial<ShownRun> = { source: { name: '/work/train.py', type: 'LOCAL', commit }, params: [{ key: 'alpha', value: '0.5' }] };

const code: RunCode = {
  patches: ['uncommitted.patch'],
  environment: {
    model: 'wine',
    packages: [
      { name: 'mlflow', version: '==3.17.2' },
      { name: 'pandas', version: '' },
    ],
  },
};

const comparison: EnvironmentComparison = {
  other: '/usr/bin/python3',
  changes: [
    { name: 'mlflow', before: '==3.17.2', after: '==3.1.0' },
    { name: 'pandas', before: '' },
  ],
};

const output: LogSource = { kind: 'output', name: 'output' };
const artifact: LogSource = { kind: 'artifact', name: 'logs/<b>.txt' };
const traceback = 'epoch 1\nTraceback (most recent call last):\n  File "train.py", line 12, in <module>\nValueError: <script>alert(1)</script>\n';

interface World {
  readonly run?: Partial<ShownRun>;
  readonly code?: RunCode;
  readonly sources?: readonly LogSource[];
  readonly isTrusted?: boolean;
}

const open = async (world: World = {}): Promise<Page> =>
  await pages.open({
    run: { ...run, ...world.run },
    place: { isTrusted: world.isTrusted ?? true },
    replies: { readCode: world.code ?? code, compareEnvironment: comparison, logSources: world.sources ?? [output, artifact] },
  });

const showTab = async (page: Page, name: string): Promise<void> => await page.getByRole('tab', { name }).click();

const print = async (page: Page, text: string, isCut = false): Promise<void> =>
  await page.evaluate((payload) => fakeRunHost.event('logText', payload), { source: 'output', text, isCut });

/** Shows the log, and waits until it is followed: what is printed before is not told. */
const showLog = async (page: Page): Promise<void> => {
  await showTab(page, 'Log');
  await expect.poll(() => askedBy(page)).toContainEqual(['followLog', output]);
};

test('code is opened in the editor: the source, its changes, what was not committed', async () => {
  const page = await open();
  await showTab(page, 'Code & environment');
  for (const name of ['Source at This Commit', 'Compare Source with Working Tree', 'All Changes Since', /Commit of Another Run/, 'uncommitted.patch', /^Apply/])
    await page.getByRole('tabpanel').getByRole('button', { name }).click();
  await expect
    .poll(async () => await askedBy(page))
    .toEqual([
      ['readCode', null],
      ['openSourceAtCommit', null],
      ['diffSource', null],
      ['diffWorkingTree', null],
      ['diffWithRun', null],
      ['openPatch', { path: 'uncommitted.patch' }],
      ['applyParams', null],
    ]);
});

test('packages are compared with those of the Python of the workspace', async () => {
  const page = await open();
  await showTab(page, 'Code & environment');
  await page.getByText('2 packages of the model wine').click();
  await page.getByRole('button', { name: 'Compare with Python of the Workspace' }).click();
  const rows = page.getByRole('table', { name: 'Packages that differ from /usr/bin/python3' }).getByRole('row');
  await rows.nth(2).waitFor();
  expect(await rows.allInnerTexts()).toEqual(['Differs\tThis run\t/usr/bin/python3', 'mlflow\t3.17.2\t3.1.0', 'pandas\tany version\tnone']);
});

test('a run without commit, environment and trust says what is missing and offers nothing that cannot be', async () => {
  const page = await open({ run: { source: { name: 'train.py' } }, code: { patches: [] }, isTrusted: false });
  await showTab(page, 'Code & environment');
  await page.getByText('The run names no commit').waitFor();
  await page.getByText('The run names no environment').waitFor();
  expect(await page.getByRole('tabpanel').getByRole('button').count()).toBe(0);
});

test('the log grows, its tracebacks lead to the source, and nothing in it is markup', async () => {
  const page = await open();
  await showLog(page);
  const log = page.getByRole('region', { name: 'Log' });
  await print(page, 'epoch 1\n');
  await expect.poll(async () => await log.innerText()).toBe('epoch 1\n');
  await print(page, traceback, true);
  await page.getByText('This is the end of a longer log.').waitFor();
  await expect.poll(async () => await log.innerText()).toBe(traceback);
  await log.getByRole('button', { name: 'File "train.py", line 12' }).press('Enter');
  await page.getByLabel('Source').selectOption(artifact.name);
  await page.getByRole('button', { name: 'Open Log' }).click();
  await showTab(page, 'Overview');
  await expect
    .poll(async () => await askedBy(page))
    .toEqual([
      ['logSources', null],
      ['followLog', output],
      ['openPlace', { file: 'train.py', line: 12 }],
      ['followLog', artifact],
      ['openLog', artifact],
      ['followLog', null],
    ]);
});

test('whoever reads further up stays there while the log grows', async () => {
  const page = await open();
  await showLog(page);
  const lines = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at}\n`).join('');
  const distance = async (): Promise<number> =>
    await page.getByRole('region', { name: 'Log' }).evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  await print(page, lines(500));
  await expect.poll(distance).toBeLessThan(2);
  await print(page, lines(600));
  await expect.poll(distance).toBeLessThan(2);
  await page.getByRole('region', { name: 'Log' }).evaluate((pane) => (pane.scrollTop = 100));
  await expect.poll(distance).toBeGreaterThan(1_000);
  await print(page, lines(700));
  await page.getByText('line 699').waitFor();
  expect(await page.getByRole('region', { name: 'Log' }).evaluate((pane) => pane.scrollTop)).toBe(100);
});

test('a run without a log says how to get one', async () => {
  const page = await open({ sources: [] });
  await showTab(page, 'Log');
  await page.getByText('There is no log.').waitFor();
});

test('both tabs are readable in every theme, and have no fault that axe knows', async () => {
  const page = await open();
  await showTab(page, 'Code & environment');
  await page.getByText('2 packages of the model wine').click();
  await page.getByRole('button', { name: 'Compare with Python of the Workspace' }).click();
  await page.getByRole('table', { name: /differ/ }).waitFor();
  await inEveryTheme(page, 'run-code', async (theme) => expect(await violationsOn(page), theme).toEqual([]));
  await showLog(page);
  await print(page, traceback, true);
  await inEveryTheme(page, 'run-log', async (theme) => expect(await violationsOn(page), theme).toEqual([]));
});

test('without a pointer: code is compared, packages are unfolded, the log is read and its traceback followed', async () => {
  const page = await open();
  await page.getByRole('tab', { name: 'Overview' }).focus();
  const tabTo = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')).includes(name)) return;
    }
    throw new Error(`The Tab key does not reach '${name}'`);
  };
  for (let tab = 0; tab < 3; tab++) await page.keyboard.press('ArrowRight');
  await tabTo('All Changes Since');
  await page.keyboard.press('Enter');
  await tabTo('Compare with Python of the Workspace');
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: /differ/ }).waitFor();
  await tabTo('2 packages');
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Packages', exact: true }).waitFor();
  await tabTo('Apply These Params');
  await page.getByRole('tab', { name: 'Code & environment' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => askedBy(page)).toContainEqual(['followLog', output]);
  await print(page, traceback);
  await tabTo('Open Log');
  await tabTo('Log');
  await tabTo('File "train.py", line 12');
  await page.keyboard.press('Enter');
  expect((await askedBy(page)).at(-1)).toEqual(['openPlace', { file: 'train.py', line: 12 }]);
});
