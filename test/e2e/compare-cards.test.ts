import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { SceneReading } from '../../webviews/compare/inspection.ts';
import { dragWithin, isPaintedAt, untilCard, untilScene, withLines, type View } from '../support/compare-page.ts';
import { editorForFile } from '../support/editor-window.ts';
import { openFolders } from '../support/folders-window.ts';
import { manyRuns, spike, trials, writeSweepStore } from '../support/sweep-store.ts';
import { themes, type Workbench } from '../support/workbench.ts';

const window = editorForFile();

const newSweep = async (name: string, prefix = 'a'): Promise<string> => {
  const folder = await window.editor.newFolder(name);
  writeSweepStore(join(folder, 'mlflow.db'), prefix);
  return folder;
};

const cards = [
  { id: 'p', type: 'parallel', fields: ['params.learning_rate', 'params.max_depth', 'metrics.rmse'], logFields: ['params.learning_rate'], width: 2 },
  { id: 's', type: 'scatter', x: 'params.learning_rate', y: 'metrics.rmse', color: 'metrics.rmse', logX: true, regression: true },
  { id: 'x', type: 'box', metric: 'rmse', by: 'params.optimizer' },
  { id: 'h', type: 'heatmap', x: 'params.learning_rate', y: 'params.max_depth', metric: 'rmse' },
  { id: 'i', type: 'importance', metric: 'rmse' },
  { id: 'b', type: 'bar', metric: 'rmse' },
  { id: 'line:loss', type: 'line', metric: 'loss' },
];

const openLayout = async (name: string): Promise<{ readonly workbench: Workbench; readonly page: View }> => {
  const folder = await newSweep(name);
  await mkdir(join(folder, '.mlflow-workbench', 'layouts'), { recursive: true });
  const layout = { version: 1, runs: { experiments: ['sweep/trials'] }, cards };
  await writeFile(join(folder, '.mlflow-workbench', 'layouts', 'sweep.json'), JSON.stringify(layout, null, 2));
  const workbench = await window.openWindow(folder);
  await workbench.openFile('sweep.json');
  await workbench.webview.locator('[data-card="p"]').waitFor();
  return { workbench, page: await workbench.webviewScripts() };
};

/** Only what is on screen is drawn. */
const shownScene = async (page: View, cardId: string, isThere?: (scene: SceneReading) => boolean): Promise<SceneReading> => {
  await page.locator(`[data-card="${cardId}"]`).scrollIntoViewIfNeeded();
  return await untilScene(page, cardId, isThere);
};

const byName = (rmse: readonly { readonly title: string; readonly x: number }[]): Readonly<Record<string, number>> =>
  Object.fromEntries(rmse.map(({ title, x }) => [title, x]));

/** Where the middle mark of a card has paint: beside the end of a bar, on the first stretch of a line that crosses the axes. */
const placeOfPaint = (cardId: string, { x, y }: { readonly x: number; readonly y: number }) => {
  if (cardId === 'p') return { x: x + 60 - (x % 1), y };
  return cardId === 'b' || cardId === 'i' ? { x: x - 6, y } : { x, y };
};

test('every card is drawn from what the runs have logged, and a choice in one narrows the others', async () => {
  const { workbench, page } = await openLayout('cards');
  for (const { id } of cards.filter(({ type }) => type !== 'line')) {
    const { marks } = await shownScene(page, id, (scene) => scene.marks.length > 0);
    const mark = marks[Math.floor(marks.length / 2)];
    if (mark === undefined) throw new Error('No mark');
    await expect.poll(async () => await isPaintedAt(page, id, placeOfPaint(id, mark.pixel)), { message: `a mark of the card ${id}` }).toBe(true);
  }
  expect(byName((await shownScene(page, 'b')).marks)).toEqual(Object.fromEntries(trials.map(({ name, rmse }) => [name, rmse])));
  const scatter = await shownScene(page, 's');
  expect(scatter.marks.map(({ y }) => y).toSorted()).toEqual(trials.map(({ rmse }) => rmse).toSorted());
  await page.locator('[data-card="line:loss"]').scrollIntoViewIfNeeded();
  await untilCard(page, 'loss', withLines(trials.length));
  for (const theme of themes) {
    await workbench.setTheme(theme);
    const { marks } = await shownScene(page, 'p');
    await expect.poll(async () => await isPaintedAt(page, 'p', placeOfPaint('p', marks[0]?.pixel ?? { x: 0, y: 0 }))).toBe(true);
    await workbench.screenshot(`compare-every-card-${theme}`);
  }

  const best = scatter.marks.toSorted((a, b) => a.y - b.y)[0];
  await workbench.attempt(async () => {
    const { pixel } = (await shownScene(page, 's')).marks.find(({ id }) => id === best?.id) ?? { pixel: { x: 0, y: 0 } };
    await dragWithin(page, 's', { x: pixel.x - 9, y: pixel.y - 9 }, { x: pixel.x + 9, y: pixel.y + 9 });
  }, page.locator('.selection-bar'));
  const chosen = (await shownScene(page, 'b', ({ marks }) => marks.length < trials.length)).marks;
  expect(Math.min(...chosen.map(({ x }) => x))).toBe(Math.min(...trials.map(({ rmse }) => rmse)));
  await page.locator('[data-card="line:loss"]').scrollIntoViewIfNeeded();
  await untilCard(page, 'loss', withLines(chosen.length));

  await page.getByRole('button', { name: 'Check in Tree' }).click();
  await workbench.showContainer('MLflow');
  await workbench.page.locator('.pane-header', { hasText: `${chosen.length} checked` }).waitFor();
  await workbench.runCommand('View: Close All Editors');
  await workbench.webviewFrame.waitFor({ state: 'detached' });
  await workbench.runCommand('MLflow: Compare Checked Runs', workbench.webview.locator('[data-card="line:loss"]'));
  await untilCard(await workbench.webviewScripts(), 'loss', withLines(chosen.length));
});

