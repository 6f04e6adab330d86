import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeModel } from '../../extension/models/describe-model.ts';
import type { ModelPage, ModelSurroundings, RegisteredVersion, VersionChanges } from '../../schemas/model-page.ts';
import { readParams } from '../../schemas/param-reader.ts';
import { readDataSchema } from '../../schemas/signature-reader.ts';
import { hostileText as hostile } from '../support/hostile-names.ts';
import { modelShapes } from '../support/model-shapes.ts';
import { isPlain } from '../support/plain-text.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames, type ViewOptions } from '../support/webview-page.ts';
import { repository } from '../../scripts/tools.ts';

const webview = webviewForFile({ name: 'model', host: 'test/support/fake-model-page-host.ts' });

const inputs = readDataSchema(
  JSON.stringify([
    { type: 'double', name: 'alcohol' },
    { type: 'object', name: 'place', properties: { town: { type: 'string' }, height: { type: 'long', required: false } }, required: false },
  ]),
).value;
const outputs = readDataSchema('[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]').value;

const wine: ModelPage = {
  label: 'wine/3',
  modelUri: 'models:/wine/3',
  source: 'mlflow.db',
  facts: [
    { name: 'Created', value: '2026-11-25 18:33:06 UTC' },
    { name: 'Written by', value: 'mlflow 3.17.2' },
    { name: 'Size', value: '6.8 kB' },
  ],
  problems: [],
  flavors: [
    { name: 'python_function', loader: 'mlflow.sklearn', values: [{ name: 'python_version', value: '3.11.7' }] },
    { name: 'sklearn', values: [{ name: 'sklearn_version', value: '1.9.1' }] },
  ],
  signature: {
    ...(inputs && { inputs }),
    ...(outputs && { outputs }),
    params: readParams('[{"name": "threshold", "type": "double", "default": 0.5, "shape": null}]').value,
  },
  example: '{"columns": ["alcohol"], "data": [[9.4]]}',
  environmentFiles: ['requirements.txt', 'python_env.yaml', 'conda.yaml'],
  variables: ['OPENAI_API_KEY'],
  more: [{ name: 'metadata', value: '{\n  "task": "llm/v1/chat"\n}' }],
  files: [
    { path: 'MLmodel', size: 900 },
    { path: 'model.skops', size: 5_400 },
  ],
  canServe: true,
};

const around: ModelSurroundings = {
  environment: {
    kind: 'checked',
    interpreter: '/work/.venv/bin/python',
    python: { required: '3.11.7', installed: '3.12.1' },
    packages: [
      { name: 'mlflow', required: '==3.17.2', installed: '3.17.2', verdict: 'met' },
      { name: 'scikit-learn', required: '==1.9.1', installed: '1.8.0', verdict: 'differs' },
      { name: 'lightgbm', required: '', verdict: 'missing' },
    ],
  },
  run: { runId: 'abc', name: 'calm-fox', datasets: ['wine (1a2b)'] },
  versions: [{ name: 'wine', version: 3, aliases: ['champion'], stage: 'Production' }],
};

const third: RegisteredVersion = {
  name: 'wine',
  version: 3,
  status: 'ready',
  statusMessage: '',
  stage: 'Production',
  aliases: ['champion', 'eu'],
  description: 'Trained on the **new** cellar.',
  source: 'models:/m-123',
  run: { runId: 'abc', name: 'calm-fox', state: 'active' },
  creator: 'ann',
  createdAt: Date.now() - 86_400_000,
  updatedAt: Date.now() - 60_000,
  tags: [{ name: 'team', value: 'cellar' }],
};

const sinceSecond: VersionChanges = {
  previous: 2,
  metrics: [
    { name: 'r2', before: '0.4', after: '0.3', delta: '−0.1', verdict: 'worse' },
    { name: 'rmse', before: '0.8', after: '0.7', delta: '−0.1', verdict: 'better' },
  ],
  params: [{ name: 'alpha', before: '0.1', after: '' }],
  signature: [
    { text: 'inputs sulphates added (double)', breaks: true },
    { text: 'inputs ph removed (double)', breaks: false },
  ],
  packages: [{ name: 'scikit-learn', before: '1.8.0', after: '1.9.1' }],
  data: [],
  commit: { name: 'commit', before: '1a2b3c', after: '4d5e6f' },
  notes: [],
};

const openVersion = async (version: RegisteredVersion = third, changes: VersionChanges = sinceSecond): Promise<Page> => {
  const page = await open();
  await page.evaluate((given) => fakeModelPageHost.tellVersion(...given), [version, changes] as const);
  return page;
};

