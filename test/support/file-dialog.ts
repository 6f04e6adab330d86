/** The dialogs of VS Code in a browser that choose files and folders: text fields with a list. */
import { dirname } from 'node:path';
import type { Locator } from 'playwright-core';

import { again } from './again.ts';
import type { Workbench } from './workbench.ts';

interface Choice {
  /** Of the dialog. */
  readonly title: string;
  readonly path: string;
  readonly outcome: Locator;
}

/** Escape would give all up: what the dialog makes of a key is waited for. With a row focused, Enter would take that one. */
export const chooseFolder = async (workbench: Workbench, { title, path, outcome }: Choice): Promise<void> => {
  const dialog = workbench.quickTitle(title);
  const focused = workbench.page.locator('.quick-input-list .monaco-list-row.focused');
  await again(async (timeout) => {
    if (await dialog.isVisible()) {
      // The text that is there already would change nothing.
      await workbench.quickInput.fill(`${dirname(path)}/`, { timeout });
      await workbench.quickInput.fill(`${path}/`, { timeout });
      await focused.waitFor({ state: 'detached', timeout });
      await workbench.quickInput.press('Enter', { timeout });
    }
    await dialog.waitFor({ state: 'hidden', timeout });
  });
  await outcome.waitFor({ timeout: 120_000 });
};

/** A dialog that takes its time to close is not hurried: Escape would give all up. */
export const chooseFile = async (workbench: Workbench, { title, path, outcome }: Choice): Promise<void> => {
  const dialog = workbench.quickTitle(title);
  await dialog.or(outcome).first().waitFor();
  await again(async (timeout) => {
    if (await dialog.isVisible()) {
      await workbench.quickInput.fill(path, { timeout });
      await workbench.quickInput.press('Enter', { timeout });
    }
    await outcome.waitFor({ timeout });
  });
};
