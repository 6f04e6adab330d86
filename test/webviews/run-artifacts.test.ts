import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { ArtifactEntry, ArtifactListing } from '../../schemas/run-artifacts-protocol.ts';
import { toRows } from '../../webviews/run/artifacts/tree-rows.ts';
import { seriousViolationsOn } from '../support/accessibility.ts';
import { pdfOf } from '../support/pdf.ts';
import { askedBy, entriesOf, folderOf, inEveryTheme, listing, runPages, showArtifacts, type ArtifactsTab } from '../support/run-pages.ts';

const pages = runPages();

const files: Readonly<Record<string, string>> = {
  'rows.csv': `name,value,formula\n${Array.from({ length: 30_000 }, (_, row) => `row ${row},${row * 2},"=cmd|' /C calc'!A0"`).join('\n')}\n`,
  'wide.csv': Array.from({ length: 10_000 }, (_, column) => `column ${column}`)
    .join(',')
    .concat('\n1\n'),
  'binary.csv': 'PK\u0003\u0004\0\0\u0001\u0002',
  'table.json': JSON.stringify({
    columns: ['input', 'score'],
    data: [
      ['<b>a</b>', 0.123456789],
      ['two\nlines', null],
      ['z'.repeat(3000), 12_345_678],
    ],
  }),
  'config.json': '{"a":[1,{"b":null}]}',
  'broken.parquet': 'PAR1 and then nothing',
  'broken.png': 'no picture',
  'empty.txt': '',
  'song.flac': 'fLaC',
  'long.txt': 'line\n'.repeat(200_000),
  'notes.md': '# Notes\n\nA **bold** word.\n',
  'report.html': '<style>h1 { color: teal }</style><h1>Report</h1><script>draw()</script>',
  'look.ipynb': JSON.stringify({
    cells: [
      { cell_type: 'markdown', source: '# Look' },
      { cell_type: 'code', source: 'plot()', outputs: [{ output_type: 'stream', name: 'stdout', text: 'printed' }] },
    ],
    nbformat: 4,
  }),
  'paper.pdf': pdfOf(['First page', 'Second page']),
};

const many = Array.from({ length: 2000 }, (_, index): ArtifactEntry => ({
  path: `many/file-${String(index).padStart(4, '0')}.txt`,
  isDirectory: false,
  size: 1,
}));
const deepPath = (level: number): string => Array.from({ length: level }, () => 'd').join('/');
const deep = Object.fromEntries(Array.from({ length: 1000 }, (_, level) => [deepPath(level + 1), listing([folderOf(deepPath(level + 2))])]));

const listings: Readonly<Record<string, ArtifactListing>> = {
  '': listing([folderOf('d'), folderOf('many'), ...entriesOf(files)]),
  many: listing(many),
  ...deep,
};

const openTab = async (root = listings): Promise<ArtifactsTab & { readonly page: Page }> => {
  const page = await pages.open({ files, listings: root });
  return { page, ...(await showArtifacts(page)) };
};

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
  await preview.getByText('two↵lines', { exact: true }).waitFor();
  // Few digits of what has a fraction; copied is the whole.
  await preview.getByText('0.12346', { exact: true }).waitFor();
  await preview.getByText('12345678', { exact: true }).waitFor();
  for (const [cell, whole] of [
    ['0.12346', '0.123456789'],
    [/^z+…$/, 'z'.repeat(3000)],
  ] as const) {
    await grid.getByRole('gridcell', { name: cell, exact: true }).click();
    await page.keyboard.press('Control+c');
    await expect.poll(async () => (await askedBy(page, 'listArtifacts', 'readArtifact')).at(-1)).toEqual(['copy', { text: whole }]);
  }
});

test('of ten thousand columns only those on screen are in the document', async () => {
  const { page, preview, choose } = await openTab();
  await choose('wide.csv');
  const grid = preview.getByRole('grid');
  await grid.getByRole('columnheader', { name: 'column 3', exact: true }).waitFor();
  expect(await grid.getByRole('columnheader').count()).toBeLessThan(30);
  await grid.focus();
  await page.keyboard.press('End');
  await grid.getByRole('columnheader', { name: 'column 9999', exact: true }).waitFor();
});

