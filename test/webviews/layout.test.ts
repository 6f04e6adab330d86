import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultCharts } from '../../schemas/compare-charts.ts';
import { readCompareLayout, type CardSpec } from '../../schemas/compare-layout.ts';
import { addCard, automaticCards, completedCards, duplicateCard, moveCard, newContent, removeCard, resizeCard } from '../../webviews/compare/cards/layout.ts';
import { columnsIn } from '../../webviews/compare/cards/resize.ts';
import { sweep, threeRuns } from '../support/compare-worlds.ts';

const line = (id: string): CardSpec => ({ id, width: 1, height: 1, type: 'line', metric: id });
const cards = ['a', 'b', 'c'].map(line);
const ids = (list: readonly CardSpec[]): readonly string[] => list.map(({ id }) => id);

describe('Cards', () => {
  test('of a page without a layout are one per metric, with an overview of many runs', () => {
    expect(ids(automaticCards(['loss', 'rmse'], threeRuns.runs))).toEqual(['line:loss', 'line:rmse']);
    const [overview] = automaticCards(['loss'], sweep.runs);
    expect(overview).toMatchObject({ type: 'parallel', logFields: ['params.learning_rate'], color: 'metrics.rmse' });
  });

  test('of a layout of its own are joined by metrics that come later, but not by removed ones', () => {
    expect(ids(completedCards([line('a')], ['b'], ['a', 'b', 'c']))).toEqual(['a', 'line:c']);
  });

  test('are moved to the place of another', () => {
    expect(ids(moveCard(cards, 'a', 'c'))).toEqual(['b', 'c', 'a']);
    expect(ids(moveCard(cards, 'c', 'a'))).toEqual(['c', 'a', 'b']);
    expect(moveCard(cards, 'gone', 'a')).toBe(cards);
    expect(moveCard(cards, 'a', 'gone')).toBe(cards);
  });

  test('stay the same set, however they are moved', () => {
    const id = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(id, id, (from, to) => {
        expect([...ids(moveCard(cards, from, to))].sort()).toEqual(['a', 'b', 'c']);
      }),
    );
  });

  test('are duplicated beside themselves, removed, and added on top with ids of their own', () => {
    expect(ids(duplicateCard(cards, 'b'))).toEqual(['a', 'b', 'line-1', 'c']);
    expect(ids(removeCard(cards, 'b'))).toEqual(['a', 'c']);
    const twice = addCard(addCard(cards, { type: 'line', metric: 'x' }), { type: 'line', metric: 'x' });
    expect(ids(twice)).toEqual(['line-2', 'line-1', 'a', 'b', 'c']);
  });

  test('have sizes within the grid', () => {
    expect(resizeCard(line('a'), { width: 9, height: 0 })).toMatchObject({ width: 4, height: 1 });
    expect([300, 400, 1168].map(columnsIn)).toEqual([1, 1, 3]);
  });

  test('that are new show fields that differ', () => {
    expect(newContent('scatter', sweep.runs)).toMatchObject({ x: 'params.learning_rate', y: 'metrics.rmse' });
    expect(newContent('heatmap', sweep.runs)).toMatchObject({ x: 'params.learning_rate', y: 'params.max_depth', metric: 'rmse' });
    expect(newContent('bar', [])).toBeUndefined();
  });
});

describe('A layout', () => {
  test('comes back as it was written', () => {
    const layout = {
      version: 1,
      runs: { experiments: ['wine'], filter: 'metrics.rmse < 1', newest: 50 },
      charts: {
        ...defaultCharts,
        xAxis: 'metrics.epoch',
        grouping: { by: 'params', except: ['seed'], band: 'ci95', members: true },
      },
      cards: [
        { ...line('a'), logY: true, clip: 5 },
        { id: 's', width: 2, height: 3, type: 'scatter', x: 'params.a', y: 'metrics.b', color: 'tags.c', logX: true, logY: false, regression: true },
        { id: 'p', width: 1, height: 1, type: 'parallel', fields: ['params.a'], logFields: [] },
      ],
    };
    expect(readCompareLayout(JSON.parse(JSON.stringify(layout)))).toEqual({ layout, problems: [] });
  });

  test('with a mistake keeps the cards that are right, and says where the mistake is', () => {
    const { layout, problems } = readCompareLayout({
      version: 1,
      cards: [{ type: 'scatter', x: 'params.a' }, { type: 'line', metric: 'loss' }, { type: 'pie' }, 7],
    });
    expect(ids(layout.cards ?? [])).toEqual(['line-2']);
    expect(problems).toEqual([
      { path: ['cards', 0], message: 'A card of type "scatter" needs "y", a text' },
      { path: ['cards', 2], message: 'There is no card of type "pie"' },
      { path: ['cards', 3], message: 'There is no card of type undefined' },
    ]);
  });

  test('of a newer version shows what is known', () => {
    const { layout, problems } = readCompareLayout({ version: 2, cards: [{ type: 'line', metric: 'loss' }] });
    expect(layout.cards).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/newer than this extension/);
  });

  test('never fails, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readCompareLayout(value).layout.charts.smoothing.weight).toBeLessThan(1);
      }),
    );
  });

  test('has ids of its own for cards copied by hand', () => {
    const copied = { type: 'line', metric: 'loss', id: 'x' };
    expect(ids(readCompareLayout({ version: 1, cards: [copied, copied, copied] }).layout.cards ?? [])).toEqual(['x', 'x-2', 'x-3']);
  });
});
