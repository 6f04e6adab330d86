import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';

import { runQuietly } from '../../scripts/programs.ts';
import { repository } from '../../scripts/tools.ts';
import { seriousViolationsOn } from '../support/accessibility.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { backToRun, editorText, openRun, pictures, showTab } from '../support/run-in-editor.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

const newFolder = async (): Promise<string> => {
  const folder = await window.editor.newFolder('artifacts');
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}`, PYTHONDONTWRITEBYTECODE: '1' };
  await runQuietly(pythonPath(), [join(repository, 'test', 'support', 'log_previews.py')], { cwd: folder, env });
  return folder;
};

/** What is to be seen of each kind that Python has logged; folders are folded in again, so that the tree stays short. */
const kinds: readonly { readonly folder?: string; readonly shown: Readonly<Record<string, (preview: Locator) => Locator>> }[] = [
  {
    folder: 'documents',
    shown: {
      'findings.md': (preview) => preview.getByRole('heading', { name: 'Findings', exact: true }),
      'look.ipynb': (preview) => preview.getByText('printed by a cell'),
      'report.html': (preview) => preview.frameLocator('iframe').getByRole('heading', { name: 'Report' }),
      'figure.pdf': (preview) => preview.getByRole('img', { name: 'Page 1 of 1' }),
      'figure.svg': (preview) => preview.getByText(/pixels/),
      'tone.wav': (preview) => preview.getByText("VS Code's audio player plays it."),
      'film.webm': (preview) => preview.getByText("VS Code's video player plays it."),
    },
  },
  { folder: 'plots', shown: { 'figure.png': (preview) => preview.getByText('100 × 50 pixels') } },
  { folder: 'arrays', shown: { 'f8.npy': (preview) => preview.getByText('11.7', { exact: true }) } },
  {
    folder: 'tables',
    shown: {
      'tabs.tsv': (preview) => preview.getByText('she said "hi, there"'),
      'utf16.csv': (preview) => preview.getByText('The text is UTF-16LE.'),
    },
  },
  { folder: 'parquet', shown: { 'zstd.parquet': (preview) => preview.getByText('4611686018427387904') } },
  {
    shown: {
      'config.json': (preview) => preview.getByText('"b": null'),
      'eval.json': (preview) => preview.getByText('score', { exact: true }),
      'notes.txt': (preview) => preview.getByText('second line'),
    },
  },
];

class ArtifactsTab {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get preview(): Locator {
    return this.#workbench.webview.locator('.artifact-preview');
  }

  item(name: string): Locator {
    return this.#workbench.webview.getByRole('tree', { name: 'Artifacts' }).getByRole('treeitem', { name }).first();
  }

  async unfold(folder: string): Promise<void> {
    await this.#workbench.clickUntil(this.item(folder), this.item(folder).and(this.#workbench.webview.locator('[aria-expanded="true"]')));
  }

  async fold(folder: string): Promise<void> {
    await this.#workbench.clickUntil(this.item(folder), this.item(folder).and(this.#workbench.webview.locator('[aria-expanded="false"]')));
  }

  async look(name: string, shown: (preview: Locator) => Locator): Promise<void> {
    await this.#workbench.clickUntil(this.item(name), shown(this.preview));
  }
}

test('artifacts that Python has logged: each kind is shown, opened by VS Code, compared with another run, and downloaded', async () => {
  const folder = await newFolder();
  const workbench = await window.openWindow(folder);
  const elsewhere: string[] = [];
  workbench.page.on('request', (request) => request.url().includes('evil.example') && elsewhere.push(request.url()));
  await openRun(workbench, 'previews', workbench.treeRow('Experiments', 'first try'));
  await showTab(workbench, 'Artifacts');
  const tab = new ArtifactsTab(workbench);
  for (const { folder: name, shown } of kinds) {
    if (name !== undefined) await tab.unfold(name);
    for (const [file, what] of Object.entries(shown)) {
      await tab.look(file, what);
      await workbench.screenshot(`artifacts-${file}`);
    }
    if (name !== undefined) await tab.fold(name);
  }
  expect(await tab.preview.getByRole('heading', { level: 2 }).innerText()).toContain('notes.txt');

  await tab.look('images', (preview) => preview.getByText('step 25'));
  await tab.preview.getByRole('combobox', { name: 'Pictures' }).selectOption('eval/dogs');
  await tab.preview.getByRole('slider', { name: 'Step' }).press('End');
  await tab.preview.getByRole('img', { name: 'eval/dogs, step 10' }).waitFor();
  expect(await seriousViolationsOn(await workbench.webviewScripts())).toEqual([]);
  await pictures(workbench, 'artifacts-steps');
  await tab.fold('images');

  await openedByTheEditor(workbench, tab);
  await compared(workbench, tab);
  await revealed(workbench, tab);
  await downloaded(workbench, join(folder, 'notes.txt'));
  expect(elsewhere).toEqual([]);
});

/** By VS Code's own players and viewer; when these are closed the page shows what it showed. */
const openedByTheEditor = async (workbench: Workbench, tab: ArtifactsTab): Promise<void> => {
  for (const [folder, file, playing] of [
    ['documents', 'tone.wav', 'body.ready audio'],
    ['documents', 'film.webm', 'body.ready video'],
    ['plots', 'figure.png', 'body.ready img'],
  ] as const) {
    await tab.unfold(folder);
    const heading = tab.preview.getByRole('heading', { name: file });
    await workbench.clickUntil(tab.item(file), heading);
    await workbench.clickUntil(tab.preview.getByRole('button', { name: 'Open in editor' }), workbench.editorTab(file));
    await workbench.webview.locator(playing).first().waitFor({ state: 'attached' });
    await workbench.screenshot(`artifacts-editor-${file}`);
    await backToRun(workbench, heading);
    await tab.fold(folder);
  }
};

const compared = async (workbench: Workbench, tab: ArtifactsTab): Promise<void> => {
  await tab.look('notes.txt', (preview) => preview.getByText('second line'));
  await workbench.clickUntil(tab.preview.getByRole('button', { name: 'Compare with another run…' }), workbench.quickRow('second try'));
  await workbench.clickUntil(workbench.quickRow('second try'), workbench.page.locator('.tab.active').filter({ hasText: 'second try ↔ first try' }));
  await expect.poll(async () => await editorText(workbench)).toMatch(/another line[^]*second line/);
  await workbench.screenshot('artifacts-diff');
  await backToRun(workbench);
};

/** In the explorer, which has the folder of the store. */
const revealed = async (workbench: Workbench, tab: ArtifactsTab): Promise<void> => {
  const row = workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: 'notes.txt' });
  await workbench.clickUntil(tab.preview.getByRole('button', { name: 'Reveal' }), row.and(workbench.page.locator('.selected, .focused')).first());
  await workbench.screenshot('artifacts-revealed');
};

/** To the place that the dialog offers. */
const downloaded = async (workbench: Workbench, place: string): Promise<void> => {
  const button = workbench.webview.locator('.artifact-preview').getByRole('button', { name: 'Download…' });
  await workbench.clickUntil(button, workbench.quickInput);
  const download = async (): Promise<string> => {
    if (await workbench.quickInput.isVisible()) await workbench.page.keyboard.press('Enter');
    return await readFile(place, 'utf8').catch(() => '');
  };
  await expect.poll(download).toBe('first line\nsecond line\n');
};
