import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RunPlace, RunSurroundings, ShownRun } from '../../schemas/run-protocol.ts';
import { repository } from '../../scripts/tools.ts';
import { openWebview, serveWebview, setTheme, themeNames, type WebviewServer } from '../support/webview-page.ts';
import { launchBrowser } from '../support/workbench.ts';

let server: WebviewServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([serveWebview({ name: 'run', host: 'test/support/fake-run-host.ts' }), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

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
  readonly run?: Partial<ShownRun>;
  readonly surroundings?: Partial<RunSurroundings>;
  readonly place?: Partial<RunPlace>;
  readonly restore?: unknown;
  readonly histories?: typeof histories;
}

/** Undefined: nothing is told. */
const open = async (world: World | undefined = {}, options: Parameters<typeof openWebview>[2] = {}): Promise<Page> => {
  const { page, complaints } = await openWebview(browser, server.origin, options);
  onTestFinished(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });
  const whole = {
    run: { ...run, ...world.run },
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
  expect(await fact(page, 'Experiment').innerText()).toBe('wine/quality of mlflow.db');
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
