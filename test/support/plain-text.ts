import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Texts that turn the direction of writing without an end, and of what stands beside them: an element of their own keeps that inside. */
const turnedNeighbours = async (page: Page): Promise<readonly string[]> =>
  await page.evaluate(() => {
    // A box of its own is one, whatever stands beside it.
    const isolating = (element: Element): boolean => {
      const { unicodeBidi, display } = getComputedStyle(element);
      return /isolate|plaintext/.test(unicodeBidi) || !/^(?:inline|contents)$/.test(display);
    };
    const textsIn = (root: Node): readonly Text[] => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      // The words of a note are all by who wrote the note.
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
        if (node instanceof Text && node.data.trim() !== '' && node.parentElement?.closest('.markdown') === null) texts.push(node);
      return texts;
    };
    const boundaryOf = (text: Text): Element => {
      let element = text.parentElement ?? document.body;
      while (!isolating(element) && element.parentElement !== null) element = element.parentElement;
      return element;
    };
    const turning = textsIn(document.querySelector('main') ?? document.body).filter(({ data }) => data.includes('\u202E'));
    return turning.flatMap((text) => {
      const beside = textsIn(boundaryOf(text)).filter((other) => other !== text && boundaryOf(other) === boundaryOf(text));
      return beside.map((other) => `${boundaryOf(text).outerHTML.slice(0, 200)}: ${other.data.slice(0, 60)}`);
    });
  });

/** Nothing of what is shown became more than text. */
export const isPlain = async (page: Page): Promise<void> => {
  expect(await page.locator('main').locator('img, script, style, iframe').count()).toBe(0);
  expect(await turnedNeighbours(page)).toEqual([]);
};
