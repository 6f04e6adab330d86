import type { Locator } from 'playwright-core';

import type { Workbench } from './workbench.ts';

/** More rows than these are not walked through. */
const mostSteps = 40;

/** What a person does who has no mouse: everything is tried until its outcome shows. */
export class Keyboard {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Of the palette. */
  async command(title: string, outcome: Locator): Promise<void> {
    const { page, quickInput } = this.#workbench;
    await this.#workbench.attempt(async (timeout) => {
      await page.keyboard.press('F1');
      await quickInput.fill(`>${title}`, { timeout });
      await this.#workbench.quickRow(title).waitFor({ timeout });
      await this.#step(this.#workbench.quickRow(title).and(page.locator('.focused')), timeout);
      await page.keyboard.press('Enter');
    }, outcome);
  }

  /** In the list that is open, or about to be. */
  async pick(row: string, outcome: Locator): Promise<void> {
    const { page, quickInput } = this.#workbench;
    const target = this.#workbench.quickRow(row);
    await target.waitFor();
    await quickInput.fill(row);
    await this.#step(target.and(page.locator('.focused')), 10_000);
    await page.keyboard.press('Enter');
    await outcome.waitFor();
  }

  /** Goes to a row of a tree, from its first one down. */
  async focusRow(view: string, row: string | RegExp): Promise<void> {
    const { page } = this.#workbench;
    const tree = this.#workbench.view(view).locator('.monaco-list');
    const target = this.#workbench.treeRow(view, row);
    await this.#workbench.attempt(async (timeout) => {
      await this.command(`MLflow: Focus on ${view} View`, tree.and(page.locator(':focus, :has(:focus)')));
      await page.keyboard.press('Home');
      await this.#step(target.and(page.locator('.focused')), timeout);
    });
  }

  /** Of the row's context menu. */
  async menu(view: string, row: string | RegExp, item: string, outcome: Locator): Promise<void> {
    const { page } = this.#workbench;
    const menu = page.locator('.monaco-menu');
    await this.#workbench.attempt(async (timeout) => {
      await this.focusRow(view, row);
      await page.keyboard.press('Shift+F10');
      await menu.first().waitFor({ timeout });
      await this.#step(menu.locator('.action-item.focused').filter({ hasText: item }), timeout);
      await page.keyboard.press('Enter');
      await menu.first().waitFor({ state: 'detached', timeout });
    }, outcome);
  }

  async #step(target: Locator, timeout: number): Promise<void> {
    for (let step = 0; step < mostSteps; step++) {
      if (await target.isVisible()) return;
      await this.#workbench.page.keyboard.press('ArrowDown');
    }
    await target.waitFor({ timeout });
  }
}
