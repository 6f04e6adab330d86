/** What the extension costs a window that needs it, as VS Code itself measures that and shows it among the running extensions. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

import { openEditor } from '../../test/support/code-server.ts';
import { setup } from '../../test/support/provide-editor.ts';
import { launchBrowser, newContext, openWorkbench } from '../../test/support/workbench.ts';

/** ms of loading the code and of `activate()` in each of so many windows, one after the other. */
export const measureActivation = async (windows: number): Promise<readonly number[]> => {
  const tearDown = await setup();
  const [editor, browser] = await Promise.all([openEditor(), launchBrowser()]);
  try {
    const folder = await editor.newFolder('activation');
    await writeFile(join(folder, 'MLproject'), 'name: bench\n');
    const times: number[] = [];
    for (let window = 0; window < windows; window++) times.push(await activationOf(browser, editor.server.windowUrl(folder)));
    return times;
  } finally {
    await browser.close();
    await editor.close();
    await tearDown();
  }
};

const activationOf = async (browser: Browser, url: string): Promise<number> => {
  const context = await newContext(browser);
  try {
    const workbench = await openWorkbench(context, url);
    // The slowest stand first, and only those that are seen are in the document.
    await workbench.page.setViewportSize({ width: 1280, height: 2400 });
    const time = workbench.page.locator('.extension', { hasText: /mlflow[ -]workbench/i }).locator('.activation-time', { hasText: /\d+ms/ });
    await workbench.runCommand('Developer: Show Running Extensions', time);
    return Number.parseInt((await time.innerText()).replace(/^\D+/, ''), 10);
  } finally {
    await context.close();
  }
};
