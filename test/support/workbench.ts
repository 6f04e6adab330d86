/** VS Code's window as a person uses it: palette, trees, editors, terminals, pages. Everything waits for what it needs. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Frame, type FrameLocator, type Locator, type Page } from 'playwright-core';

import { chromium as chromiumPath, repository } from '../../scripts/tools.ts';
import { again, slow } from './again.ts';
import { TextEditor } from './text-editor.ts';

const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = async (): Promise<Browser> => await chromium.launch({ executablePath: await chromiumPath(), args: browserFlags });

/** A browser context keeps what VS Code keeps of a window: trust, open pages, mementos. */
export const newContext = async (browser: Browser): Promise<BrowserContext> => {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    // To pack the 20 MB of a new window takes code-server longer than to send them on this machine.
    extraHTTPHeaders: { 'accept-encoding': 'identity' },
  });
  context.setDefaultTimeout(60_000);
  return context;
};

export const openWorkbench = async (context: BrowserContext, url: string): Promise<Workbench> => {
  const workbench = new Workbench(await context.newPage());
  await workbench.goto(url);
  return workbench;
};

const pageIn = (webview: Locator): FrameLocator => webview.contentFrame().locator('iframe#active-frame').contentFrame();

const themeLabels = { dark: 'Dark Modern', light: 'Light Modern', highContrast: 'Dark High Contrast' } as const;
export type ThemeName = keyof typeof themeLabels;
/** Every picture is taken in each; the last one is what tests start in. */
export const themes: readonly ThemeName[] = ['light', 'highContrast', 'dark'];

