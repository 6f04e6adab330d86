import type { Locator } from 'playwright-core';

import { slow } from './again.ts';
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
  async command(title: string, outcome: Locator, patience?: readonly number[]): Promise<void> {
    const { page, quickInput } = this.#workbench;
    await this.#workbench.attempt(
      async (timeout) => {
        await page.keyboard.press('F1');
        await quickInput.fill(`>${title}`, { timeout });
        await this.#workbench.quickRow(title).waitFor({ timeout });
        await this.#step(this.#workbench.quickRow(title).and(page.locator('.focused')), timeout);
        await page.keyboard.press('Enter');
      },
      outcome,
      patience,
    );
  }

  /** In the list that is open, or about to be. */
  async pick(row: string, outcome: Locator): Promise<void> {
    const { page, quickInput } = this.#workbench;
    const target = this.#workbench.quickRow(row);
    await target.waitFor();
    await quickInput.fill(row);
    await this.#step(target.and(page.locator('.focused')), 60_000);
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
    await this.#workbench.attempt(async (timeout) => {
      await this.focusRow(view, row);
      await this.#chooseInMenu(item, timeout);
    }, outcome);
  }

  /** Of the context menu of a row and the one below it. Not done again soon: it may open a page each time. */
  async menuOfTwo(view: string, row: string | RegExp, item: string, outcome: Locator): Promise<void> {
    const trigger = async (timeout: number): Promise<void> => {
      await this.focusRow(view, row);
      for (const key of ['Enter', 'Shift+ArrowDown']) await this.#workbench.page.keyboard.press(key);
      await this.#chooseInMenu(item, timeout);
    };
    await this.#workbench.attempt(trigger, outcome, slow);
  }

  /** Goes to an editor that is open, by the title of its tab. */
  async editor(title: string, outcome: Locator): Promise<void> {
    const { page, quickInput } = this.#workbench;
    const label = page.locator(`xpath=.//*[contains(@class, "label-name")][. = ${JSON.stringify(title)}]`);
    const row = page.locator('.quick-input-widget:visible .monaco-list-row', { has: label });
    await this.#workbench.attempt(async (timeout) => {
      await page.keyboard.press('F1');
      await quickInput.fill(`edt ${title}`, { timeout });
      await row.waitFor({ timeout });
      await this.#step(row.and(page.locator('.focused')), timeout);
      await page.keyboard.press('Enter');
    }, outcome);
  }

  /** Presses the first button of the newest notification, which may be hidden by now. Not done again soon: the next one would be pressed. */
  async acceptNotification(outcome: Locator): Promise<void> {
    await this.command('Notifications: Accept Notification Primary Action', outcome, slow);
  }

  async #chooseInMenu(item: string, timeout: number): Promise<void> {
    const { page } = this.#workbench;
    const menu = page.locator('.monaco-menu');
    await page.keyboard.press('Shift+F10');
    await menu.first().waitFor({ timeout });
    await this.#step(menu.locator('.action-item.focused').filter({ hasText: item }), timeout);
    await page.keyboard.press('Enter');
    await menu.first().waitFor({ state: 'detached', timeout });
  }

  async #step(target: Locator, timeout: number): Promise<void> {
    for (let step = 0; step < mostSteps; step++) {
      if (await target.isVisible()) return;
      await this.#workbench.page.keyboard.press('ArrowDown');
    }
    await target.waitFor({ timeout });
  }
}
