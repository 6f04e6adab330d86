/** The compare page in a real browser, and what it shows, as tests ask for it. */
import type { Frame, Page } from 'playwright-core';
import { expect } from 'vitest';

import type { CardReading, SceneReading } from '../../webviews/compare/inspection.ts';
import type { World } from './fake-host.ts';
import { webviewForFile } from './webview-for-file.ts';
import type { ViewOptions } from './webview-page.ts';

/** The page by itself in a browser, or in a window of VS Code. */
export type View = Page | Frame;

type Open = (world: World, options?: ViewOptions) => Promise<Page>;

/** For the tests of a file: opens a page that shows the world. */
export const comparePages = (): Open => {
  const webview = webviewForFile({ name: 'compare', host: 'test/support/fake-host.ts' });
  return async (world, options) => {
    const page = await webview.open(options);
    await page.evaluate((given) => fakeHost.load(given), world);
    return page;
  };
};

export const cardOf = (page: View, metric: string) => page.locator(`[data-card="line:${metric}"]`);

const readCard = async (page: View, metric: string): Promise<CardReading | undefined> =>
  await page.evaluate((name) => mlflowWorkbench?.cards().find((card) => card.metric === name), metric);

/** Waits until the card shows what the test wants to see. */
export const untilCard = async (page: View, metric: string, isThere: (card: CardReading) => boolean): Promise<CardReading> =>
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

const sceneOf = async (page: View, cardId: string): Promise<SceneReading | undefined> =>
  await page.evaluate((id) => mlflowWorkbench?.scenes().find((scene) => scene.cardId === id), cardId);

export const untilScene = async (page: View, cardId: string, isThere: (scene: SceneReading) => boolean = () => true): Promise<SceneReading> => {
  await expect.poll(() => sceneOf(page, cardId)).toSatisfy((scene: SceneReading | undefined) => scene !== undefined && isThere(scene));
  const scene = await sceneOf(page, cardId);
  if (scene === undefined) throw new Error(`The card ${cardId} is gone`);
  return scene;
};

const mouseOf = (page: View): Page['mouse'] => ('mouse' in page ? page.mouse : page.page().mouse);

export const dragWithin = async (
  page: View,
  cardId: string,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): Promise<void> => {
  const box = await page.locator(`[data-card="${cardId}"] .plot`).boundingBox();
  if (box === null) throw new Error('No plot');
  const mouse = mouseOf(page);
  await mouse.move(box.x + from.x, box.y + from.y);
  await mouse.down();
  await mouse.move(box.x + to.x, box.y + to.y, { steps: 4 });
  await mouse.up();
};

type Rgb = readonly [number, number, number];
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** Whether the canvas has, within two pixels of the point, a pixel of about that colour. */
export const hasColorAt = async (page: View, metric: string, point: { readonly x: number; readonly y: number }, color: string): Promise<boolean> =>
  await cardOf(page, metric)
    .locator('canvas.plot-lines')
    .evaluate(
      (canvas: HTMLCanvasElement, { at, rgb }) => {
        const { data } = canvas.getContext('2d')?.getImageData(Math.round(at.x) - 2, Math.round(at.y) - 2, 5, 5) ?? { data: [] };
        for (let pixel = 0; pixel < data.length; pixel += 4) {
          if ((data[pixel + 3] ?? 0) > 150 && rgb.every((channel, index) => Math.abs(channel - (data[pixel + index] ?? 0)) < 48)) return true;
        }
        return false;
      },
      { at: point, rgb: rgbOf(color) },
    );

/** Whether anything but the background is painted around the mark. */
export const isPaintedAt = async (page: View, cardId: string, at: { readonly x: number; readonly y: number }): Promise<boolean> =>
  await page.locator(`[data-card="${cardId}"] canvas.plot-lines`).evaluate((canvas: HTMLCanvasElement, { x, y }) => {
    const { data } = canvas.getContext('2d')?.getImageData(Math.round(x) - 3, Math.round(y) - 3, 7, 7) ?? { data: [] };
    return Array.from(data).some((channel, index) => index % 4 === 3 && channel > 100);
  }, at);
