import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RunChoices } from '../../schemas/run-choices.ts';
import type { RunForm } from '../../schemas/run-form.ts';
import type { FormAnswers } from '../support/fake-form-host.ts';
import { hostileText as hostile } from '../support/hostile-names.ts';
import { isPlain } from '../support/plain-text.ts';
import { webviewForFile } from '../support/webview-for-file.ts';
import { setTheme, themeNames, type ViewOptions } from '../support/webview-page.ts';
import { repository } from '../../scripts/tools.ts';

const webview = webviewForFile({ name: 'run-form', host: 'test/support/fake-form-host.ts' });

const plain: RunChoices = { values: [], manager: 'local', variables: [] };

const wine: RunForm = {
  entryPoint: 'main',
  project: 'wine-quality',
  parameters: [
    { name: 'alpha', type: 'float', defaultValue: '0.5' },
    { name: 'label', type: 'string' },
    { name: 'data', type: 'path', defaultValue: 'data' },
  ],
  history: [
    { ...plain, values: [{ key: 'label', value: 'earlier' }], experiment: 'old', runName: 'first' },
    { ...plain, values: [{ key: 'label', value: 'older' }] },
  ],
  managers: [
    { manager: 'local', note: 'as it is' },
    { manager: 'virtualenv', note: 'pyenv is not on PATH' },
    { manager: 'uv', note: 'made by uv' },
  ],
  isDocker: false,
  experiments: ['Default', 'wine'],
};

const open = async (answers: Partial<FormAnswers> = {}, options: ViewOptions = {}): Promise<Page> => {
  const page = await webview.open(options);
  await page.evaluate((given) => fakeFormHost.load(given), { form: wine, fill: plain, results: {}, ...answers });
  await page.getByRole('heading', { name: 'Run main of' }).waitFor();
  return page;
};

const asked = async (page: Page, method: string): Promise<readonly (RunChoices | undefined)[]> =>
  await page.evaluate((name) => fakeFormHost.asked.filter((each) => each.method === name).map(({ choices }) => choices), method);

const press = async (page: Page, name: string): Promise<void> => await page.getByRole('button', { name, exact: true }).click();

