/** The page of a run in a real VS Code. */
import type { Locator } from 'playwright-core';

import { again } from './again.ts';
import { themes, type Workbench } from './workbench.ts';

/** What the tab shows. A page that comes back is drawn anew, and may take the first key for itself. */
export const showTab = async (workbench: Workbench, title: string): Promise<Locator> => {
  const tab = workbench.webview.getByRole('tab', { name: title });
  const panel = workbench.webview.getByRole('tabpanel', { name: title });
  await again(async (timeout) => {
    await tab.press('Enter', { timeout });
    await panel.waitFor({ timeout });
  });
  return panel;
};

/** A picture in every theme. */
export const pictures = async (workbench: Workbench, name: string): Promise<void> => {
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`${name}-${theme}`);
  }
};
