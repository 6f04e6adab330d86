import { describe, expect, test } from 'vitest';
import type { CardOf } from '../../schemas/compare-layout.ts';
import { guessMetricDirection } from '../../schemas/metric-direction.ts';
import type { ComparedRun } from '../../schemas/webview-protocol.ts';
import { project } from '../../webviews/compare/plot/projection.ts';
import type { PixelBox } from '../../webviews/compare/plot/pointer.ts';
import { logTicks } from '../../webviews/compare/plot/ticks.ts';
import type { Scene } from '../../webviews/compare/plot/scene.ts';
import { groupRuns } from '../../webviews/compare/runs/grouping.ts';
import { barScene } from '../../webviews/compare/scenes/bar.ts';
import { boxScene } from '../../webviews/compare/scenes/box-plot.ts';
import { heatMapScene } from '../../webviews/compare/scenes/heat-map.ts';
import { importanceScene } from '../../webviews/compare/scenes/importance.ts';
import { parallelScene } from '../../webviews/compare/scenes/parallel.ts';
import { scatterScene } from '../../webviews/compare/scenes/scatter.ts';
import type { SceneInput } from '../../webviews/compare/scenes/scene-input.ts';
import { styleRuns } from '../../webviews/shared/palette.ts';
import type { Theme } from '../../webviews/shared/theme.ts';
import { runNamed, sweep } from '../support/compare-worlds.ts';

const theme: Theme = {
  kind: 'dark',
  foreground: 'white',
  muted: 'gray',
  grid: 'gray',
  background: 'black',
  focus: 'blue',
  error: 'red',
  fontFamily: 'x',
  hues: ['h0', 'h1', 'h2'],
};

const inputOf = (runs: readonly ComparedRun[], changes: Partial<SceneInput> = {}): SceneInput => ({
  runs,
  styles: styleRuns(runs, theme.hues),
  groups: [],
  band: 'range',
  theme,
  ranges: {},
  isSelected: () => true,
  directionOf: guessMetricDirection,
  select: () => {},
  ...changes,
});

const frame = { width: 1, height: 1 } as const;
const run = (name: string, params: Record<string, string>, metrics: Record<string, number>): ComparedRun => runNamed(name, { params, metrics });
const few = [run('a', { lr: '0.1', kind: 'x' }, { loss: 3 }), run('b', { lr: '0.2', kind: 'y' }, { loss: 1 }), run('c', { lr: '0.3', kind: 'x' }, { loss: 2 })];
const odd = [run('nan', { lr: '1' }, { loss: Number.NaN }), run('none', {}, {}), run('infinite', { lr: '2' }, { loss: Number.MAX_VALUE })];

const area = { left: 0, right: 100, top: 0, bottom: 100 };
const dragged = (from: readonly [number, number], to: readonly [number, number]): PixelBox => ({
  x: { from: Math.min(from[0], to[0]), to: Math.max(from[0], to[0]) },
  y: { from: Math.min(from[1], to[1]), to: Math.max(from[1], to[1]) },
  start: { x: from[0], y: from[1] },
  end: { x: to[0], y: to[1] },
});
const titles = (scene: Scene): readonly string[] => scene.marks.map(({ title }) => title);

describe('Bars', () => {
  const card: CardOf<'bar'> = { id: 'b', ...frame, type: 'bar', metric: 'loss' };

  test('have the best on top, by the direction of the metric', () => {
    expect(titles(barScene(card, inputOf(few)))).toEqual(['b', 'c', 'a']);
    expect(titles(barScene(card, inputOf(few, { directionOf: () => 'higher' })))).toEqual(['a', 'c', 'b']);
  });

  test('begin at zero, and leave out what cannot be drawn', () => {
    const scene = barScene(card, inputOf([...few, ...odd]));
    expect(scene.marks).toHaveLength(3);
    expect(scene.x).toMatchObject({ range: { from: 0 } });
    expect(barScene(card, inputOf(odd)).nothing).toMatch(/No shown run has a value of loss/);
  });

  test('of groups have their spread', () => {
    const groups = groupRuns(few, { by: 'params.kind', except: [], band: 'range', members: false }, theme.hues);
    const scene = barScene(card, inputOf(few, { groups }));
    expect(scene.table.rows).toEqual([
      ['y', 1, 1, 1, 1],
      ['x', 2.5, 2, 3, 2],
    ]);
  });

  test('of many runs are the best of them, and the table has all', () => {
    const many = Array.from({ length: 100 }, (_, index) => run(String(index), {}, { loss: index }));
    const scene = barScene(card, inputOf(many));
    expect([scene.marks.length, scene.table.rows.length, scene.notes]).toEqual([60, 100, ['The best 60 of 100 are shown; the table has all.']]);
  });
});

