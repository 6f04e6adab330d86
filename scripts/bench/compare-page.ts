/** What is measured in the browser. Times are ms; a frame is over when the one after it begins. */
import type { Frame, Page } from 'playwright-core';

import type { Inspection } from '../../webviews/compare/inspection.ts';

declare global {
  var mlflowWorkbench: Inspection | undefined;
}

interface Opening {
  /** Since the navigation began. */
  readonly total: number;
  /** Since the page had all it had asked for, even if its script was not through by then: nothing is taken off for that. */
  readonly drawn: number;
}

/** Loads the page and waits until a card has all lines, and they are painted. */
export const openPage = async (page: Page, origin: string, lines: number): Promise<Opening> => {
  // What is hidden in VS Code is thrown away before it is shown again.
  await page.goto('about:blank');
  await page.goto(origin);
  return await page.evaluate(async (wanted) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const isThere = (): boolean => mlflowWorkbench?.progress().some((card) => card.lines === wanted && !card.loading) === true;
    while (!isThere()) await frame();
    await frame();
    await frame();
    const now = performance.now();
    return { total: now, drawn: now - lastAnswerAt };
  }, lines);
};

/** Moves the pointer over the chart, or drags it along, and measures each move until it is on screen. */
export const moveOver = async (page: Page, { pans, moves }: { readonly pans: boolean; readonly moves: number }): Promise<readonly number[]> =>
  await page.evaluate(
    async ({ panning, count }) => {
      const plot = document.querySelector<HTMLElement>('[data-kind="line"] .plot');
      if (plot === null) throw new Error('There is no chart');
      const { left, top, width, height } = plot.getBoundingClientRect();
      const send = (type: string, at: number, shiftKey = false): void => {
        const init = { bubbles: true, pointerId: 1, button: 0, clientX: left + width * at, clientY: top + height * (0.3 + 0.4 * at), shiftKey };
        plot.dispatchEvent(new PointerEvent(type, init));
      };
      // Chromium knows no pointer of that id to capture.
      plot.setPointerCapture = () => {};
      const painted = (): Promise<void> =>
        new Promise((resolve) =>
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.addEventListener('message', () => resolve());
            port1.start();
            port2.postMessage(undefined);
          }),
        );
      if (panning) send('pointerdown', 0.5, true);
      const times: number[] = [];
      for (let move = 0; move < count; move++) {
        await painted();
        const began = performance.now();
        send('pointermove', 0.5 + 0.3 * Math.sin(move / 5), panning);
        await painted();
        times.push(performance.now() - began);
      }
      if (panning) send('pointerup', 0.5, true);
      return times;
    },
    { panning: pans, count: moves },
  );

export const zoomIn = async (page: Page): Promise<void> => {
  await page.locator('[data-kind="line"] .plot').first().focus();
  await page.keyboard.press('+');
  await page.waitForFunction(() => mlflowWorkbench?.progress().every(({ loading }) => !loading));
};

interface Sighting {
  readonly step: number;
  /** ms since the epoch. */
  readonly at: number;
}

/** Notes with every frame how far the lines are, until they are as far as said. */
export const watchSteps = async (page: Page | Frame, until: number): Promise<readonly Sighting[]> =>
  await page.evaluate(async (last) => {
    const seen: { step: number; at: number }[] = [];
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let step = Number.NEGATIVE_INFINITY; step < last;) {
      await frame();
      const now = mlflowWorkbench?.progress()[0]?.end ?? step;
      if (now === step) continue;
      step = now;
      seen.push({ step, at: performance.timeOrigin + performance.now() });
    }
    return seen;
  }, until);

/** Bytes, after what nobody needs is collected. */
export const heapOf = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage: { usedSize: number; backingStorageSize?: number } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  // Typed arrays lie beside the heap.
  return usage.usedSize + (usage.backingStorageSize ?? 0);
};
