import { expect, test } from 'vitest';
import type { ShownRun } from '../../schemas/run-protocol.ts';
import { pdfOf } from '../support/pdf.ts';
import { isPlain } from '../support/plain-text.ts';
import { entriesOf, listing, metricOf, runPages, showArtifacts, type RunPageWorld } from '../support/run-pages.ts';

/** Whatever others have written into a run is text, in each tab: nothing of it runs, and nothing is asked for because of it. */
const pages = runPages();

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

const hostilePdf = pdfOf(['Innocent'], {
  catalog: `/OpenAction << /S /JavaScript /JS (app.alert\\("ran"\\); parent.postMessage\\("ran", "*"\\)) >> /AA << /WC << /S /URI /URI (https://evil.example/q) >> >>`,
  page: `/AA << /O << /S /Launch /F (/bin/sh) >> >> /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 300 200] /A << /S /URI /URI (https://evil.example/r) >> >>
<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V (x) /Rect [0 0 50 50] /AA << /F << /S /JavaScript /JS (app.alert\\(1\\)) >> >> >>]`,
});

const files: Readonly<Record<string, string>> = {
  'report.html': hostileHtml,
  'icon.svg': hostileSvg,
  'hostile.ipynb': hostileNotebook,
  'notes.md': '# Notes\n\nA **bold** word. <script>alert(8)</script> [x](javascript:alert(9)) ![y](https://evil.example/p.png)\n',
  'paper.pdf': hostilePdf,
  '\u202egpj.exe': 'text',
  '<img src=x onerror=alert(10)>.txt': 'named so',
};

test('artifacts: pages, pictures, notebooks, documents and names run nothing and request nothing', async () => {
  const page = await pages.open({ files, listings: { '': listing(entriesOf(files)) } });
  const { preview, choose } = await showArtifacts(page);
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
  await choose('paper.pdf');
  await preview.getByText('Innocent').waitFor();
  await expect
    .poll(async () => await preview.getByRole('img', { name: 'Page 1 of 1' }).evaluate((canvas: HTMLCanvasElement) => canvas.width))
    .toBeGreaterThan(300);
  expect(await page.getByText('a script ran').count()).toBe(0);
});

const hostile = '<img src=x onerror=alert(1)>\u202Egnp.exe\u0007</script><script>alert(1)</script>';
const named = { key: hostile, value: hostile.repeat(200) };
const related = { runId: hostile, name: hostile, status: hostile };

const note = [
  hostile,
  '![picture](https://evil.example/pixel.png)',
  '[run](command:workbench.action.quit) [js](javascript:alert(1)) [file](file:///etc/passwd) [data](data:text/html,x)',
  '<style>body{display:none}</style><iframe src="https://evil.example"></iframe>',
  '[fine](https://example.org)',
].join('\n\n');

const run: Partial<ShownRun> = {
  runId: hostile,
  name: hostile,
  status: hostile,
  experimentId: hostile,
  user: hostile,
  artifactUri: hostile,
  color: 'url(https://evil.example/s.svg#p)',
  source: { name: hostile, type: hostile, entryPoint: hostile, commit: hostile, branch: hostile, repository: hostile },
  note,
  params: [named],
  tags: [named, { key: `mlflow.${hostile}`, value: hostile }],
  metrics: [metricOf(hostile, 1), metricOf(`system/${hostile}`, 1)],
  datasets: [{ name: hostile, digest: hostile, sourceType: hostile, context: hostile }],
};

const world: RunPageWorld = {
  run,
  surroundings: {
    experiment: hostile,
    parent: related,
    children: [related],
    models: [{ name: hostile, modelUri: hostile, role: 'output', step: 1 }],
  },
  place: { store: hostile, readOnlyReason: hostile },
  histories: { [hostile]: [1, 2] },
  replies: {
    readCode: { patches: [hostile], environment: { model: hostile, packages: [{ name: hostile, version: hostile }] } },
    compareEnvironment: { other: hostile, changes: [{ name: hostile, before: hostile, after: hostile }] },
    logSources: [
      { kind: 'artifact', name: hostile },
      { kind: 'artifact', name: `${hostile}.log` },
    ],
  },
  listings: { '': { kind: 'unreadable', message: hostile, advice: hostile, canAllow: false } },
};

test('names, values and notes of every kind are text, in each tab', async () => {
  const page = await pages.open({ ...world, run: {} });
  await page.evaluate((text) => fakeRunHost.change(JSON.parse(text) as Partial<ShownRun>), JSON.stringify(run));
  await page.getByText('[picture](https://evil.example/pixel.png)').waitFor();
  await isPlain(page);
  expect(await page.locator('.markdown a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual(['https://example.org']);

  await page.getByRole('tab', { name: 'Metrics' }).click();
  await page.getByRole('grid', { name: 'Metrics', exact: true }).getByText('<img src=x').waitFor();
  await isPlain(page);

  await page.getByRole('tab', { name: 'Artifacts' }).click();
  await page.getByRole('alert').getByText('<img src=x').first().waitFor();
  await isPlain(page);

  await page.getByRole('tab', { name: 'Code & environment' }).click();
  await page.getByText('1 package of the model').click();
  await page.getByRole('button', { name: 'Compare with Python of the Workspace' }).click();
  await page
    .getByRole('table', { name: /^Packages that differ/ })
    .getByText('<img src=x')
    .first()
    .waitFor();
  await isPlain(page);

  await page.getByRole('tab', { name: 'Log' }).click();
  await expect.poll(async () => await page.getByLabel('Source').locator('option').count()).toBe(2);
  await page.evaluate((text) => fakeRunHost.event('logText', { source: text, text: `${text}\nFile "${text}", line 1\n`, isCut: true }), hostile);
  await page.getByRole('region', { name: 'Log' }).getByText('<img src=x').first().waitFor();
  expect(await page.locator('main').locator('img, script, style, iframe').count()).toBe(0);
});

test('a note of 5 MB, with lists ten thousand levels deep, is cut, and the page is as usable as ever', async () => {
  const deep = `${'- '.repeat(10_000)}deep\n\n`;
  const page = await pages.open({ run: { note: `# Why\n\n${deep}[a]: https://example.org\n\n${'[a] word '.repeat(600_000)}` } });
  await page.getByRole('heading', { name: 'Why' }).waitFor();
  const markdown = page.locator('.markdown');
  expect((await markdown.innerText()).length).toBeLessThan(100_000);
  expect(await markdown.locator('ul').count()).toBeLessThan(100);
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await page.getByRole('tabpanel', { name: 'Metrics' }).waitFor();
});

test('what the host refuses is told in words that are text, too', async () => {
  const page = await pages.open();
  await page.evaluate((text) => fakeRunHost.event('failed', { message: text, isGone: true }), hostile);
  await page.getByRole('alert').getByText('This run is no longer there.').waitFor();
  await isPlain(page);
});