describe('the form', () => {
  test('shows a field for each parameter, with its default, and runs what was typed and nothing else', async () => {
    const page = await open({ results: { run: 'calm-fox' } });
    expect(await page.getByLabel('alpha', { exact: true }).inputValue()).toBe('0.5');
    await page.getByLabel('label', { exact: true }).fill(`it's "x" $HOME`);
    await page.getByLabel('Experiment').fill('wine');
    await page.getByLabel('Run name').fill('mine');
    await page.getByLabel('Environment', { exact: true }).selectOption('uv');
    await press(page, 'Add parameter');
    await page.getByLabel('Name of the parameter').fill('seed');
    await page.getByLabel('Value of seed').fill('7');
    await press(page, 'Add variable');
    await page.getByLabel('Name of the variable').fill('DEBUG');
    await page.getByLabel('Value of DEBUG').fill('1');
    await press(page, 'Run');
    await page.getByText('Started calm-fox').waitFor();
    expect(await asked(page, 'run')).toEqual([
      {
        values: [
          { key: 'label', value: `it's "x" $HOME` },
          { key: 'seed', value: '7' },
        ],
        manager: 'uv',
        experiment: 'wine',
        runName: 'mine',
        variables: [{ key: 'DEBUG', value: '1' }],
      },
    ]);
  });

  test('shows the command as it is typed', async () => {
    const page = await open();
    await page.getByText('It is shown once the values above are right.').waitFor();
    await page.getByLabel('label', { exact: true }).fill('x');
    await page.getByText('python train.py label=x').waitFor();
  });

  test('starts nothing while a value is needed, says so, and goes there', async () => {
    const page = await open();
    expect(await page.getByText('A value is needed').count()).toBe(0);
    await press(page, 'Run');
    await page.locator('.problem').getByText('A value is needed').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    expect(await asked(page, 'run')).toEqual([]);
  });

  test('tells what the host says when it cannot start', async () => {
    const page = await open({ fill: { ...plain, values: [{ key: 'label', value: 'x' }] }, results: { run: '!This workspace is not trusted' } });
    await press(page, 'Run');
    await page.getByRole('alert').filter({ hasText: 'not trusted' }).waitFor();
  });

  test('is filled with an earlier start, and with the defaults again', async () => {
    const page = await open();
    const earlier = page.getByLabel('Fill with an earlier start');
    await earlier.selectOption('first, label=earlier, in old');
    expect(await page.getByLabel('label', { exact: true }).inputValue()).toBe('earlier');
    expect(await page.getByLabel('Experiment').inputValue()).toBe('old');
    await earlier.selectOption('the defaults');
    expect(await page.getByLabel('label', { exact: true }).inputValue()).toBe('');
  });

  test('takes a path from a picker, and a default back', async () => {
    const page = await open({ results: { browse: '/data/x y.csv' } });
    await press(page, 'Browse for data…');
    await expect.poll(async () => await page.getByLabel('data', { exact: true }).inputValue()).toBe('/data/x y.csv');
    await press(page, 'Back to the default of data');
    expect(await page.getByLabel('data', { exact: true }).inputValue()).toBe('data');
  });

  test('of a project in a container has its options in the place of an environment', async () => {
    const page = await open({ form: { ...wine, isDocker: true, parameters: [] } });
    expect(await page.getByLabel('Environment', { exact: true }).count()).toBe(0);
    await page.getByLabel('Build an image with the project in it').check();
    await press(page, 'Add option');
    await page.getByLabel('Name of the option').fill('network');
    await page.getByLabel('Value of network').fill('host');
    await press(page, 'Run');
    await expect.poll(async () => (await asked(page, 'run')).length).toBe(1);
    expect((await asked(page, 'run'))[0]?.docker).toEqual({ buildImage: true, args: [{ key: 'network', value: 'host' }] });
  });

  test('hands what is typed over as a command of MLflow, and as a task', async () => {
    const page = await open();
    await page.getByLabel('label', { exact: true }).fill('a b');
    await press(page, 'Copy as mlflow run');
    await page.getByText('Copied').waitFor();
    await press(page, 'Save as Task');
    await expect.poll(async () => (await asked(page, 'saveTask')).length).toBe(1);
    const given = { ...plain, values: [{ key: 'label', value: 'a b' }] };
    expect([...(await asked(page, 'copyCommand')), ...(await asked(page, 'saveTask'))]).toEqual([given, given]);
  });

  test('keeps what is typed when the file changes', async () => {
    const page = await open();
    await page.getByLabel('label', { exact: true }).fill('typed');
    await page.evaluate((form) => fakeFormHost.change(form), { ...wine, parameters: [...wine.parameters, { name: 'new', type: 'string', defaultValue: 'n' }] });
    expect(await page.getByLabel('new', { exact: true }).inputValue()).toBe('n');
    expect(await page.getByLabel('label', { exact: true }).inputValue()).toBe('typed');
  });

  test('holds several lines when there are some', async () => {
    const page = await open({ fill: { ...plain, values: [{ key: 'label', value: 'a\nb' }] } });
    expect(await page.getByLabel('label', { exact: true }).inputValue()).toBe('a\nb');
    await press(page, 'Run');
    await expect.poll(async () => (await asked(page, 'run')).length).toBe(1);
    expect((await asked(page, 'run'))[0]?.values).toEqual([{ key: 'label', value: 'a\nb' }]);
  });

  test('is worked by the keyboard alone', async () => {
    const page = await open({ results: { run: 'calm-fox' } });
    await page.getByLabel('alpha', { exact: true }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.type('typed');
    await page.keyboard.press('Enter');
    await page.getByText('Started calm-fox').waitFor();
    expect((await asked(page, 'run'))[0]?.values).toEqual([{ key: 'label', value: 'typed' }]);
  });

  test('names of every kind are text', async () => {
    const page = await open({ form: { ...wine, project: hostile, parameters: [{ name: hostile, type: hostile, defaultValue: hostile }] } });
    await page.getByText('alert(1)').first().waitFor();
    await isPlain(page);
  });
});

test('is readable in every theme, and has no fault that axe knows', async () => {
  const page = await open({ fill: { ...plain, values: [{ key: 'alpha', value: '0.7' }], variables: [{ key: 'SEED', value: '4' }] } });
  await press(page, 'Run');
  await page.locator('.problem').getByText('A value is needed').waitFor();
  await page.evaluate(axe.source);
  const folder = join(repository, 'test-results', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const theme of themeNames) {
    await setTheme(page, theme);
    await page.screenshot({ path: join(folder, `run-form-${theme}.png`) });
    const violations = await page.evaluate(async () => {
      const found = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(violations, theme).toEqual([]);
  }
});

test('fits into a narrow editor', async () => {
  const page = await open({}, { width: 420, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.screenshot({ path: join(repository, 'test-results', 'screenshots', 'run-form-narrow.png') });
});