export class Workbench {
  readonly page: Page;
  readonly text: TextEditor;
  readonly #policyViolations: string[] = [];
  readonly #unhandledErrors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.text = new TextEditor(this);
    page.on('dialog', (dialog) => void dialog.accept());
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy directive')) this.#policyViolations.push(message.text());
      // So the editor tells what an extension threw, or rejected, with nobody to catch it.
      if (message.text().startsWith('[mlflow-workbench.mlflow-workbench]')) this.#unhandledErrors.push(message.text());
    });
    page.on('pageerror', ({ stack }) => {
      if (stack?.includes('/dist/webviews/') === true) this.#unhandledErrors.push(stack);
    });
  }

  /** What the browser refused to load or run, in its own words. */
  get policyViolations(): readonly string[] {
    return this.#policyViolations;
  }

  /** What nobody has caught, of the extension and of its pages. */
  get unhandledErrors(): readonly string[] {
    return this.#unhandledErrors;
  }

  /** Opens an address and waits until the extension's contributions are there. */
  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    await this.#container('MLflow').waitFor();
  }

  /** What is asked afterwards is asked of the new window, not of the one that is about to go. */
  async reload(): Promise<void> {
    const load = async (timeout: number): Promise<unknown> =>
      await Promise.all([this.page.waitForEvent('load', { timeout }), this.runCommand('Developer: Reload Window')]);
    await again(load, undefined, slow);
    await this.#container('MLflow').waitFor();
  }

  /** With an outcome the command is given again until that shows. */
  async runCommand(title: string, outcome?: Locator): Promise<void> {
    await this.#choose('F1', `>${title}`, { row: title, outcome });
  }

  /** An editor or a page that is just opening takes the focus and closes the picker. */
  async #choose(key: string, query: string, { row, outcome }: { readonly row: string; readonly outcome: Locator | undefined }): Promise<void> {
    await this.attempt(async (timeout) => {
      await this.page.keyboard.press(key);
      await this.quickInput.fill(query, { timeout });
      await this.quickRow(row).click({ timeout });
    }, outcome);
  }

  /** Tries until the outcome shows; what a failed attempt has opened is closed. An outcome that comes late is one all the same. */
  async attempt(trigger: (timeout: number) => Promise<unknown>, outcome?: Locator, patience?: readonly number[]): Promise<void> {
    const isThere = async (): Promise<boolean> => (await outcome?.isVisible()) === true;
    let isFirst = true;
    const attempt = async (timeout: number): Promise<void> => {
      if (!isFirst && (await isThere())) return;
      isFirst = false;
      await trigger(timeout);
      await outcome?.waitFor({ timeout });
    };
    const undo = async (): Promise<void> => {
      if (!(await isThere()) && !(await this.#onlyNotificationsShow())) await this.page.keyboard.press('Escape');
    };
    await again(attempt, undo, patience);
  }

  /** Escape would hide them. */
  async #onlyNotificationsShow(): Promise<boolean> {
    return (await this.notifications.count()) > 0 && !(await this.page.locator('.quick-input-widget:visible, .monaco-menu').first().isVisible());
  }

  async pressUntil(keys: readonly string[], outcome: Locator, patience?: readonly number[]): Promise<void> {
    const press = async (): Promise<void> => {
      for (const key of keys) await this.page.keyboard.press(key);
    };
    await this.attempt(press, outcome, patience);
  }

  /**
   * Asks by a key and answers what is asked, until the outcome shows: a box that opens twice takes back what was typed into the first. Where no box is
   * open Escape would let go of the selected row that the key is about.
   */
  async answerUntil({ key, title, text }: { readonly key: string; readonly title: string; readonly text: string }, outcome: Locator): Promise<void> {
    const ask = async (timeout: number): Promise<void> => {
      if (await outcome.isVisible()) return;
      await this.page.keyboard.press(key);
      await this.quickTitle(title).waitFor({ timeout });
      await this.answer(text);
      await outcome.waitFor({ timeout });
    };
    const close = async (): Promise<void> => {
      if (await this.quickTitle(title).isVisible()) await this.page.keyboard.press('Escape');
    };
    await again(ask, close);
  }

  /** The text field of the palette, of pickers and of input boxes. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input').first();
  }

  quickRow(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  }

  quickTitle(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-title').filter({ hasText: text });
  }

  /** Fills in the input box that is open, or is about to be: a list that is still there would take the text for its filter. */
  async answer(text: string, title?: string | RegExp): Promise<void> {
    if (title !== undefined) await this.quickTitle(title).waitFor();
    await this.page.locator('.quick-input-widget:visible .quick-input-list').waitFor({ state: 'hidden' });
    await this.quickInput.fill(text);
    await this.quickInput.press('Enter');
  }

  /** Titles of the palette's commands that match. */
  async commandTitles(query: string): Promise<readonly string[]> {
    const rows = this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
    await this.attempt(async (timeout) => {
      await this.page.keyboard.press('F1');
      await this.quickInput.fill(`>${query}`, { timeout });
      await rows.first().waitFor({ timeout });
    });
    const titles = await rows.locator('.label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  /** Shows a side-bar container; clicking the active one would hide it. */
  async showContainer(title: string): Promise<void> {
    const tab = this.#container(title);
    await again(async (timeout) => {
      if ((await tab.getAttribute('aria-selected', { timeout })) !== 'true') await tab.click({ timeout });
      await tab.and(this.page.locator('[aria-selected="true"]')).waitFor({ timeout });
    });
  }

  #container(title: string): Locator {
    // With a badge, what that says follows.
    return this.page.locator('.activitybar').getByRole('tab', { name: new RegExp(`^${title}( - .*)?$`) });
  }

  /** The number on the icon of a side-bar container. */
  badge(title: string): Locator {
    return this.#container(title).locator('.badge-content');
  }

  view(name: string): Locator {
    return this.page.locator('.pane', { has: this.page.locator(`.pane-header[aria-label*="${name}"]`) });
  }

  treeRow(view: string, text: string | RegExp): Locator {
    return this.view(view).locator('.monaco-list-row').filter({ hasText: text }).first();
  }

  async expand(row: Locator): Promise<void> {
    await again(async (timeout) => {
      if ((await row.getAttribute('aria-expanded', { timeout })) !== 'true') await row.click({ timeout });
      await row.and(this.page.locator('[aria-expanded="true"]')).waitFor({ timeout });
    });
  }

  /** These rows of a tree, and no others. */
  async select(first: Locator, ...others: readonly Locator[]): Promise<void> {
    await again(async (timeout) => {
      await first.click({ timeout });
      for (const row of others) await row.click({ timeout, modifiers: ['Control'] });
      for (const row of [first, ...others]) await row.and(this.page.locator('.selected')).waitFor({ timeout });
    });
  }

  async clickUntil(target: Locator, outcome: Locator): Promise<void> {
    await this.attempt(async (timeout) => await target.click({ timeout }), outcome);
  }

  /** An action of a row of a tree, which shows below the pointer. */
  async clickAction(row: Locator, title: string, outcome: Locator): Promise<void> {
    await this.attempt(async (timeout) => {
      await row.hover({ timeout });
      await row.getByRole('button', { name: title }).click({ timeout });
    }, outcome);
  }

  /** A tree that is drawn anew takes its menu away: with an outcome the menu is opened again until that shows. */
  async chooseFromContextMenu(target: Locator, item: string | RegExp, outcome?: Locator): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    const entry = menu.getByRole('menuitem', { name: item }).first();
    await this.attempt(async (timeout) => {
      await target.click({ button: 'right', timeout });
      await entry.hover({ timeout });
      await entry.press('Enter', { timeout });
      await menu.first().waitFor({ state: 'detached', timeout });
    }, outcome);
  }

  async clipboard(): Promise<string> {
    return await this.page.evaluate(() => navigator.clipboard.readText());
  }

  async openFile(name: string): Promise<void> {
    await this.#choose('Control+P', name, { row: name, outcome: this.editorTab(name) });
  }

  editorTab(name: string): Locator {
    return this.page.locator(`.tab.active[data-resource-name="${name}"]`);
  }

  async showProblems(): Promise<Locator> {
    await this.runCommand('Problems: Focus on Problems View');
    return this.page.locator('.markers-panel .monaco-list-row');
  }

  get codeLenses(): Locator {
    return this.page.locator('.codelens-decoration a');
  }

  /** Lenses are drawn anew while a run goes on: with an outcome the click is repeated until that shows. */
  async clickLens(text: string | RegExp, outcome?: Locator): Promise<void> {
    await this.attempt(async (timeout) => await this.codeLenses.filter({ hasText: text }).first().click({ timeout }), outcome, slow);
  }

  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-toast');
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Clicks a button of a notification or a dialog, until that is gone. */
  async clickIn(asked: Locator, button: string): Promise<void> {
    await asked.waitFor();
    await again(async (timeout) => {
      if ((await asked.count()) > 0) await asked.getByRole('button', { name: button }).click({ timeout });
      await asked.waitFor({ state: 'detached', timeout });
    });
  }

  get statusBar(): Locator {
    return this.page.locator('.statusbar');
  }

  get terminal(): Locator {
    return this.page.locator('.terminal-wrapper.active');
  }

  /** What the visible terminal shows now, wrapped lines joined as they are on the screen. */
  async terminalText(): Promise<string> {
    const rows = await this.terminal.locator('.xterm-rows > div').allInnerTexts();
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
  }

  get webviewFrame(): Locator {
    return this.page.locator('iframe.webview.ready');
  }

  /** The page inside the one visible webview. */
  get webview(): FrameLocator {
    return pageIn(this.webviewFrame);
  }

  /** Of the webviews that are visible side by side the page of the one that was opened last. */
  get newestWebview(): FrameLocator {
    return pageIn(this.webviewFrame.last());
  }

  /** The one visible page, to be asked by scripts; gone when the page is shown anew. */
  async webviewScripts(): Promise<Frame> {
    const frame = await (await this.webviewFrame.contentFrame().locator('iframe#active-frame').elementHandle())?.contentFrame();
    if (frame === undefined || frame === null) throw new Error('No page is shown');
    return frame;
  }

  async setTheme(theme: ThemeName): Promise<void> {
    const label = themeLabels[theme];
    const themeClass = { dark: 'vs-dark', light: 'vs', highContrast: 'hc-black' }[theme];
    await this.attempt(async (timeout) => {
      await this.runCommand('Preferences: Color Theme');
      await this.quickInput.fill(label, { timeout });
      await this.quickRow(label).click({ timeout });
      await this.page.locator(`.monaco-workbench.${themeClass}`).waitFor({ timeout });
      await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout });
    });
  }

  async screenshot(name: string): Promise<void> {
    const folder = join(repository, 'test-results', 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
