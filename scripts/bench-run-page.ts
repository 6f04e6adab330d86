/**
 * `npm run bench:run-page`: the page of a run with 500 metrics of 10,000 steps and 2,000 artifacts in a real browser, its data in a store of ours, the
 * extension's own session between them. Gated is how soon the page is there after the server has answered; what the server needs itself is told beside
 * it. `--metrics N`, `--steps N`, `--artifacts N` make another run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';

import { silentLogger } from '../extension/shared/logger.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { LocalConnection } from '../extension/tracking/local-connection.ts';
import { launchBrowser } from '../test/support/workbench.ts';
import { reportFigures, type Figure } from './bench/figures.ts';
import { serveRunPage } from './bench/run-host.ts';
import { heapOf, openMetrics, openOverview } from './bench/run-page.ts';
import { seedRun, type RunShape } from './bench/run-store.ts';
import { runQuietly } from './programs.ts';
import { repository } from './tools.ts';

const { values } = parseArgs({
  options: { metrics: { type: 'string', default: '500' }, steps: { type: 'string', default: '10000' }, artifacts: { type: 'string', default: '2000' } },
});
const shape: RunShape = { metrics: Number(values.metrics), steps: Number(values.steps), artifacts: Number(values.artifacts) };

const rounds = 5;
/** No gate of its own: it is told, to be judged beside the others. */
const told = Number.MAX_SAFE_INTEGER;

const whenReady = (connection: LocalConnection): Promise<void> =>
  new Promise((resolve) => connection.onDidChangeState(({ kind }) => kind === 'ready' && resolve()));

const ms = (name: string, measured: readonly number[], limit: number): Figure => ({ name, unit: 'ms', values: measured, limit });

/** Each time a page that nobody has looked at before. */
const measure = async (browser: Browser, connection: LocalConnection) => {
  const host = await serveRunPage(connection);
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const overview = await openOverview(page, host.origin);
  const sparklines = await openMetrics(page, shape.metrics);
  const heap = await heapOf(page);
  await page.close();
  await host.close();
  return { overview, sparklines, heap };
};

const figures = async (connection: LocalConnection): Promise<readonly Figure[]> => {
  const browser = await launchBrowser();
  const measured = [];
  try {
    for (let round = 0; round < rounds; round++) measured.push(await measure(browser, connection));
  } finally {
    await browser.close();
  }
  return [
    ms(
      'header and overview, after the run was told',
      measured.map(({ overview }) => overview.drawn),
      200,
    ),
    ms(
      'metrics with sparklines, after the histories came',
      measured.map(({ sparklines }) => sparklines.drawn),
      200,
    ),
    ms(
      'overview in all, with the server',
      measured.map(({ overview }) => overview.total),
      told,
    ),
    ms(
      'metrics in all, with the server',
      measured.map(({ sparklines }) => sparklines.total),
      told,
    ),
    { name: 'requests for histories', unit: '', values: measured.map(({ sparklines }) => sparklines.requests), limit: 1 },
    { name: 'rows in the document', unit: '', values: measured.map(({ sparklines }) => sparklines.rows), limit: 60 },
    { name: 'heap of the page', unit: 'MB', values: measured.map(({ heap }) => heap), limit: 50 },
  ];
};

// What a window starts is the bundle.
await runQuietly(process.execPath, [join(repository, 'scripts', 'build.ts')], { cwd: repository });
const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
try {
  console.log(`Filling a store with a run of ${shape.metrics} × ${shape.steps} points and ${shape.artifacts} artifacts …`);
  const path = await seedRun(folder, shape);
  const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server });
  await whenReady(connection);
  await reportFigures('run-page', await figures(connection));
  connection.dispose();
} finally {
  server.dispose();
  await rm(folder, { recursive: true, force: true });
}
