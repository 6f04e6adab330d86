/** The compare page in a real browser, and what it shows, as tests ask for it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

import type { CardReading, SceneReading } from '../../webviews/compare/inspection.ts';
import type { World } from './fake-host.ts';
import { openWebview, serveWebview, type WebviewServer } from './webview-page.ts';
import { launchBrowser } from './workbench.ts';

type Open = (world: World, options?: Parameters<typeof openWebview>[2]) => Promise<Page>;

/** For the tests of a file: opens a page that shows the world, and that has complained of nothing when the test ends. */
export const comparePages = (): Open => {
  let server: WebviewServer | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveWebview(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  return async (world, options = {}) => {
    if (server === undefined || browser === undefined) throw new Error('The browser is there from the first test on');
    const { page, complaints } = await openWebview(browser, server.origin, options);
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.evaluate((given) => fakeHost.load(given), world);
    return page;
  };
};

export const cardOf = (page: Page, metric: string) => page.locator(`[data-card="line:${metric}"]`);

const readCard = async (page: Page, metric: string): Promise<CardReading | undefined> =>
  await page.evaluate((name) => mlflowWorkbench?.cards().find((card) => card.metric === name), metric);

/** Waits until the card shows what the test wants to see. */
export const untilCard = async (page: Page, metric: string, isThere: (card: CardReading) => boolean): Promise<CardReading> =>
  await expect
    .poll(async () => await readCard(page, metric))
    .toSatisfy((card: CardReading | undefined) => card !== undefined && isThere(card))
    .then(async () => {
      const card = await readCard(page, metric);
      if (card === undefined) throw new Error(`The card of ${metric} is gone`);
      return card;
    });

export const withLines =
  (count: number) =>
  (card: CardReading): boolean =>
    card.lines.length === count;

const sceneOf = async (page: Page, cardId: string): Promise<SceneReading | undefined> =>
  await page.evaluate((id) => mlflowWorkbench?.scenes().find((scene) => scene.cardId === id), cardId);

export const untilScene = async (page: Page, cardId: string, isThere: (scene: SceneReading) => boolean = () => true): Promise<SceneReading> => {
  await expect.poll(() => sceneOf(page, cardId)).toSatisfy((scene: SceneReading | undefined) => scene !== undefined && isThere(scene));
  const scene = await sceneOf(page, cardId);
  if (scene === undefined) throw new Error(`The card ${cardId} is gone`);
  return scene;
};

export const dragWithin = async (
  page: Page,
  cardId: string,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): Promise<void> => {
  const box = await page.locator(`[data-card="${cardId}"] .plot`).boundingBox();
  if (box === null) throw new Error('No plot');
  await page.mouse.move(box.x + from.x, box.y + from.y);
  await page.mouse.down();
  await page.mouse.move(box.x + to.x, box.y + to.y, { steps: 4 });
  await page.mouse.up();
};