const open = async (model: Partial<ModelPage> = {}, surroundings: ModelSurroundings = around, options: ViewOptions = {}): Promise<Page> => {
  const page = await webview.open(options);
  const whole = JSON.stringify({ model: { ...wine, ...model }, surroundings });
  await page.evaluate((text) => fakeModelPageHost.load(JSON.parse(text) as Parameters<typeof fakeModelPageHost.load>[0]), whole);
  await page.getByRole('heading', { name: model.label ?? 'wine/3' }).waitFor();
  return page;
};

const asked = async (page: Page): Promise<readonly unknown[]> =>
  await page.evaluate(() => fakeModelPageHost.asked.map(({ method, params }) => [method, params]));

test('shows the signature as tables, the flavors with their loaders, and the packages one by one', async () => {
  const page = await open();
  expect(await page.getByRole('table', { name: 'Inputs' }).getByRole('row').allInnerTexts()).toEqual([
    expect.stringMatching(/name\s+type\s+needed/),
    expect.stringMatching(/alcohol\s+double\s+yes/),
    expect.stringMatching(/place\s+\{town: string, height\?: long\}\s+optional/),
  ]);
  await page.getByRole('table', { name: 'Outputs' }).getByText('float32[-1, 2]').waitFor();
  await page.getByRole('table', { name: 'Params' }).getByText('0.5').waitFor();
  await page.getByText('loaded by mlflow.sklearn').waitFor();
  await page.getByText('2 of 3 packages are not as required').waitFor();
  expect(await page.getByRole('row', { name: /lightgbm/ }).innerText()).toMatch(/missing/);
  await page.getByText('@champion Production').waitFor();
});

test('a registered version: where it stands, and what has changed since the one before', async () => {
  const page = await openVersion();
  const about = page.getByRole('region', { name: 'Registered as wine, version 3' });
  expect(await about.locator('dl').innerText()).toMatch(
    /Status\s+ready\s+Stage\s+Production\s+Aliases\s+@champion @eu\s+Source\s+models:\/m-123\s+Creator\s+ann/,
  );
  expect(await about.locator('strong').innerText()).toBe('new');
  const changes = page.getByRole('region', { name: 'Changed since version 2' });
  await changes.getByText('Callers of version 2 break').waitFor();
  expect(await changes.getByRole('listitem').allInnerTexts()).toEqual(['inputs sulphates added (double): breaks', 'inputs ph removed (double)']);
  expect(await changes.getByRole('table', { name: 'Metrics' }).getByRole('row').allInnerTexts()).toEqual([
    expect.stringMatching(/name\s+version 2\s+version 3/),
    expect.stringMatching(/r2\s+0\.4\s+0\.3 −0\.1, worse/),
    expect.stringMatching(/rmse\s+0\.8\s+0\.7 −0\.1, better/),
  ]);
  expect(await changes.getByRole('table', { name: 'Params' }).getByRole('row').last().innerText()).toMatch(/alpha\s+0\.1\s+–/);
  expect(await changes.getByRole('table', { name: 'Packages' }).getByRole('row').last().innerText()).toMatch(/scikit-learn\s+1\.8\.0\s+1\.9\.1/);
  expect(await changes.getByRole('table', { name: 'Commit' }).getByRole('row').last().innerText()).toMatch(/1a2b3c\s+4d5e6f/);
  await changes.getByText('The same: data.').waitFor();
  await about.getByRole('button', { name: 'calm-fox' }).click();
  expect(await asked(page)).toEqual([['openRun', { runId: 'abc' }]]);
});

test('the first version has none before it, and a version of a run that is gone leads nowhere', async () => {
  const { previous: _, ...first } = { ...sinceSecond, signature: [], metrics: [], params: [], packages: [] };
  const page = await openVersion({ ...third, run: { runId: 'abc', name: 'abc', state: 'gone' } }, first);
  await page.getByText('There is no version before this one.').waitFor();
  await page.getByText('Made by the run abc, which is gone').waitFor();
  expect(
    await page
      .getByRole('region', { name: /^Registered as/ })
      .getByRole('button')
      .count(),
  ).toBe(0);
});

