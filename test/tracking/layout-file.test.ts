import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { newLayoutFile, readLayoutFile, writeLayoutFile } from '../../extension/tracking/layout-file.ts';
import { defaultCharts } from '../../schemas/compare-charts.ts';
import type { CompareLayout } from '../../schemas/compare-layout.ts';

const byHand = `{
  "version": 1,
  // of last week
  "runs": ["a1", "b2"],
  "note": "ours",
  "cards": [
    { "type": "line", "metric": "loss" },
    { "type": "scatter", "x": "params.lr" },
    { "type": "bar", "metric": "rmse", },
  ]
}
`;

describe('A layout file', () => {
  test('comes back as it was written', () => {
    const layout: CompareLayout = {
      version: 1,
      runs: { experiments: ['wine'], newest: 20 },
      charts: { ...defaultCharts, logY: true },
      cards: [{ id: 'line-1', width: 2, height: 1, type: 'line', metric: 'loss', clip: 5 }],
    };
    expect(readLayoutFile(newLayoutFile(layout))).toEqual({ layout, problems: [] });
  });

  test('tells a mistake with its line, and shows the rest', () => {
    const { layout, problems } = readLayoutFile(byHand);
    expect(problems).toEqual([{ line: 8, message: 'A card of type "scatter" needs "y", a text' }]);
    expect(layout.cards?.map(({ type }) => type)).toEqual(['line', 'bar']);
    expect(layout.runs).toEqual(['a1', 'b2']);
  });

  test('that is no JSON is read as far as it goes', () => {
    const { layout, problems } = readLayoutFile(byHand.replace('"metric": "loss" }', '"metric": "loss"'));
    expect(problems[0]).toEqual({ line: 8, message: 'This is not JSON: property name expected' });
    expect(layout.runs).toEqual(['a1', 'b2']);
  });

  test('of a newer version says so, at the version', () => {
    const { problems } = readLayoutFile('{\n  "version": 7,\n  "cards": [{ "type": "line", "metric": "loss" }]\n}');
    expect(problems).toEqual([{ line: 2, message: expect.stringMatching(/^This layout is of version 7, newer than/) }]);
  });

  test('says which scale is wrong', () => {
    const { layout, problems } = readLayoutFile('{ "version": 1,\n "charts": {\n  "xAxis": "epoch",\n  "smoothing": {\n   "weight": 2 } } }');
    expect(problems).toEqual([
      { line: 3, message: '"xAxis" must be "step", "relative", "wall" or "metrics.<key>"' },
      { line: 5, message: '"weight" must be a number from 0 to below 1' },
    ]);
    expect(layout.charts).toEqual(defaultCharts);
  });

  test('that is empty, huge or deep is refused in words', () => {
    expect(readLayoutFile('').problems).toHaveLength(1);
    expect(readLayoutFile(' '.repeat(1_000_001)).problems[0]?.message).toMatch(/too large/);
    expect(readLayoutFile(`{"version": 1, "cards": ${'['.repeat(100_000)}`).problems[0]?.message).toMatch(/nested too deeply/);
    expect(readLayoutFile(`{"version": 1, "runs": ["${'['.repeat(1000)}"]}`).problems).toEqual([]);
  });

  test('never fails, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readLayoutFile(text).layout.version).toBe(1);
      }),
    );
  });
});

describe('Writing into a layout file', () => {
  const right = byHand.replace('    { "type": "scatter", "x": "params.lr" },\n', '');

  test('changes what has changed and nothing else', () => {
    const { layout } = readLayoutFile(right);
    const written = writeLayoutFile(right, { ...layout, runs: ['a1'] });
    expect(written).toBe(right.replace(/\["a1", "b2"\]/, '[\n    "a1"\n  ]'));
  });

  test('of the same layout is the same text', () => {
    expect(writeLayoutFile(right, readLayoutFile(right).layout)).toBe(right);
  });

  test('takes away what is no longer there', () => {
    const { cards: _, ...others } = readLayoutFile(right).layout;
    expect(readLayoutFile(writeLayoutFile(right, others)).layout).toEqual(others);
  });
});
