import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { EnvironmentComparison, RunCode } from '../../schemas/run-code-protocol.ts';
import type { LogSource } from '../../schemas/run-log-protocol.ts';
import type { ShownRun } from '../../schemas/run-protocol.ts';
import { repository } from '../../scripts/tools.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames } from '../support/webview-page.ts';

const webview = webviewForFile({ name: 'run', host: 'test/support/fake-run-host.ts' });

const commit = 'd7352f7e1b0c4a5d9f0e8b7a6c5d4e3f2a1b0c9d';

const run: ShownRun = {
  runId: '0123456789abcdef0123456789abcdef',
  name: 'calm-fox',
  status: 'FINISHED',
  isProbablyDead: false,
  isDeleted: false,
  experimentId: '1',
  user: 'ada',
  artifactUri: 'mlflow-artifacts:/1/abc',
  source: { name: '/work/train.py', type: 'LOCAL', commit },
  note: '',
  params: [{ key: 'alpha', value: '0.5' }],
  tags: [],
  metrics: [],
  datasets: [],
};

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

const open = async (world: World = {}): Promise<Page> => {
  const page = await webview.open();
  const whole = {
    run: { ...run, ...world.run },
    surroundings: { experiment: 'wine', children: [], hasMoreChildren: false, models: [], directions: {} },
    place: { store: 'mlflow.db', isTrusted: world.isTrusted ?? true },
  };
  const replies = { readCode: world.code ?? code, compareEnvironment: comparison, logSources: world.sources ?? [output, artifact] };
  await page.evaluate(
    ([shown, answers]) => {
      for (const [method, reply] of Object.entries(answers)) fakeRunHost.replies.set(method, reply);
      fakeRunHost.load(shown, {});
    },
    [whole, replies] as const,
  );
  await page.getByRole('tablist').waitFor();
  return page;
};

const showTab = async (page: Page, name: string): Promise<void> => await page.getByRole('tab', { name }).click();

const print = async (page: Page, text: string, isCut = false): Promise<void> =>
  await page.evaluate((payload) => fakeRunHost.event('logText', payload), { source: 'output', text, isCut });

const asked = async (page: Page): Promise<readonly unknown[]> => await page.evaluate(() => fakeRunHost.asked.map(({ method, params }) => [method, params]));

/** Shows the log, and waits until it is followed: what is printed before is not told. */
const showLog = async (page: Page): Promise<void> => {
  await showTab(page, 'Log');
  await expect.poll(() => asked(page)).toContainEqual(['followLog', output]);
};

test('code is opened in the editor: the source, its changes, what was not committed', async () => {
  const page = await open();
  await showTab(page, 'Code & environment');
  for (const name of ['Source at This Commit', 'Compare Source with Working Tree', 'All Changes Since', /Commit of Another Run/, 'uncommitted.patch', /^Apply/])
    await page.getByRole('tabpanel').getByRole('button', { name }).click();
  expect(await asked(page)).toEqual([
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
  expect(await log.innerText()).toBe(traceback);
  await log.getByRole('button', { name: 'File "train.py", line 12' }).press('Enter');
  await page.getByLabel('Source').selectOption(artifact.name);
  await page.getByRole('button', { name: 'Open Log' }).click();
  await showTab(page, 'Overview');
  expect(await asked(page)).toEqual([
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
  await page.evaluate(axe.source);
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  await showTab(page, 'Code & environment');
  await page.getByText('2 packages of the model wine').click();
  await page.getByRole('button', { name: 'Compare with Python of the Workspace' }).click();
  await page.getByRole('table', { name: /differ/ }).waitFor();
  for (const [tab, name] of [['Code & environment', 'code'] as const, ['Log', 'log'] as const]) {
    await showTab(page, tab);
    if (name === 'log') {
      await showLog(page);
      await print(page, traceback, true);
    }
    for (const theme of themeNames) {
      await setTheme(page, theme);
      await page.screenshot({ path: join(folder, `run-${name}-${theme}.png`), fullPage: true });
      const violations = await page.evaluate(async () => {
        const found = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run();
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(violations, `${tab} ${theme}`).toEqual([]);
    }
  }
});
