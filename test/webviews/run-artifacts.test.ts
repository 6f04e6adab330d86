import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { ArtifactEntry, ArtifactListing } from '../../schemas/run-artifacts-protocol.ts';
import { toRows } from '../../webviews/run/artifacts/tree-rows.ts';
import { repository } from '../../scripts/tools.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames } from '../support/webview-page.ts';

const webview = webviewForFile({ name: 'run', host: 'test/support/fake-run-host.ts' });

const hostileHtml = `<!DOCTYPE html><html><head><title>x</title><script>parent.postMessage('ran','*');document.title='ran'</script>
<link rel="stylesheet" href="https://evil.example/a.css"><meta http-equiv="refresh" content="0;url=https://evil.example/">
<base href="https://evil.example/"><style>@import url(https://evil.example/b.css); h1 { color: rgb(1, 2, 3); background: url("https://evil.example/c.png") }</style></head>
<body onload="fetch('https://evil.example/d')"><h1 style="font-weight: 900; background-image: url(https://evil.example/e.png)">Report</h1>
<img src="https://evil.example/f.png" srcset="https://evil.example/g.png 2x" onerror="alert(1)"><img alt="dot" src="data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=">
<iframe src="https://evil.example/h"></iframe><svg onload="alert(2)"><script>alert(3)</script><image href="https://evil.example/i.png"/></svg>
<a href="https://evil.example/j">link</a><form action="https://evil.example/k"><button>send</button></form></body></html>`;

