import Database from 'better-sqlite3';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { expect, test } from 'vitest';

import { run } from '../../extension/shared/process.ts';
import type { CardReading } from '../../webviews/compare/inspection.ts';
import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import { themes, type Workbench } from '../support/workbench.ts';

const window = editorForFile();

const compareThree = async (workbench: Workbench): Promise<FrameLocator> => {
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  const row = (name: string) => workbench.treeRow('Experiments', name);
  await workbench.select(row('slow'), row('steady'), row('quick'));
  await workbench.chooseFromContextMenu(row('quick'), 'Compare Runs', workbench.webviewFrame);
  return workbench.webview;
};

const readCards = async (page: FrameLocator): Promise<readonly CardReading[]> =>
  await page.locator('body').evaluate(() => (globalThis as { mlflowWorkbench?: { cards(): readonly CardReading[] } }).mlflowWorkbench?.cards() ?? []);

const readCard = async (page: FrameLocator, metric: string): Promise<CardReading> => {
  const read = async (): Promise<CardReading | undefined> => (await readCards(page)).find((card) => card.metric === metric);
  await expect.poll(async () => (await read())?.lines.map(({ y }) => y.length)).toEqual([20, 20, 20]);
  const card = await read();
  if (card === undefined) throw new Error(`The card of ${metric} has gone`);
  return card;
};

/** How many of a line's points have its colour on the canvas, or just beside. */
const paintedPoints = async (page: FrameLocator, { cardId, lines }: CardReading): Promise<readonly number[]> =>
  await page
    .locator(`[data-card="${cardId}"] canvas`)
    .first()
    .evaluate((canvas: HTMLCanvasElement, expected) => {
      const context = canvas.getContext('2d');
      if (context === null) return [];
      const scale = canvas.width / canvas.clientWidth;
      const isNear = (color: string, x: number, y: number): boolean => {
        const wanted = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
        const { data } = context.getImageData(x * scale - 2, y * scale - 2, 5, 5);
        for (let at = 0; at < data.length; at += 4) {
          if (wanted.every((part, channel) => Math.abs(part - (data[at + channel] ?? 0)) < 40) && (data[at + 3] ?? 0) > 128) return true;
        }
        return false;
      };
      return expected.map(({ color, pixels }) => pixels.filter((pixel) => pixel !== null && isNear(color, pixel.x, pixel.y)).length);
    }, lines);

const expectThreeLines = async (page: FrameLocator): Promise<void> => {
  const card = await readCard(page, 'train/loss');
  const byName = new Map(card.lines.map((line) => [line.name, line]));
  expect([...byName.keys()].toSorted()).toEqual(['quick', 'slow', 'steady']);
  expect(byName.get('steady')?.x).toEqual(Array.from({ length: 20 }, (_, epoch) => epoch));
  expect(byName.get('steady')?.raw).toEqual(Array.from({ length: 20 }, (_, epoch) => 1 / (1 + 0.1 * epoch)));
  for (const painted of await paintedPoints(page, card)) expect(painted).toBeGreaterThan(15);
};

const cellTexts = async (page: FrameLocator, row: string): Promise<readonly string[]> =>
  await page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: row }) })
    .first()
    .getByRole('gridcell')
    .allInnerTexts();

/** As a script would that trains in another process. */
const logPoint = (file: string, run: string, step: number): void => {
  const database = new Database(file);
  const insert = database.prepare(
    "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) SELECT 'train/loss', 0.125, ?, run_uuid, ?, 0 FROM runs WHERE name = ?",
  );
  insert.run(Date.now(), step, run);
  database.close();
};

test('three runs are compared: lines as logged that grow while they are looked at, and a table of what differs', async () => {
  const folder = await newWineWorkspace(window.editor, 'compared');
  const workbench = await window.openWindow(folder);
  const page = await compareThree(workbench);
  await expectThreeLines(page);
  await page.getByRole('rowheader', { name: 'learning_rate' }).waitFor();
  await expect.poll(async () => [...(await cellTexts(page, 'learning_rate'))].toSorted()).toEqual(['0.01', '0.1', '1.0']);
  await expect.poll(async () => (await cellTexts(page, 'train/loss')).map((text) => text.split(' ')[0]).toSorted()).toEqual(['0.05', '0.34483', '0.84034']);
  expect(await page.getByRole('rowheader', { name: 'epochs' }).count()).toBe(0);
  expect(await page.getByRole('rowheader', { name: 'team' }).count()).toBe(0);
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`compare-${theme}`);
  }

  logPoint(join(folder, 'mlflow.db'), 'steady', 20);
  await expect
    .poll(async () =>
      (await readCards(page))
        .find(({ metric }) => metric === 'train/loss')
        ?.lines.map(({ y }) => y.length)
        .toSorted(),
    )
    .toEqual([20, 20, 21]);
  const grown = (await readCards(page)).find(({ metric }) => metric === 'train/loss');
  expect(grown?.lines.find(({ name }) => name === 'steady')?.raw.at(-1)).toBe(0.125);
});

