import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { comparePages, untilCard, untilScene, withLines } from '../support/compare-page.ts';
import { historyOf, runNamed, seeds, sweep, threeRuns } from '../support/compare-worlds.ts';

const open = comparePages();

interface SavedFile {
  readonly name: string;
  readonly text: string;
  readonly bytes: readonly number[];
}

/** What the page gave to the host to be written. */
const savedFile = async (page: Page): Promise<SavedFile> => {
  await expect.poll(() => page.evaluate(() => fakeHost.files.length)).toBe(1);
  return await page.evaluate(() => {
    const file = fakeHost.files[0];
    const data = file?.data ?? '';
    return {
      name: file?.name ?? '',
      text: typeof data === 'string' ? data : '',
      bytes: typeof data === 'string' ? [] : [...new Uint8Array(data)],
    };
  });
};

const saveCard = async (page: Page, title: string, kind: string): Promise<SavedFile> => {
  await page.getByRole('button', { name: `More for ${title}` }).click();
  await page.getByRole('menuitem', { name: `Save as ${kind}…` }).click();
  return await savedFile(page);
};

/** Whether the picture, drawn by the browser, has pixels of all these colours. */
const hasColors = async (
  page: Page,
  picture: { readonly type: string; readonly data: readonly number[] | string },
  colors: readonly string[],
): Promise<readonly boolean[]> =>
  await page.evaluate(
    async ({ given: { type, data }, wanted }) => {
      const url = URL.createObjectURL(new Blob([typeof data === 'string' ? data : Uint8Array.from(data)], { type }));
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
      return wanted.map((color) => {
        const rgb = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
        for (let at = 0; at < pixels.length; at += 4) if (rgb.every((part, channel) => Math.abs(part - (pixels[at + channel] ?? 0)) < 12)) return true;
        return false;
      });
    },
    { given: picture, wanted: colors },
  );

describe('A card leaves the page', () => {
  test('as a picture with title and legend, in pixels', async () => {
    const page = await open(threeRuns);
    const card = await untilCard(page, 'train/loss', withLines(3));
    const { name, bytes } = await saveCard(page, 'train/loss', 'PNG');
    expect(name).toBe('train-loss.png');
    expect(
      await hasColors(
        page,
        { type: 'image/png', data: bytes },
        card.lines.map(({ color }) => color),
      ),
    ).toEqual([true, true, true]);
  });

  test('as a picture in vectors, whose words are text', async () => {
    const page = await open(threeRuns);
    const card = await untilCard(page, 'train/loss', withLines(3));
    const { name, text } = await saveCard(page, 'train/loss', 'SVG');
    expect(name).toBe('train-loss.svg');
    expect(text).toContain('>bold-fox-101</text>');
    expect(text).not.toMatch(/NaN|color-mix|var\(/);
    expect(
      await hasColors(
        page,
        { type: 'image/svg+xml', data: text },
        card.lines.map(({ color }) => color),
      ),
    ).toEqual([true, true, true]);
  });

  test('as a table of every point, not only of those that are drawn', async () => {
    const run = runNamed('long', { metrics: { loss: 0 } });
    const values = Array.from({ length: 15_000 }, (_, at) => Math.sin(at));
    const page = await open({ runs: [run], histories: [historyOf(run, 'loss', values)] });
    const card = await untilCard(page, 'loss', withLines(1));
    expect(card.lines[0]?.x.length).toBeLessThan(5000);
    const { name, text } = await saveCard(page, 'loss', 'CSV');
    expect(name).toBe('loss.csv');
    const lines = text.split('\r\n');
    expect(lines.slice(0, 3)).toEqual(['Run,Run ID,Step,loss', `long,${run.runId},0,0`, `long,${run.runId},1,${Math.sin(1)}`]);
    expect(lines).toHaveLength(15_002);
  });

  test('as JSON with the words of its table', async () => {
    const page = await open({
      ...sweep,
      view: { cards: [{ id: 'x', width: 1, height: 1, type: 'box', metric: 'rmse', by: 'params.optimizer' }], removedMetrics: [] },
    });
    await untilScene(page, 'x');
    const { text } = await saveCard(page, 'rmse by optimizer', 'JSON');
    const { title, rows } = JSON.parse(text) as { title: string; rows: readonly Readonly<Record<string, unknown>>[] };
    expect(title).toBe('rmse by optimizer');
    expect(rows.map((row) => row['optimizer'])).toEqual(['adam', 'lion', 'sgd']);
    expect(rows[0]?.['Runs']).toBe(12);
  });

  test('with names that a spreadsheet would run made harmless', async () => {
    const evil = runNamed('=HYPERLINK("http://x","y")', { runId: 'a', metrics: { loss: -5 } });
    const page = await open({ runs: [evil, runNamed('other', { metrics: { loss: 1 } })], histories: [historyOf(evil, 'loss', [-5])] });
    await untilScene(page, 'line:loss', ({ marks }) => marks.length > 0);
    const { text } = await saveCard(page, 'loss', 'CSV');
    expect(text).toContain(`"'=HYPERLINK(""http://x"",""y"")",a,0,-5`);
  });
});

describe('The page leaves as Markdown', () => {
  test('with its runs, what differs, and a picture per card', async () => {
    const page = await open({ ...seeds, runs: seeds.runs.map((run, at) => (at === 0 ? { ...run, name: '<b>[x](y)|z' } : run)) });
    await untilCard(page, 'train/loss', withLines(6));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Save Page as Markdown…' }).click();
    await expect.poll(() => page.evaluate(() => fakeHost.reports.length)).toBe(1);
    const report = await page.evaluate(() => ({
      ...fakeHost.reports[0],
      images: fakeHost.reports[0]?.images.map(({ name, data }) => [name, data.byteLength] as const),
    }));
    expect(report.markdown).toContain('# 6 compared runs');
    expect(report.markdown).toContain('| &#60;b&#62;\\[x\\]\\(y\\)\\|z | ');
    expect(report.markdown).toMatch(/\| Run \| learning\\_rate \| max\\_depth \| seed \| rmse \|/);
    expect(report.images?.map(([name]) => name)).toEqual([
      '1-Parallel-coordinates.png',
      '2-rmse.png',
      '3-train-accuracy.png',
      '4-train-loss.png',
      '5-validation-loss.png',
    ]);
    for (const [name, size] of report.images ?? []) {
      expect(report.markdown).toContain(`](report.files/${name})`);
      expect(size).toBeGreaterThan(5000);
    }
  });
});
