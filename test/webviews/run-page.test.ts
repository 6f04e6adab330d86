import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violationsOn } from '../support/accessibility.ts';
import { askedBy, inEveryTheme, plainRun, runPages, trainedRun, type RunPageWorld } from '../support/run-pages.ts';
import type { ViewOptions } from '../support/webview-page.ts';

const pages = runPages();

/** A run with something in each of its fields, but for these. */
const open = async ({ run, surroundings, ...world }: RunPageWorld = {}, options?: ViewOptions): Promise<Page> =>
  await pages.open({ ...trainedRun, ...world, run: { ...trainedRun.run, ...run }, surroundings: { ...trainedRun.surroundings, ...surroundings } }, options);

const fact = (page: Page, name: string) => page.locator(`dt:text-is("${name}") + dd`);

test('says what the run is: its state, its times, its source, what it belongs to', async () => {
  const page = await open();
  await page.getByRole('heading', { name: 'calm-fox', level: 1 }).waitFor();
  expect(await page.locator('.run-name .run-status').innerText()).toBe('finished');
  expect(await fact(page, 'Duration').innerText()).toBe('3 m 12 s');
  expect(await fact(page, 'Started').locator('time').getAttribute('title')).toContain('2026');
  expect((await fact(page, 'Experiment').innerText()).trim()).toBe('wine/quality of mlflow.db');
  expect(await fact(page, 'Source').innerText()).toMatch(/^train\.py at d7352f7e of main/);
  expect(await fact(page, 'Datasets').innerText()).toMatch(/^wine\s+1a2b · training$/);
  await fact(page, 'Parent').getByRole('button', { name: 'sweep' }).click();
  await fact(page, 'Models').getByRole('button', { name: 'model' }).click();
  await fact(page, 'Source').getByRole('button', { name: 'train.py' }).click();
  await fact(page, 'Run ID').getByRole('button', { name: 'Copy Run ID' }).click();
  await expect
    .poll(async () => await askedBy(page))
    .toEqual([
      ['openRun', { runId: 'p1' }],
      ['openModel', { modelUri: 'models:/m-1' }],
      ['openSource', null],
      ['copy', { text: plainRun.runId }],
    ]);
});

test('is readable in every theme, and has no fault that axe knows', async () => {
  const page = await open();
  for (const tab of ['Overview', 'Metrics']) {
    await page.getByRole('tab', { name: tab }).click();
    await inEveryTheme(page, `run-${tab.toLowerCase()}`, async (theme) => expect(await violationsOn(page), `${tab} ${theme}`).toEqual([]));
  }
});

test('the tab that is shown has a frame in high contrast, as in VS Code, and the one that has the focus another', async () => {
  const page = await open({}, { theme: 'high-contrast' });
  const outlineOf = async (name: string): Promise<string> => await page.getByRole('tab', { name }).evaluate((tab) => getComputedStyle(tab).outline);
  const [shown, other] = [await outlineOf('Overview'), await outlineOf('Log')];
  expect(shown).toMatch(/solid 1px$/);
  expect(other).not.toBe(shown);
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('End');
  expect(await outlineOf('Log')).toMatch(/solid 2px$/);
});

test('tabs are one stop of the keyboard, and arrows go from one to the next', async () => {
  const page = await open();
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('tab', { name: 'Metrics' }).getAttribute('aria-selected')).toBe('true');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Metrics');
  await page.getByRole('tabpanel', { name: 'Metrics' }).waitFor();
  await page.keyboard.press('End');
  await page.getByRole('tabpanel', { name: 'Log' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tabpanel', { name: 'Overview' }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('tabpanel', { name: 'Log' }).waitFor();
  await expect.poll(async () => await page.evaluate(() => fakeRunHost.saved.at(-1))).toMatchObject({ tab: 'log' });
});

test('comes back with its tab and its filter', async () => {
  const page = await open({ restore: { tab: 'metrics', kept: { metrics: { filter: 'LOSS' } } } });
  const grid = page.getByRole('grid', { name: 'Metrics', exact: true });
  expect(await grid.getByRole('rowheader').allInnerTexts()).toEqual(['loss']);
  await page.getByText('1 of 3 metrics').waitFor();
});

test('comes back where it was read to, unless somebody scrolls', async () => {
  const params = Array.from({ length: 200 }, (_, index) => ({ key: `p${index}`, value: 'v' }));
  const page = await open({ run: { params } });
  await page.getByText('p199', { exact: true }).waitFor();
  // The header has grown to its height, which moves what is below.
  await page.getByText('fold 1').waitFor();
  await page.evaluate(() => scrollTo(0, 640));
  const saved = async (): Promise<unknown> => await page.evaluate(() => fakeRunHost.saved.at(-1));
  await expect.poll(saved).toMatchObject({ kept: { scroll: { tab: 'overview', top: 640 } } });
  const again = await open({ run: { params }, restore: { tab: 'overview', kept: { scroll: { tab: 'overview', top: 640 } } } });
  await expect.poll(async () => await again.evaluate(() => scrollY)).toBe(640);
  await again.mouse.wheel(0, -600);
  await expect.poll(async () => await again.evaluate(() => scrollY)).toBe(40);
});

test('is renamed where its name stands, and back', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Rename' }).press('Enter');
  const field = page.getByRole('textbox', { name: 'Name of the run' });
  await field.fill(' ');
  await field.press('Enter');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await field.fill('bold-owl');
  await field.press('Enter');
  await page.getByRole('heading', { name: 'bold-owl' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'calm-fox' }).waitFor();
  await page.getByRole('button', { name: 'Rename' }).click();
  await field.fill('never');
  await field.press('Escape');
  await expect
    .poll(async () => await askedBy(page))
    .toEqual([
      ['rename', { name: 'bold-owl' }],
      ['rename', { name: 'calm-fox' }],
    ]);
});