test('the comparison is back after the window was reloaded and after the editor was restarted', async () => {
  const folder = await newWineWorkspace(window.editor, 'restarted');
  const workbench = await window.openWindow(folder);
  await expectThreeLines(await compareThree(workbench));
  await workbench.reload();
  await expectThreeLines(workbench.webview);
  await window.editor.restart();
  await workbench.goto(window.editor.server.windowUrl(folder));
  await expectThreeLines(workbench.webview);
});

/** Two commits of the folder's code, the first of which `steady` was made from, and the second `quick`. */
const commitTwice = async (folder: string): Promise<void> => {
  const git = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run({ file: 'git', args: ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], cwd: folder });
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const commit = async (): Promise<string> => {
    await git('add', 'train.py');
    await git('commit', '-q', '-m', 'change');
    return await git('rev-parse', 'HEAD');
  };
  await git('init', '-q', '-b', 'main');
  const first = await commit();
  await appendFile(join(folder, 'train.py'), '\n# a quicker way to learn\n');
  const second = await commit();
  const database = new Database(join(folder, 'mlflow.db'));
  const tag = database.prepare("INSERT OR REPLACE INTO tags (key, value, run_uuid) SELECT 'mlflow.source.git.commit', ?, run_uuid FROM runs WHERE name = ?");
  tag.run(first, 'steady');
  tag.run(second, 'quick');
  database.close();
};

test('a run is compared with the one before it, the difference is explained down to the code, and more runs are added', async () => {
  const folder = await newWineWorkspace(window.editor, 'previous');
  await commitTwice(folder);
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', 'quick'), 'Compare with Previous Run', workbench.webviewFrame);
  const page = workbench.webview;
  const chips = page.getByRole('list', { name: 'Compared runs' }).locator('.chip');
  await expect.poll(async () => await chips.count()).toBe(2);
  await page.getByRole('button', { name: 'Explain the Difference' }).click();
  const reasons = page.locator('.reason');
  await reasons.filter({ hasText: 'learning_rate' }).waitFor();
  expect(await reasons.first().locator('.reason-kind').innerText()).toBe('Metric');
  await workbench.screenshot('compare-explained');

  await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', 'slow'), 'Add to Comparison');
  await expect.poll(async () => await chips.count()).toBe(3);
  await reasons.first().waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Remove slow from the comparison' }).click();
  const changed = workbench.page.locator('.multiDiffEntry').filter({ hasText: 'train.py' }).filter({ hasText: '# a quicker way to learn' });
  await workbench.clickUntil(page.getByRole('button', { name: 'Open Changes' }), changed);
  await workbench.page.locator('.tab.active', { hasText: /[0-9a-f]{8} ↔ [0-9a-f]{8}/ }).waitFor();
  await workbench.screenshot('compare-commits');
});

/** By the palette, with no run selected, which asks for them; the page is beside the editor. */
const compareBesideEditor = async (workbench: Workbench): Promise<FrameLocator> => {
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await workbench.openFile('train.py');
  await workbench.runCommand('MLflow: Compare Runs', workbench.quickTitle('Compare Runs'));
  for (const name of ['slow', 'steady', 'quick']) await workbench.quickRow(name).click();
  await workbench.screenshot('compare-which-runs');
  await workbench.quickInput.press('Enter');
  const columns = workbench.page.locator('.editor-group-container');
  await columns.nth(1).locator('.tab.active').filter({ hasText: 'Compare' }).waitFor();
  await columns.first().locator('.tab.active[data-resource-name="train.py"]').waitFor();
  return workbench.webview;
};

test('runs are chosen for a comparison beside the editor, and a card is saved where the user says', async () => {
  const folder = await newWineWorkspace(window.editor, 'exported');
  const workbench = await window.openWindow(folder);
  const page = await compareBesideEditor(workbench);
  await readCard(page, 'train/loss');
  await page.getByRole('button', { name: 'More for train/loss' }).click();
  await page.getByRole('menuitem', { name: 'Save as CSV…' }).click();
  await workbench.quickInput.waitFor();
  await workbench.page.keyboard.press('Enter');
  await expect.poll(async () => (await readFile(join(folder, 'train-loss.csv'), 'utf8').catch(() => '')).split('\r\n').length).toBe(62);
  expect((await readFile(join(folder, 'train-loss.csv'), 'utf8')).split('\r\n')[0]).toBe('Run,Run ID,Step,train/loss');
});