test('what is not as its name says is told in words', async () => {
  const { preview, choose } = await openTab();
  for (const [name, words] of [
    ['binary.csv', 'This is no text, although its name ends in .csv'],
    ['broken.parquet', 'The file is cut off, or still being written'],
    ['broken.png', 'This is no picture'],
    ['empty.txt', 'The file is empty.'],
    ['song.flac', 'of a kind that VS Code has no player for: download it.'],
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
  await expect
    .poll(async () => await askedBy(page, 'listArtifacts', 'readArtifact'))
    .toEqual(['openArtifact', 'compareArtifact', 'downloadArtifact', 'revealArtifact', 'copyArtifactPath'].map((method) => [method, { path: 'config.json' }]));
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
  await expect.poll(async () => await askedBy(page, 'listArtifacts')).toEqual([['allowArtifactFolders', null]]);
});

test('a document page by page, its text for those who cannot see it', async () => {
  const { preview, choose } = await openTab();
  await choose('paper.pdf');
  const shown = async (name: string): Promise<boolean> =>
    await preview.getByRole('img', { name, exact: true }).evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return data.some((value, index) => index % 4 === 0 && value < 100 && data[index + 3] === 255);
    });
  await preview.getByText('First page').waitFor();
  await expect.poll(async () => await shown('Page 1 of 2')).toBe(true);
  await preview.getByRole('slider', { name: 'Page' }).press('ArrowRight');
  await preview.getByText('Second page').waitFor();
  await expect.poll(async () => await shown('Page 2 of 2')).toBe(true);
});

test('comes back with the folders that were open and the artifact that was looked at', async () => {
  const { page, tree, choose } = await openTab();
  await choose('many');
  await tree.getByRole('treeitem', { name: 'file-0003.txt' }).click();
  const saved = async (): Promise<unknown> => await page.evaluate(() => fakeRunHost.saved.at(-1));
  // The page saves at once what it is first told, and what follows when there is time.
  await expect.poll(async () => JSON.stringify(await saved())).toContain('file-0003.txt');
  const view = await saved();
  const again = await pages.open({ files, listings, restore: view });
  await again.getByRole('region', { name: 'Preview of file-0003.txt' }).waitFor();
  await again.getByRole('treeitem', { name: 'file-0000.txt' }).waitFor();
});

test('what is chosen is kept, however soon afterwards the page is left', async () => {
  const { page, tree } = await openTab();
  for (const name of ['config.json', 'notes.md', 'empty.txt']) await tree.getByRole('treeitem', { name }).waitFor();
  // Within one task: no time passes in between.
  const kept = await page.evaluate(() => {
    const click = (name: string): void => document.querySelector<HTMLElement>(`[role=treeitem][title="${name}"]`)?.click();
    const last = (): string => JSON.stringify(fakeRunHost.saved.at(-1));
    const shortcut = new KeyboardEvent('keydown', { key: 'Tab', ctrlKey: true });
    return ([new Event('blur'), shortcut] as const).map((leaving, index) => {
      click('config.json');
      click(`${['notes.md', 'empty.txt'][index]}`);
      dispatchEvent(leaving);
      return last();
    });
  });
  expect(kept[0]).toContain('notes.md');
  expect(kept[1]).toContain('empty.txt');
});

test('what is looked at is shown again, although its folder is not among those that are kept open', async () => {
  const page = await pages.open({ files, listings, restore: { tab: 'artifacts', kept: { artifacts: { path: 'many/file-0003.txt', expanded: [] } } } });
  await page.getByRole('region', { name: 'Preview of file-0003.txt' }).waitFor();
});

test('in every theme without serious findings of axe', async () => {
  const { page, preview, choose } = await openTab();
  for (const [name, text] of [
    ['rows.csv', 'row 1'],
    ['config.json', '"b": null'],
    ['notes.md', 'bold'],
    ['report.html', 'Scripts of the page'],
    ['look.ipynb', 'plot()'],
    ['paper.pdf', 'First page'],
  ] as const) {
    await choose(name);
    await preview.getByText(text).first().waitFor();
    await inEveryTheme(page, `artifacts-${name}`, async (theme) => expect(await seriousViolationsOn(page), `${name} ${theme}`).toEqual([]));
  }
});
