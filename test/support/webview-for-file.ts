import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

import { openWebview, serveWebview, type ServedPage, type ViewOptions, type WebviewServer } from './webview-page.ts';
import { launchBrowser } from './workbench.ts';

export interface WebviewForFile {
  readonly origin: string;
  /** Closed when the test ends, which fails if the page has complained of anything, or has asked the network for anything but its own parts. */
  open(options?: ViewOptions): Promise<Page>;
}

/** One browser for the tests of a file, and a page of ours in it. */
export const webviewForFile = (served: ServedPage): WebviewForFile => {
  let server: WebviewServer | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveWebview(served), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The browser is there from the first test on');
    return part;
  };
  return {
    get origin() {
      return started(server).origin;
    },
    async open(options) {
      const { page, complaints } = await openWebview(started(browser), started(server), options);
      onTestFinished(async () => {
        await page.close();
        expect(complaints).toEqual([]);
      });
      return page;
    },
  };
};
