import type { Locator, Page } from 'playwright-core';

import { again } from './again.ts';
import type { Workbench } from './workbench.ts';

/** The active text editor: cursor, suggestions, hovers, fixes. */
export class TextEditor {
  readonly #workbench: Workbench;
  readonly #page: Page;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.#page = workbench.page;
  }

  /** Puts the cursor into the active text editor; line and column count from 1. */
  async placeCursor(line: number, column: number): Promise<void> {
    await this.#workbench.attempt(async (timeout) => {
      await this.#page.locator('.editor-instance .view-lines').first().click({ timeout });
      await this.#page.keyboard.press('Control+G');
      await this.#workbench.quickInput.fill(`:${line}:${column}`, { timeout });
      await this.#workbench.quickInput.press('Enter', { timeout });
      await this.#workbench.statusBar.getByText(`Ln ${line}, Col ${column}`, { exact: true }).waitFor({ timeout });
      // Keys that are pressed before the editor has the focus back are lost.
      await this.#page.locator('.editor-instance .monaco-editor.focused').first().waitFor({ timeout });
    });
  }

  get suggestions(): Locator {
    return this.#page.locator('.suggest-widget.visible .monaco-list-row');
  }

  /** Asks for completion at the cursor until this is in the list, and gives its row. */
  async showSuggestions(text: string | RegExp): Promise<Locator> {
    const row = this.suggestions.filter({ hasText: text }).first();
    await this.#workbench.pressUntil(['Control+Space'], row);
    return row;
  }

  hover(text: string | RegExp): Locator {
    return this.#page.locator('.monaco-hover:not(.hidden)').filter({ hasText: text }).first();
  }

  /** Rests the pointer on something until this is told of it. */
  async hoverOver(target: Locator, text: string | RegExp): Promise<void> {
    await again(
      async (timeout) => {
        await target.hover({ timeout });
        await this.hover(text).waitFor({ timeout });
      },
      async () => await this.#page.mouse.move(0, 0),
    );
  }

  quickFix(title: string | RegExp): Locator {
    return this.#page.locator('.action-widget .monaco-list-row').filter({ hasText: title }).first();
  }

  /** Shows the fixes at the cursor until this is one of them. */
  async showQuickFix(title: string | RegExp): Promise<Locator> {
    await this.#workbench.pressUntil(['Control+.'], this.quickFix(title));
    return this.quickFix(title);
  }

  /** Saves the active editor, once it has something to save. */
  async save(): Promise<void> {
    const dirty = this.#page.locator('.tab.active.dirty');
    await dirty.waitFor();
    await again(async (timeout) => {
      if ((await dirty.count()) > 0) await this.#page.keyboard.press('Control+S');
      await dirty.waitFor({ state: 'detached', timeout });
    });
  }
}