const tags = (page: Page) => page.getByRole('table', { name: 'Tags', exact: true });

test('a tag is edited, added and removed where it stands, and each is taken back by the keyboard', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Edit team' }).press('Enter');
  const field = page.getByRole('textbox', { name: 'Value of team' });
  await field.fill('blue');
  await field.press('Enter');
  await tags(page).getByText('blue').waitFor();
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('Control+z');
  await tags(page).getByText('red').waitFor();

  await page.getByRole('button', { name: 'Add Tag' }).click();
  await page.getByRole('textbox', { name: 'Name of the tag' }).fill('stage');
  await page.getByRole('textbox', { name: 'Value of the tag' }).fill('one');
  await page.keyboard.press('Enter');
  await tags(page)
    .getByRole('row', { name: /^stage one/ })
    .waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await tags(page)
    .getByRole('row', { name: /^stage/ })
    .waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Remove team' }).click();
  await page.getByText('Nobody has set a tag.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await tags(page).getByText('red').waitFor();
  await expect
    .poll(async () => await askedBy(page))
    .toEqual([
      ['setTag', { key: 'team', value: 'blue' }],
      ['setTag', { key: 'team', value: 'red' }],
      ['setTag', { key: 'stage', value: 'one' }],
      ['deleteTag', { key: 'stage' }],
      ['deleteTag', { key: 'team' }],
      ['setTag', { key: 'team', value: 'red' }],
    ]);
});

test('what the store refuses is told, and the tag stays as it is stored', async () => {
  const page = await open();
  await page.evaluate(() => fakeRunHost.refusals.set('setTag', 'The store is full'));
  await page.getByRole('button', { name: 'Edit team' }).click();
  await page.getByRole('textbox', { name: 'Value of team' }).fill('blue');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The store is full').waitFor();
  await tags(page).getByText('red').waitFor();
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
});

test('a long value is cut until somebody asks for it', async () => {
  const page = await open();
  const row = page.getByRole('row', { name: /^prompt/ });
  expect((await row.innerText()).length).toBeLessThan(600);
  await row.getByRole('button', { name: 'Show all 10,000 characters' }).click();
  expect((await row.innerText()).length).toBeGreaterThan(9_000);
  await row.getByRole('button', { name: 'Copy prompt' }).click();
  expect((await askedBy(page)).at(-1)).toEqual(['copy', { text: 'word '.repeat(2000) }]);
});

test('a run without anything says so', async () => {
  const page = await open({ run: { params: [], tags: [], metrics: [], note: '', datasets: [] } });
  await page.getByText('No note yet.').waitFor();
  await page.getByText('This run has logged no params.').waitFor();
  await page.getByText('Nobody has set a tag.').waitFor();
  await page.getByRole('tab', { name: 'Metrics' }).click();
  await page.getByText('This run has logged no metrics.').waitFor();
});

test('a run that is deleted while it is looked at stays on the page, is not edited, and can be brought back', async () => {
  const page = await open();
  await page.evaluate(() => fakeRunHost.change({ isDeleted: true }));
  await page.getByRole('alert').getByText('This run is deleted.').waitFor();
  expect(await page.getByRole('button', { name: /Rename|Edit|Add Tag|Remove/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect.poll(async () => await askedBy(page)).toEqual([['restoreRun', null]]);
  await page.evaluate(() => fakeRunHost.event('failed', { message: "Run 'x' not found", isGone: true }));
  await page.getByText("This run is no longer there. Run 'x' not found").waitFor();
  await page.getByRole('heading', { name: 'calm-fox' }).waitFor();
  await page.evaluate(() => fakeRunHost.event('failed', null));
  await page.getByText('no longer there').waitFor({ state: 'detached' });
});

test('a store that can only be read, and a workspace that is not trusted, say so', async () => {
  const page = await open({ place: { readOnlyReason: 'the file is write-protected', isTrusted: false } });
  await page.getByText('This store can only be read: the file is write-protected').waitFor();
  await page.getByText('This workspace is not trusted').waitFor();
  expect(await page.getByRole('button', { name: /Rename|Edit|Add Tag|Remove/ }).count()).toBe(0);
});

test('fits into a narrow editor', async () => {
  const page = await open({}, { width: 420, height: 800 });
  const fits = async (): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(await fits()).toBe(true);
  await page.getByRole('tab', { name: 'Metrics' }).click();
  expect(await fits()).toBe(true);
});
