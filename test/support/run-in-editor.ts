/** The page of a run in a real VS Code. */
import type { FrameLocator, Locator } from 'playwright-core';

import { again } from './again.ts';
import { themes, type Workbench } from './workbench.ts';

/** By the button on its row, in an experiment that is unfolded. */
export const openRun = async (workbench: Workbench, experiment: string, run: Locator): Promise<FrameLocator> => {
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', experiment));
  await workbench.clickAction(run, 'Open Run', workbench.webview.getByRole('tablist'));
  return workbench.webview;
};

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

/** Closes what the page has opened, by the button of its tab: a key that comes late would close the page. Waits until the page shows what it should. */
export const backToRun = async (workbench: Workbench, shown: Locator = workbench.webview.getByRole('tablist')): Promise<void> => {
  const ofRun = '[data-resource-name^="webview-mlflow.run-"]';
  const opened = workbench.page.locator(`.tabs-container .tab.active:not(${ofRun})`);
  await again(async (timeout) => {
    if ((await opened.count()) > 0) await opened.locator('.tab-actions .action-label').click({ timeout });
    await workbench.page.locator(`.tabs-container .tab.active${ofRun}`).waitFor({ timeout });
    await shown.waitFor({ timeout });
  });
};

/** A picture in every theme. */
export const pictures = async (workbench: Workbench, name: string): Promise<void> => {
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`${name}-${theme}`);
  }
};

/** What can be read in the text editors on screen, both sides of a difference included. */
export const editorText = async (workbench: Workbench): Promise<string> =>
  (await workbench.page.locator('.view-lines:visible').allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
