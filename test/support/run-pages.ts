/** The page of a run in a real browser, and what it shows, as tests ask for it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { repository } from '../../scripts/tools.ts';
import type { ArtifactEntry, ArtifactListing } from '../../schemas/run-artifacts-protocol.ts';
import type { RunPlace, RunSurroundings, ShownRun } from '../../schemas/run-protocol.ts';
import { webviewForFile } from './webview-for-file.ts';
import { setTheme, themeNames, type ThemeName, type ViewOptions } from './webview-page.ts';

/** A run of which there is little to say. */
export const plainRun: ShownRun = {
  runId: '0123456789abcdef0123456789abcdef',
  name: 'calm-fox',
  status: 'FINISHED',
  isProbablyDead: false,
  isDeleted: false,
  experimentId: '1',
  user: 'ada',
  artifactUri: 'mlflow-artifacts:/1/abc',
  note: '',
  params: [],
  tags: [],
  metrics: [],
  datasets: [],
};

export const plainSurroundings: RunSurroundings = { experiment: 'wine/quality', children: [], hasMoreChildren: false, models: [], directions: {} };

/** What differs from a plain run, and what the host answers about it. */
export interface RunPageWorld {
  /** Undefined takes a field away. */
  readonly run?: { readonly [Key in keyof ShownRun]?: ShownRun[Key] | undefined };
  readonly surroundings?: Partial<RunSurroundings>;
  readonly place?: Partial<RunPlace>;
  readonly restore?: unknown;
  readonly histories?: Readonly<Record<string, readonly number[]>>;
  /** Results of requests, by their names. */
  readonly replies?: Readonly<Record<string, unknown>>;
  /** Texts of artifacts. */
  readonly files?: Readonly<Record<string, string>>;
  readonly listings?: Readonly<Record<string, ArtifactListing>>;
}

export const listing = (entries: readonly ArtifactEntry[]): ArtifactListing => ({ kind: 'listed', entries, omitted: 0 });
export const folderOf = (path: string): ArtifactEntry => ({ path, isDirectory: true });
/** The entries of files at the root. */
export const entriesOf = (files: Readonly<Record<string, string>>): readonly ArtifactEntry[] =>
  Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({ path, isDirectory: false, size: new TextEncoder().encode(text).length }));

const startTime = Date.UTC(2026, 10, 25, 18, 33);

export const metricOf = (key: string, value: number, step = 3) => ({ key, value, step, timestamp: startTime });

/** A run that has something in each of its fields, and what it is among. */
export const trainedRun = {
  run: {
    startTime,
    endTime: startTime + 192_000,
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
    metrics: [metricOf('accuracy', 0.98765432), metricOf('loss', 0.125), metricOf('system/cpu_utilization_percentage', 12.3)],
    datasets: [{ name: 'wine', digest: '1a2b', sourceType: 'http', context: 'training' }],
  },
  surroundings: {
    parent: { runId: 'p1', name: 'sweep', status: 'RUNNING' },
    children: [{ runId: 'c1', name: 'fold 1', status: 'FAILED' }],
    models: [{ name: 'model', modelUri: 'models:/m-1', role: 'output', step: 3 }],
  },
  histories: {
    accuracy: [0.5, 0.9, 0.99, 0.98765432],
    loss: [0.9, 0.0625, 0.25, 0.125],
    'system/cpu_utilization_percentage': [10, 20, 12.3],
  },
} as const satisfies RunPageWorld;

export interface RunPagesOfFile {
  readonly origin: string;
  open(world?: RunPageWorld, options?: ViewOptions): Promise<Page>;
}

/** For the tests of a file: opens a page that shows the run. */
export const runPages = (): RunPagesOfFile => {
  const webview = webviewForFile({ name: 'run', host: 'test/support/fake-run-host.ts' });
  return {
    get origin() {
      return webview.origin;
    },
    async open(world = {}, options) {
      const page = await webview.open(options);
      // As JSON, in which what is undefined is not there.
      await page.evaluate(
        (text) => {
          const { histories = {}, replies = {}, files = {}, listings = {}, ...shown } = JSON.parse(text) as FakeRunWorld;
          for (const [method, reply] of Object.entries(replies)) fakeRunHost.replies.set(method, reply);
          fakeRunHost.files = files;
          fakeRunHost.listings = listings;
          fakeRunHost.load(shown, histories);
        },
        JSON.stringify(wholeOf(world)),
      );
      await page.getByRole('tablist').waitFor();
      return page;
    },
  };
};

const wholeOf = (world: RunPageWorld) => ({
  ...world,
  run: { ...plainRun, ...world.run },
  surroundings: { ...plainSurroundings, ...world.surroundings },
  place: { store: 'mlflow.db', isTrusted: true, ...world.place },
});

type FakeRunWorld = Parameters<typeof fakeRunHost.load>[0] & Pick<RunPageWorld, 'histories' | 'replies' | 'files' | 'listings'>;

/** What the page has asked the host for, besides these. */
export const askedBy = async (page: Page, ...except: readonly string[]): Promise<readonly (readonly [string, unknown])[]> =>
  (await page.evaluate(() => fakeRunHost.asked.map(({ method, params }) => [method, params] as const))).filter(([method]) => !except.includes(method));

/** Pictures in every theme, to be looked at; what else is to be seen there is asked in between. */
export const inEveryTheme = async (page: Page, name: string, check: (theme: ThemeName) => Promise<void>): Promise<void> => {
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const theme of themeNames) {
    await setTheme(page, theme);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`), fullPage: true });
    await check(theme);
  }
};

export interface ArtifactsTab {
  readonly tree: Locator;
  readonly preview: Locator;
  choose(name: string): Promise<void>;
}

export const showArtifacts = async (page: Page): Promise<ArtifactsTab> => {
  await page.getByRole('tab', { name: 'Artifacts' }).click();
  const tree = page.getByRole('tree', { name: 'Artifacts' });
  return {
    tree,
    preview: page.locator('.artifact-preview'),
    choose: async (name) => await tree.getByRole('treeitem', { name }).first().click(),
  };
};