describe('A scatter', () => {
  const card: CardOf<'scatter'> = { id: 's', ...frame, type: 'scatter', x: 'params.lr', y: 'metrics.loss', logX: false, logY: false, regression: true };

  test('has a point per run, and says how many have no place', () => {
    const scene = scatterScene(card, inputOf([...few, ...odd]));
    expect(scene.marks.map(({ x, y }) => [x, y])).toEqual([
      [0.1, 3],
      [0.2, 1],
      [0.3, 2],
    ]);
    expect(scene.notes[0]).toBe('3 of 6 runs have no place: lr or loss is missing.');
    expect(scene.notes[1]).toBe('R² = 0.25');
  });

  test('puts words side by side', () => {
    const scene = scatterScene({ ...card, x: 'params.kind' }, inputOf(few));
    expect(scene.x).toMatchObject({ kind: 'category', labels: ['x', 'y'] });
    expect(scene.marks.map(({ x }) => x)).toEqual([0, 0, 1]);
  });

  test('on a logarithmic axis leaves out zero and below', () => {
    const runs = [...few, run('zero', { lr: '0' }, { loss: 1 })];
    expect(scatterScene({ ...card, logX: true }, inputOf(runs)).notes[0]).toMatch(/or not above 0/);
  });

  test('narrows the other cards to what is dragged over', () => {
    const selected: (readonly string[] | undefined)[] = [];
    const scene = scatterScene(card, inputOf(few, { select: (ids) => selected.push(ids) }));
    const projection = project(area, { min: 0, max: 1, log: false }, { min: 0, max: 4, log: false });
    scene.brush?.select(dragged([15, 20], [35, 90]), projection);
    scene.brush?.clear();
    expect(selected).toEqual([[few[1]?.runId, few[2]?.runId], undefined]);
  });

  test('finds the point that is near, and none that is far', () => {
    const scene = scatterScene(card, inputOf(few));
    const projection = project(area, { min: 0, max: 1, log: false }, { min: 0, max: 4, log: false });
    expect(scene.find({ x: 11, y: 26 }, projection)?.title).toBe('a');
    expect(scene.find({ x: 90, y: 26 }, projection)).toBeUndefined();
  });
});

describe('Parallel coordinates', () => {
  const card: CardOf<'parallel'> = { id: 'p', ...frame, type: 'parallel', fields: ['params.lr', 'params.kind', 'metrics.loss'], logFields: [] };
  const projection = project(area, { min: -0.5, max: 2.5, log: false }, { min: 0, max: 1, log: false });
  const build = (changes: Partial<SceneInput> = {}, reorder = (_: readonly string[]) => {}): Scene => parallelScene(card, inputOf(few, changes), { reorder });

  test('choose runs by a drag along an axis, and by further axes among those', () => {
    const selected: unknown[] = [];
    const select: SceneInput['select'] = (ids, ranges) => selected.push(ids, Object.keys(ranges ?? {}));
    const onLr = projection.toX(0);
    build({ select }).brush?.select(dragged([onLr, 100], [onLr, 45]), projection);
    build({ select, ranges: { 'params.lr': { from: 0, to: 0.55 } } }).brush?.select(dragged([projection.toX(2), 100], [projection.toX(2), 60]), projection);
    expect(selected).toEqual([[few[0]?.runId, few[1]?.runId], ['params.lr'], [few[1]?.runId], ['params.lr', 'metrics.loss']]);
  });

  test('move an axis by a drag across', () => {
    const orders: (readonly string[])[] = [];
    build({}, (fields) => orders.push(fields)).brush?.select(dragged([projection.toX(0), 50], [projection.toX(2), 55]), projection);
    expect(orders).toEqual([['params.kind', 'metrics.loss', 'params.lr']]);
  });

  test('find the line under the pointer between two axes', () => {
    expect(build().find({ x: projection.toX(1.5), y: projection.toY(0.5) }, projection)?.title).toBe('a');
  });

  test('have a table of the values as they are', () => {
    expect(build().table).toEqual({
      columns: ['Run', 'lr', 'kind', 'loss'],
      rows: [
        ['a', '0.1', 'x', '3'],
        ['b', '0.2', 'y', '1'],
        ['c', '0.3', 'x', '2'],
      ],
    });
  });
});

