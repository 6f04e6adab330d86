import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { calls, row, runsPages, search, untilNames } from '../support/runs-page.ts';
import { themeNames } from '../support/webview-page.ts';

const open = runsPages();

/** What axe-core finds on the page: rules broken, and where. */
const violationsOn = async (page: Page): Promise<unknown> => {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: readonly { id: string; nodes: readonly { html: string }[] }[] }> };
    };
    const { violations } = await checker.run();
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }));
  });
};

describe.each(themeNames)('In the theme %s nothing keeps anybody out', (theme) => {
  test('of the table, its selection, its menus and its lists', async () => {
    const page = await open(search, { theme });
    await page.locator('.header-cell', { hasText: 'rmse' }).click();
    await untilNames(page, ['shy-ant-27']);
    await row(page, 'keen-elk-8').click();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'team' }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.header-cell', { hasText: 'rmse' }).click({ button: 'right' });
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').fill('params.learning_rate && ');
    await page.locator('#filter-problem').waitFor();
    await page.keyboard.press('Control+Space');
    expect(await violationsOn(page)).toEqual([]);
  });
});

describe('Without a pointer', () => {
  test('a filter is written, a column sorted, moved, widened and grouped by, runs are selected and compared', async () => {
    const page = await open(search, { width: 1500 });
    await untilNames(page, ['bold-fox-0']);
    const tabTo = async (label: string): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab');
        const here = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
        if (here.includes(label)) return;
      }
      throw new Error(`The Tab key does not reach '${label}'`);
    };
    await tabTo('Filter runs');
    await page.keyboard.type("params.learning_rate = '0.1'");
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await expect.poll(async () => await page.locator('[data-testid=range]').innerText()).toMatch(/of 10/);
    await tabTo('Runs');
    while ((await page.evaluate(() => document.activeElement?.getAttribute('role'))) !== 'treegrid') await page.keyboard.press('Tab');
    for (let column = 0; column < 6; column++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(async () => await page.getByRole('columnheader', { name: 'rmse' }).getAttribute('aria-sort')).toBe('descending');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(async () => await page.locator('.header-cell .cell-text').nth(4).innerText()).toBe('rmse');
    const width = (await page.locator('.header-cell', { hasText: 'rmse' }).boundingBox())?.width ?? 0;
    await page.keyboard.press('Control+Shift+ArrowRight');
    await expect.poll(async () => (await page.locator('.header-cell', { hasText: 'rmse' }).boundingBox())?.width).toBe(width + 16);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(async () => await page.locator('.runs-row.selected').count()).toBe(2);
    await page.keyboard.press('Shift+Tab');
    while ((await page.evaluate(() => document.activeElement?.textContent)) !== 'Compare') await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await calls(page)).length).toBe(1);
    await tabTo('Runs');
    while ((await page.evaluate(() => document.activeElement?.getAttribute('role'))) !== 'treegrid') await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Group by This' }).waitFor();
  });
});

describe('Hostile names', () => {
  const hostile = [
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '\u202egnp.exe',
    '$(trash) **bold** [link](command:workbench.action.quit)',
    'x'.repeat(10_000),
    'new\nline\tand\u0007bell',
    '🧪'.repeat(50),
    '__proto__',
  ];

  test('are text in every cell, header, menu and list', async () => {
    const runs = hostile.map((text, index) => ({
      runId: `h${index}`,
      name: text,
      status: index === 0 ? '<b>ODD</b>' : 'FINISHED',
      startTime: Date.now() - index,
      params: Object.fromEntries(hostile.map((key) => [key, text])),
      metrics: { [text]: index, ordinary: index },
      tags: { 'mlflow.user': text, 'mlflow.source.name': text, [text]: text },
    }));
    const page = await open({ runs, about: { experiments: [{ id: '1', name: hostile[0] ?? '' }], store: hostile[1] ?? '', isRich: true, directions: {} } });
    await page.locator('.runs-row').nth(7).waitFor();
    await page.locator('.header-cell', { hasText: 'ordinary' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page
      .getByRole('checkbox', { name: hostile[0] ?? '', exact: true })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').fill('params.');
    await page.getByRole('option').first().waitFor();
    expect(await page.locator('main img, main script, main a, main b').count()).toBe(0);
    expect(await page.locator('.runs-row').first().innerText()).toContain(hostile[0]);
    const widest = await page.locator('.runs-cell').evaluateAll((cells) => Math.max(...cells.map((cell) => cell.textContent.length)));
    expect(widest).toBeLessThan(400);
  });
});
