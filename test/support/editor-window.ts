import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

import { openEditor, type Editor, type EditorOptions } from './code-server.ts';
import { launchBrowser, newContext, openWorkbench, type Workbench } from './workbench.ts';

export interface EditorOfFile {
  readonly editor: Editor;
  /** A new window, with no memory of earlier ones; closed when the test ends, which fails if a page broke its content policy, or an error was caught by nobody. */
  openWindow(folder: string): Promise<Workbench>;
}

/** One editor and one browser for the tests of a file. */
export const editorForFile = (options: EditorOptions = {}): EditorOfFile => {
  let editor: Editor | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [editor, browser] = await Promise.all([openEditor(options), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await editor?.close();
  });
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The editor is there from the first test on');
    return part;
  };
  return {
    get editor() {
      return started(editor);
    },
    async openWindow(folder) {
      const context = await newContext(started(browser));
      const workbench = await openWorkbench(context, started(editor).server.windowUrl(folder));
      onTestFinished(async ({ task }) => {
        if (task.result?.state === 'fail') await workbench.screenshot(`failed ${task.name}`);
        await context.close();
        expect(workbench.policyViolations).toEqual([]);
        expect(workbench.unhandledErrors).toEqual([]);
      });
      return workbench;
    },
  };
};