const hostileSvg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40" onload="alert(1)">
<script>parent.postMessage('ran','*')</script><image xlink:href="https://evil.example/l.png" width="9" height="9"/><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example/m"/></foreignObject>
<circle cx="20" cy="20" r="15" fill="teal"/></svg>`;

const hostileNotebook = JSON.stringify({
  cells: [
    { cell_type: 'markdown', source: ['# Title\n', '<img src=x onerror="alert(4)"> ![p](https://evil.example/n.png)'] },
    {
      cell_type: 'code',
      source: 'plot()',
      outputs: [
        {
          output_type: 'display_data',
          data: { 'text/html': '<script>alert(5)</script><img src="https://evil.example/o.png">', 'application/javascript': 'alert(6)' },
        },
        { output_type: 'stream', name: 'stdout', text: 'x'.repeat(5_000_000) },
        { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['\u001b[31mTraceback\u001b[0m', '<script>alert(7)</script>'] },
      ],
    },
  ],
  nbformat: 4,
});

const files: Readonly<Record<string, string>> = {
  'report.html': hostileHtml,
  'icon.svg': hostileSvg,
  'hostile.ipynb': hostileNotebook,
  'rows.csv': `name,value,formula\n${Array.from({ length: 30_000 }, (_, row) => `row ${row},${row * 2},"=cmd|' /C calc'!A0"`).join('\n')}\n`,
  'binary.csv': 'PK\u0003\u0004\0\0\u0001\u0002',
  'table.json': JSON.stringify({
    columns: ['input', 'score'],
    data: [
      ['<b>a</b>', 1],
      [null, 2.5],
    ],
  }),
  'config.json': '{"a":[1,{"b":null}]}',
  'notes.md': '# Notes\n\nA **bold** word. <script>alert(8)</script> [x](javascript:alert(9)) ![y](https://evil.example/p.png)\n',
  'broken.parquet': 'PAR1 and then nothing',
  'broken.png': 'no picture',
  'empty.txt': '',
  'long.txt': 'line\n'.repeat(200_000),
  '\u202egpj.exe': 'text',
  '<img src=x onerror=alert(10)>.txt': 'named so',
};

const listing = (entries: readonly ArtifactEntry[]): ArtifactListing => ({ kind: 'listed', entries, omitted: 0 });
const entryOf = (path: string): ArtifactEntry => ({ path, isDirectory: false, size: new TextEncoder().encode(files[path]).length });
const folderOf = (path: string): ArtifactEntry => ({ path, isDirectory: true });
const many = Array.from({ length: 2000 }, (_, index): ArtifactEntry => ({
  path: `many/file-${String(index).padStart(4, '0')}.txt`,
  isDirectory: false,
  size: 1,
}));
const deepPath = (level: number): string => Array.from({ length: level }, () => 'd').join('/');
const deep = Object.fromEntries(Array.from({ length: 1000 }, (_, level) => [deepPath(level + 1), listing([folderOf(deepPath(level + 2))])]));

const listings: Readonly<Record<string, ArtifactListing>> = {
  '': listing([folderOf('d'), folderOf('many'), ...Object.keys(files).toSorted().map(entryOf)]),
  many: listing(many),
  ...deep,
};

const run = {
  runId: 'r',
  name: 'calm-fox',
  status: 'FINISHED',
  isProbablyDead: false,
  isDeleted: false,
  experimentId: '1',
  user: 'ada',
  artifactUri: 'mlflow-artifacts:/1/r/artifacts',
  note: '',
  params: [],
  tags: [],
  metrics: [],
  datasets: [],
};
const surroundings = { experiment: 'e', children: [], hasMoreChildren: false, models: [], directions: {} };

interface OpenTab {
  readonly page: Page;
  readonly tree: Locator;
  readonly preview: Locator;
  /** Addresses that were asked for, besides the page's own. */
  readonly requested: readonly string[];
  choose(name: string): Promise<void>;
}

const openTab = async (root = listings): Promise<OpenTab> => {
  const page = await webview.open();
  const requested: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(webview.origin) && !/^(?:blob|data):/.test(request.url())) requested.push(request.url());
  });
  page.on('dialog', (dialog) => {
    requested.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  onTestFinished(() => expect(requested).toEqual([]));
  await page.evaluate(
    (world) => {
      fakeRunHost.files = world.files;
      fakeRunHost.listings = world.root;
      fakeRunHost.load(world, {});
    },
    { files, root, run, surroundings, place: { store: 'mlflow.db', isTrusted: true }, restore: { tab: 'artifacts' } },
  );
  await page.getByRole('tab', { name: 'Artifacts' }).click();
  const tree = page.getByRole('tree', { name: 'Artifacts' });
  return {
    page,
    tree,
    requested,
    preview: page.locator('.artifact-preview'),
    choose: async (name) => await tree.getByRole('treeitem', { name }).first().click(),
  };
};

test('hostile pages, pictures, notebooks and names run nothing and request nothing', async () => {
  const { page, preview, choose } = await openTab();
  await page.evaluate(() => addEventListener('message', (event) => event.data === 'ran' && document.body.append('a script ran')));
  await choose('report.html');
  const frame = preview.frameLocator('iframe');
  await frame.getByRole('heading', { name: 'Report' }).waitFor();
  // What was harmless of its styles is there.
  expect(await frame.getByRole('heading').evaluate((heading) => [getComputedStyle(heading).color, getComputedStyle(heading).fontWeight])).toEqual([
    'rgb(1, 2, 3)',
    '900',
  ]);
  expect(await frame.locator('img[alt=dot]').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  await preview.getByText('Scripts of the page are not run').waitFor();
  expect(await preview.locator('iframe').getAttribute('sandbox')).toBe('');
  await choose('icon.svg');
  expect(await preview.locator('img').evaluate(async (image: HTMLImageElement) => (await image.decode(), image.naturalWidth))).toBe(40);
  await choose('hostile.ipynb');
  await preview.getByText('An output that is not shown here: text/html, application/javascript').waitFor();
  await preview.getByText('(4980000 more characters)').waitFor();
  await choose('notes.md');
  await preview.getByText('bold').waitFor();
  await choose('<img src=x onerror=alert(10)>.txt');
  await preview.getByText('named so').waitFor();
  await choose('gpj.exe');
  await preview.getByText('text', { exact: true }).waitFor();
  expect(await page.getByText('a script ran').count()).toBe(0);
});

test('tables: the rows on screen, more of them as one scrolls; copied as they are', async () => {
  const { page, preview, choose } = await openTab();
  await choose('rows.csv');
  const grid = preview.getByRole('grid');
  await grid.getByText('row 3', { exact: true }).waitFor();
  await preview.getByText(/The first [\d,]+ rows are read/).waitFor();
  await grid.focus();
  await page.keyboard.press('Control+End');
  await expect
    .poll(async () => {
      await page.keyboard.press('Control+End');
      return grid.getByText('row 29999', { exact: true }).count();
    })
    .toBe(1);
  await preview.getByText('30,000 rows.').waitFor();
  await choose('table.json');
  await preview.getByText('<b>a</b>').waitFor();
  await preview.getByText('null').waitFor();
});

test('what is not as its name says is told in words', async () => {
  const { preview, choose } = await openTab();
  for (const [name, words] of [
    ['binary.csv', 'This is no text, although its name ends in .csv'],
    ['broken.parquet', 'The file is cut off, or still being written'],
    ['broken.png', 'This is no picture'],
    ['empty.txt', 'The file is empty.'],
    ['long.txt', 'The first 262 kB of 1 MB are shown.'],
  ] as const) {
    await choose(name);
    await preview.getByText(words).waitFor();
  }
});

test('the tree: by keyboard, of 2,000 entries only some lines are in the document, a hundred levels open one by one', async () => {
  const { page, tree } = await openTab();
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('m');
  await page.keyboard.press('ArrowRight');
  await tree.getByRole('treeitem', { name: 'file-0000.txt' }).waitFor();
  expect(await tree.getByRole('treeitem', { name: 'file-0000.txt' }).evaluate((row) => [row.ariaLevel, row.ariaSetSize, row.ariaPosInSet])).toEqual([
    '2',
    '2000',
    '1',
  ]);
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(100);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  const level = async (): Promise<number> => Number(await tree.locator('[aria-selected=true]').getAttribute('aria-level'));
  await expect
    .poll(async () => {
      for (let step = 0; step < 50; step += 1) await page.keyboard.press('ArrowRight');
      return level();
    })
    .toBeGreaterThan(100);
});

test('a thousand levels that are open are as many lines', () => {
  const paths = Array.from({ length: 1000 }, (_, level) => deepPath(level + 1));
  const rows = toRows(new Map(Object.entries({ ...deep, '': listing([folderOf('d')]) })), new Set(paths));
  expect(rows.map(({ path, level }) => [path, level])).toEqual([...paths, deepPath(1001)].map((path, index) => [path, index + 1]));
});

test('the buttons ask the host for the chosen artifact', async () => {
  const { page, preview, choose } = await openTab();
  await choose('config.json');
  await preview.getByText('"b": null').waitFor();
  for (const button of ['Open in editor', 'Compare with another run…', 'Download…', 'Reveal', 'Copy path'])
    await preview.getByRole('button', { name: button }).click();
  const asked = await page.evaluate(() => fakeRunHost.asked.filter(({ method }) => /Artifact/.test(method) && !/^(?:list|read)/.test(method)));
  expect(asked).toEqual(
    ['openArtifact', 'compareArtifact', 'downloadArtifact', 'revealArtifact', 'copyArtifactPath'].map((method) => ({
      method,
      params: { path: 'config.json' },
    })),
  );
});

test('artifacts that cannot be read: why, and what would help', async () => {
  const { page } = await openTab({
    '': {
      kind: 'unreadable',
      message: 'The artifacts are in Amazon S3, at s3://b/1.',
      advice: 'A tracking server that proxies artifacts makes such places readable.',
      canAllow: true,
    },
  });
  await page.getByText('Amazon S3, at s3://b/1. A tracking server').waitFor();
  await page.getByRole('button', { name: 'Allow reading…' }).click();
  await expect.poll(async () => page.evaluate(() => fakeRunHost.asked.filter(({ method }) => method === 'allowArtifactFolders').length)).toBe(1);
});

test('in every theme without serious findings of axe', async () => {
  const { page, preview, choose } = await openTab();
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const [name, waitFor] of [
    ['rows.csv', 'row 1'],
    ['report.html', 'Scripts of the page'],
    ['hostile.ipynb', 'plot()'],
  ] as const) {
    await choose(name);
    await preview.getByText(waitFor).first().waitFor();
    for (const theme of themeNames) {
      await setTheme(page, theme);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(async () =>
        (globalThis as unknown as { readonly axe: typeof axe }).axe.run('main', { resultTypes: ['violations'], iframes: false }),
      );
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${theme} ${name} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([]);
      await page.screenshot({ path: join(folder, `artifacts-${name}-${theme}.png`) });
    }
  }
});
