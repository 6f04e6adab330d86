/** VS Code's window as a person uses it: palette, trees, editors, terminals, pages. Everything waits for what it needs. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type FrameLocator, type Locator, type Page } from 'playwright-core';

import { chromium as chromiumPath, repository } from '../../scripts/tools.ts';

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
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
  context.setDefaultTimeout(60_000);
  return context;
};

export const openWorkbench = async (context: BrowserContext, url: string): Promise<Workbench> => {
  const workbench = new Workbench(await context.newPage());
  await workbench.goto(url);
  return workbench;
};

const themeLabels = { dark: 'Dark Modern', light: 'Light Modern', highContrast: 'Dark High Contrast' } as const;
export type ThemeName = keyof typeof themeLabels;
/** Every picture is taken in each; the last one is what tests start in. */
export const themes: readonly ThemeName[] = ['light', 'highContrast', 'dark'];

export class Workbench {
  readonly page: Page;
  readonly #policyViolations: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('dialog', (dialog) => void dialog.accept());
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy directive')) this.#policyViolations.push(message.text());
    });
  }

  /** What the browser refused to load or run, in its own words. */
  get policyViolations(): readonly string[] {
    return this.#policyViolations;
  }

  /** Opens an address and waits until the extension's contributions are there. */
  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    await this.#container('MLflow').waitFor();
  }

  async runCommand(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, title);
  }

  /** An editor or a page that is just opening takes the focus and closes the picker: then it is opened again. */
  async #choose(key: string, query: string, rowText: string): Promise<void> {
    const attempt = async (): Promise<void> => {
      await this.page.keyboard.press(key);
      await this.quickInput.fill(query, { timeout: 5000 });
      await this.quickRow(rowText).click({ timeout: 15_000 });
    };
    const again = async (): Promise<void> => {
      await this.page.keyboard.press('Escape');
      await attempt();
    };
    await attempt().catch(again).catch(again);
  }

  /** The text field of the palette, of pickers and of input boxes. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input').first();
  }

  quickRow(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  }

  /** Titles of the palette's commands that match. */
  async commandTitles(query: string): Promise<readonly string[]> {
    await this.page.keyboard.press('F1');
    await this.quickInput.fill(`>${query}`);
    const rows = this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    const titles = await rows.locator('.label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles;
  }

  /** Shows a side-bar container; clicking the active one would hide it. */
  async showContainer(title: string): Promise<void> {
    const tab = this.#container(title);
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  #container(title: string): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: title, exact: true });
  }

  view(name: string): Locator {
    return this.page.locator('.pane', { has: this.page.locator(`.pane-header[aria-label*="${name}"]`) });
  }

  treeRow(view: string, text: string | RegExp): Locator {
    return this.view(view).locator('.monaco-list-row').filter({ hasText: text }).first();
  }

  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
  }

  async chooseFromContextMenu(target: Locator, item: string | RegExp): Promise<void> {
    await target.click({ button: 'right' });
    const entry = this.page.locator('.monaco-menu').getByRole('menuitem', { name: item }).first();
    await entry.hover();
    await this.page.keyboard.press('Enter');
  }

  async openFile(name: string): Promise<void> {
    await this.#choose('Control+P', name, name);
    await this.editorTab(name).waitFor();
  }

  editorTab(name: string): Locator {
    return this.page.locator(`.tab.active[data-resource-name="${name}"]`);
  }

  /** Puts the cursor into the active text editor; line and column count from 1. */
  async placeCursor(line: number, column: number): Promise<void> {
    await this.page.locator('.editor-instance .view-lines').first().click();
    await this.page.keyboard.press('Control+G');
    await this.quickInput.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
  }

  async showSuggestions(): Promise<Locator> {
    await this.page.keyboard.press('Control+Space');
    return this.page.locator('.suggest-widget.visible .monaco-list-row');
  }

  async showProblems(): Promise<Locator> {
    await this.runCommand('Problems: Focus on Problems View');
    return this.page.locator('.markers-panel .monaco-list-row');
  }

  get codeLenses(): Locator {
    return this.page.locator('.codelens-decoration a');
  }

  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-toast');
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  get statusBar(): Locator {
    return this.page.locator('.statusbar');
  }

  /** What the visible terminal shows now, wrapped lines joined as they are on the screen. */
  async terminalText(): Promise<string> {
    const rows = await this.page.locator('.terminal-wrapper.active .xterm-rows > div').allInnerTexts();
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
  }

  /** The page inside the one visible webview. */
  get webview(): FrameLocator {
    return this.page.locator('iframe.webview.ready').contentFrame().locator('iframe#active-frame').contentFrame();
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.fill(themeLabels[theme]);
    await this.quickRow(themeLabels[theme]).click();
    const themeClass = { dark: 'vs-dark', light: 'vs', highContrast: 'hc-black' }[theme];
    await this.page.locator(`.monaco-workbench.${themeClass}`).waitFor();
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async screenshot(name: string): Promise<void> {
    const folder = join(repository, 'test-results', 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