test('boxes are one per value of the field', () => {
  const scene = boxScene({ id: 'x', ...frame, type: 'box', metric: 'loss', by: 'params.kind' }, inputOf([...few, ...odd]));
  expect(scene.table.rows).toEqual([
    ['x', 2, 2, 2.25, 2.5, 2.75, 3, 0],
    ['y', 1, 1, 1, 1, 1, 1, 0],
  ]);
});

describe('A heat map', () => {
  const card: CardOf<'heatmap'> = { id: 'h', ...frame, type: 'heatmap', x: 'params.lr', y: 'params.kind', metric: 'loss' };

  test('has the mean of each pair of values', () => {
    const scene = heatMapScene(card, inputOf([...few, run('again', { lr: '0.1', kind: 'x' }, { loss: 5 })]));
    expect(scene.table.rows).toEqual([
      ['0.2', 'y', 1, 1],
      ['0.1', 'x', 4, 2],
      ['0.3', 'x', 2, 1],
    ]);
  });

  test('puts many numbers into ranges', () => {
    const many = Array.from({ length: 50 }, (_, index) => run(String(index), { lr: String(index), kind: 'x' }, { loss: 1 }));
    const scene = heatMapScene(card, inputOf(many));
    expect(scene.x).toMatchObject({ kind: 'category', labels: expect.objectContaining({ length: 10 }) });
    expect(scene.table.rows.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(50);
  });
});

describe('Importance', () => {
  const card: CardOf<'importance'> = { id: 'i', ...frame, type: 'importance', metric: 'rmse' };

  test('puts the param first that the metric was made from', () => {
    const scene = importanceScene(card, inputOf(sweep.runs));
    expect(titles(scene)[0]).toBe('learning_rate');
    expect(scene.table.rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBeCloseTo(1);
  });

  test('says when there are too few runs, or nothing that differs', () => {
    expect(importanceScene(card, inputOf(sweep.runs.slice(0, 4))).nothing).toBe('Importance needs at least 10 runs with rmse; there are 4.');
    const alike = Array.from({ length: 12 }, (_, index) => run(String(index), { lr: '1' }, { rmse: index }));
    expect(importanceScene(card, inputOf(alike)).nothing).toBe('The params of these runs do not differ.');
  });
});

test('scenes of nothing say so, and none of them fails', () => {
  const build = [
    barScene({ id: 'b', ...frame, type: 'bar', metric: 'm' }, inputOf([])),
    scatterScene({ id: 's', ...frame, type: 'scatter', x: 'params.a', y: 'metrics.m', color: 'tags.t', logX: true, logY: true, regression: true }, inputOf([])),
    boxScene({ id: 'x', ...frame, type: 'box', metric: 'm', by: 'params.a' }, inputOf([])),
    heatMapScene({ id: 'h', ...frame, type: 'heatmap', x: 'params.a', y: 'params.b', metric: 'm' }, inputOf([])),
    importanceScene({ id: 'i', ...frame, type: 'importance', metric: 'm' }, inputOf([])),
    parallelScene({ id: 'p', ...frame, type: 'parallel', fields: ['params.a'], logFields: [] }, inputOf([]), { reorder: () => {} }),
  ];
  for (const scene of build) expect(scene.nothing).toBeTruthy();
});

test('ticks of a logarithmic axis are round and within the range', () => {
  expect(logTicks({ from: 0.0009, to: 0.2 }, 4)).toEqual([0.001, 0.01, 0.1]);
  expect(logTicks({ from: 1, to: 10 }, 6)).toEqual([1, 2, 5, 10]);
  expect(logTicks({ from: 1e-300, to: 1e300 }, 5).length).toBeLessThanOrEqual(6);
});
