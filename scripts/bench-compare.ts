/**
 * `npm run bench:compare`: the compare page in a real browser, its data in a store of ours, the extension's own session between
 * them: opening, panning, hovering, live lines, memory, and beside it the time that the released `mlflow server` needs for
 * the same histories; and live lines in the editor itself, with the packed extension. `--no-peer` and `--no-editor` leave these out.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';

import { silentLogger } from '../extension/shared/logger.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import { LocalConnection } from '../extension/tracking/local-connection.ts';
import { findRunsOf } from '../extension/tracking/ui/find-runs.ts';
import { launchBrowser } from '../test/support/workbench.ts';
import { serveComparePage } from './bench/compare-host.ts';
import { liveInEditor } from './bench/compare-editor.ts';
import { watchLive } from './bench/compare-live.ts';
import { heapOf, moveOver, openPage, zoomIn } from './bench/compare-page.ts';
import { timeOfMlflow } from './bench/compare-peer.ts';
import { metricKey, seedHistories, type Shape } from './bench/compare-store.ts';
import { reportFigures, type Figure } from './bench/figures.ts';
import { runQuietly } from './programs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

const { values: options } = parseArgs({
  options: { peer: { type: 'boolean', default: true }, editor: { type: 'boolean', default: true } },
  allowNegative: true,
});

interface Opened {
  readonly path: string;
  readonly folder: string;
  readonly shape: Shape;
  readonly origin: string;
  readonly runIds: readonly string[];
}

const whenReady = (connection: LocalConnection): Promise<void> =>
  new Promise((resolve) => connection.onDidChangeState(({ kind }) => kind === 'ready' && resolve()));

/** A store of that shape, and the page that compares all of it, with a server process that has read no history yet. */
const withStore = async <Result>(shape: Shape, use: (opened: Opened) => Promise<Result>): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
  const path = join(folder, 'mlflow.db');
  console.log(`Filling a store with ${shape.runs} × ${shape.steps} points …`);
  await seedHistories(path, shape);
  const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
  const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server });
  await whenReady(connection);
  const { pointers } = await findRunsOf([connection], { experiments: ['Default'] });
  // Who clicks has seen the tree: by then the server is through with its start, and has read no history.
  await delay(1000);
  const host = await serveComparePage(connection, { runs: pointers });
  try {
    return await use({ path, folder, shape, origin: host.origin, runIds: pointers.map(({ runId }) => runId) });
  } finally {
    await host.close();
    connection.dispose();
    server.dispose();
    await rm(folder, { recursive: true, force: true });
  }
};

const ms = (name: string, values: readonly number[], limit: number): Figure => ({ name, unit: 'ms', values, limit });

const ticks = 50;

/** No gate of its own: it is told, to be judged beside the others. */
const told = Number.MAX_SAFE_INTEGER;

const openings = async (page: Page, { origin, shape: { runs } }: Opened, count: number) => {
  const times = [];
  for (let at = 0; at < count; at++) times.push(await openPage(page, origin, runs));
  return times;
};

const frames = async (page: Page): Promise<readonly Figure[]> => {
  const hovered = await moveOver(page, { pans: false, moves: 60 });
  await zoomIn(page);
  const panned = await moveOver(page, { pans: true, moves: 60 });
  return [ms('hover frame, 1,000 lines', hovered, 25), ms('pan frame, 1,000 lines', panned, 50)];
};

const manyRuns = async (page: Page): Promise<readonly Figure[]> =>
  await withStore({ runs: 1000, steps: 1000 }, async (opened) => {
    const [cold] = await openings(page, opened, 1);
    const warm = await openings(page, opened, 5);
    await openPage(page, opened.origin, opened.shape.runs);
    const heap = (await heapOf(page)) / 2 ** 20;
    const drawn = await frames(page);
    await page.keyboard.press('0');
    const { path, shape } = opened;
    const few = await watchLive(page, { path, runs: 20, first: shape.steps, ticks });
    const all = await watchLive(page, { path, runs: shape.runs, first: shape.steps + ticks, ticks });
    const peer = options.peer ? await timeOfMlflow(opened.folder, opened.runIds, metricKey) : undefined;
    const total = cold?.total ?? Number.NaN;
    return [
      ms('1,000 × 1,000: open, cold', [total], 1000),
      ms(
        '1,000 × 1,000: shown again',
        warm.map((one) => one.total),
        300,
      ),
      ms(
        '1,000 × 1,000: data to pixels',
        warm.map((one) => one.drawn),
        300,
      ),
      ...drawn,
      ms('live at 10 Hz, 20 of 1,000 lines grow: logged to pixel', few.latencies, 250),
      ms('live at 10 Hz, 1,000 lines grow: logged to pixel', all.latencies, told),
      { name: 'live, 1,000 lines grow: time between updates', unit: 'ms', values: [all.interval], limit: 200 },
      { name: 'heap of the page, 1,000 × 1,000', unit: 'MB', values: [heap], limit: 150 },
      ...(peer === undefined
        ? []
        : [ms('mlflow server: the same histories', [peer], told), { name: 'mlflow server / ours, cold', unit: '×', values: [peer / total], limit: told }]),
    ];
  });

const longRuns = async (page: Page): Promise<readonly Figure[]> =>
  await withStore({ runs: 100, steps: 10_000 }, async (opened) => {
    const times = await openings(page, opened, 5);
    return [
      ms(
        '100 × 10,000: open',
        times.map((one) => one.total),
        1000,
      ),
      ms(
        '100 × 10,000: data to pixels',
        times.map((one) => one.drawn),
        250,
      ),
    ];
  });

const inEditor = async (browser: Browser): Promise<readonly Figure[]> => {
  if (!options.editor) return [];
  const { latencies } = await liveInEditor(browser, { runs: 20, steps: 1000 }, ticks);
  return [ms('live at 10 Hz, 20 lines, in the editor: logged to pixel', latencies, 250)];
};

if (options.peer || options.editor) process.env['MLFLOW_WORKBENCH_TEST_PYTHON'] ??= pythonOf(await pythonEnvironment());
// What a window starts and shows are the bundles.
await runQuietly(process.execPath, [join(repository, 'scripts', 'build.ts'), '--production'], { cwd: repository });
const browser = await launchBrowser();
try {
  // The window stands, as VS Code's does, before a store is filled: a new one loads pages of the browser's own beside ours for half a second.
  const window = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  const figures = [...(await manyRuns(window)), ...(await longRuns(window))];
  await window.close();
  await reportFigures('compare', [...figures, ...(await inEditor(browser))]);
} finally {
  await browser.close();
}
