/** The compare page where people have it: in VS Code, with the packed extension. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

import { openEditor } from '../../test/support/code-server.ts';
import { setup } from '../../test/support/provide-editor.ts';
import { newContext, openWorkbench } from '../../test/support/workbench.ts';
import { watchLive, type Live } from './compare-live.ts';
import { seedHistories, type Shape } from './compare-store.ts';

/** All runs of a store grow at once, which is looked at in a window of the editor. */
export const liveInEditor = async (browser: Browser, shape: Shape, ticks: number): Promise<Live> => {
  const tearDown = await setup();
  const editor = await openEditor();
  try {
    const folder = await editor.newFolder('live');
    const path = join(folder, 'mlflow.db');
    await seedHistories(path, shape);
    const context = await newContext(browser);
    const workbench = await openWorkbench(context, editor.server.windowUrl(folder));
    await workbench.showContainer('MLflow');
    const card = workbench.webview.locator('[data-kind="line"] .plot');
    await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', 'Default'), 'Compare All Runs', card);
    const page = await workbench.webviewScripts();
    await page.waitForFunction((runs) => mlflowWorkbench?.progress().some(({ lines, loading }) => lines === runs && !loading), shape.runs);
    return await watchLive(page, { path, runs: shape.runs, first: shape.steps, ticks });
  } finally {
    await editor.close();
    await tearDown();
  }
};