test('a version whose files cannot be read is shown all the same, with the reason', async () => {
  const page = await webview.open();
  const failed: RegisteredVersion = { ...third, status: 'failed: its registration did not succeed', statusMessage: 'disk full' };
  const unread: VersionChanges = { ...sinceSecond, signature: [], packages: [], notes: ['The MLmodel of wine version 3 cannot be read: gone'] };
  await page.evaluate((given) => fakeModelPageHost.tellVersion(...given), [failed, unread] as const);
  await page.evaluate(() => fakeModelPageHost.fail('There is no MLmodel file'));
  await page.getByRole('heading', { name: 'wine/3' }).waitFor();
  await page.getByText('failed: its registration did not succeed. disk full').waitFor();
  await page.getByText('The MLmodel of wine version 3 cannot be read: gone').waitFor();
  await page.getByText('The same: data.').waitFor();
  await page.getByRole('alert').getByText('There is no MLmodel file').waitFor();
});

test('its buttons ask the host', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Serve', exact: true }).click();
  await page.getByRole('button', { name: 'Serve with…' }).click();
  await page.getByRole('button', { name: 'Open as text' }).click();
  await page.getByRole('button', { name: 'python_env.yaml' }).click();
  await page.getByRole('button', { name: 'calm-fox' }).click();
  await page.getByRole('button', { name: 'wine version 3' }).click();
  await page.getByRole('button', { name: 'Copy snippet' }).click();
  expect(await asked(page)).toEqual([
    ['serve', { chooses: false }],
    ['serve', { chooses: true }],
    ['openFile', { path: 'MLmodel' }],
    ['openFile', { path: 'python_env.yaml' }],
    ['openRun', { runId: 'abc' }],
    ['openVersion', { name: 'wine', version: 3 }],
    ['copySnippet', null],
  ]);
});

test('a model without a signature, files or a flavor that can be served says so', async () => {
  const { signature: _, files: __, example: ___, ...bare } = wine;
  const page = await open(
    { ...bare, label: 'bare', flavors: [], canServe: false, problems: ['The file is broken.'], environmentFiles: [] },
    { environment: { kind: 'unchecked', reason: 'No Python was found to compare with.' }, versions: [] },
  );
  await page.getByText('The file is broken.').waitFor();
  await page.getByText('nothing can load it').waitFor();
  await page.getByText('No Python was found to compare with.').waitFor();
  expect(await page.getByRole('button', { name: 'Serve', exact: true }).isDisabled()).toBe(true);
});

test('what fails is told', async () => {
  const page = await open();
  await page.evaluate(() => fakeModelPageHost.fail('There is no MLmodel file'));
  await page.getByRole('alert').getByText('There is no MLmodel file').waitFor();
});

test('files of every flavor and age are shown', async () => {
  const page = await open();
  for (const [name, text] of modelShapes) {
    const files = { read: async (path: string) => (path === 'MLmodel' ? text : undefined), list: async () => undefined };
    const model = await describeModel(files, { label: name, modelUri: 'models:/x/1', source: '' });
    const shown = JSON.stringify({ model, surroundings: around });
    await page.evaluate((answers) => fakeModelPageHost.load(JSON.parse(answers) as Parameters<typeof fakeModelPageHost.load>[0]), shown);
    await page.getByRole('heading', { name }).waitFor();
    for (const flavor of model.flavors) await page.getByText(flavor.name, { exact: true }).first().waitFor();
  }
});

test('names of every kind are text', async () => {
  const page = await open({
    label: hostile,
    modelUri: hostile,
    facts: [{ name: hostile, value: hostile }],
    flavors: [{ name: hostile, loader: hostile, values: [{ name: hostile, value: hostile }] }],
    more: [{ name: hostile, value: `${hostile}\n${hostile}` }],
    files: [{ path: hostile }],
  });
  const change = { name: hostile, before: hostile, after: hostile };
  const signature = [{ text: hostile, breaks: true }];
  const changes: VersionChanges = { ...sinceSecond, params: [change], packages: [change], data: [change], commit: change, signature, notes: [hostile] };
  const version: RegisteredVersion = {
    ...third,
    name: hostile,
    description: hostile,
    source: hostile,
    creator: hostile,
    statusMessage: hostile,
    aliases: [hostile],
  };
  await page.evaluate((given) => fakeModelPageHost.tellVersion(...given), [version, changes] as const);
  await page.getByRole('heading', { name: 'Changed since version 2' }).waitFor();
  await isPlain(page);
});

test('is readable in every theme, and has no fault that axe knows', async () => {
  const page = await openVersion();
  await page.getByText('packages are not as required').waitFor();
  await page.evaluate(axe.source);
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const theme of themeNames) {
    await setTheme(page, theme);
    await page.screenshot({ path: join(folder, `model-${theme}.png`), fullPage: true });
    const violations = await page.evaluate(async () => {
      const found = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(violations, theme).toEqual([]);
  }
});

test('fits into a narrow editor', async () => {
  const page = await open({}, around, { width: 420, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