test('a zoom reads the visible part anew: what was inside a pixel appears', async () => {
  const workbench = await window.openWindow(await newSweep('zoomed'));
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'sweep'));
  await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', 'long'), 'Compare All Runs', workbench.webviewFrame);
  await workbench.webview.locator('[data-card="line:loss"]').waitFor();
  const page = await workbench.webviewScripts();
  const whole = await untilCard(page, 'loss', withLines(1));
  expect(whole.lines[0]?.total).toBe(spike.steps);
  expect(Math.max(...(whole.lines[0]?.y ?? []))).toBe(spike.value);
  const beside = [spike.step - 1, spike.step, spike.step + 1];
  expect(whole.lines[0]?.x).not.toEqual(expect.arrayContaining(beside));
  const plot = page.locator('[data-card="line:loss"] .plot');
  await expect
    .poll(async () => {
      await plot.press('+');
      const { lines } = await untilCard(page, 'loss', withLines(1));
      return beside.every((step) => lines[0]?.x.includes(step));
    })
    .toBe(true);
  await plot.press('0');
  await untilCard(page, 'loss', ({ xRange }) => xRange.to === spike.steps - 1);
});

test('a thousand runs, a folder of experiments, and runs of two stores', async () => {
  const folders = [await newSweep('north', 'a'), await newSweep('south', 'b')];
  const { workbench } = await openFolders(window, 'both', folders);
  const rows = (text: RegExp) => workbench.view('Experiments').locator('.monaco-list-row').filter({ hasText: text });

  const card = workbench.webview.locator('[data-card="line:loss"]');
  await workbench.chooseFromContextMenu(rows(/^many/).first(), 'Compare All Runs', workbench.webviewFrame);
  await card.waitFor();
  await untilCard(await workbench.webviewScripts(), 'loss', withLines(manyRuns));
  await workbench.screenshot('compare-thousand');
  await workbench.runCommand('View: Close All Editors');
  await workbench.webviewFrame.waitFor({ state: 'detached' });

  await workbench.chooseFromContextMenu(rows(/^sweep/).first(), 'Compare All Runs', workbench.webviewFrame);
  await card.waitFor();
  await untilCard(await workbench.webviewScripts(), 'loss', withLines(trials.length + 1));
  await workbench.runCommand('View: Close All Editors');
  await workbench.webviewFrame.waitFor({ state: 'detached' });

  for (const at of [1, 0]) await workbench.expand(rows(/^sweep/).nth(at));
  // A tree that is drawn anew may take back what was opened.
  await workbench.attempt(
    async () => {
      for (const at of [1, 0]) await workbench.expand(rows(/^long/).nth(at));
    },
    rows(/^spiky/).nth(1),
  );
  await workbench.select(rows(/^spiky/).nth(0), rows(/^spiky/).nth(1));
  await workbench.runCommand('MLflow: Compare Runs', workbench.webviewFrame);
  await card.waitFor();
  const { lines } = await untilCard(await workbench.webviewScripts(), 'loss', withLines(2));
  expect(lines.map(({ id }) => id[0]).toSorted()).toEqual(['a', 'b']);
});
