import { describe, expect, test } from 'vitest';
import type { CardSpec } from '../../schemas/compare-layout.ts';
import { guessMetricDirection } from '../../schemas/metric-direction.ts';
import { toDifferenceRows, toTsv } from '../../webviews/compare/difference/difference.ts';
import { isSystemSection, sortedNaturally } from '../../schemas/metric-sections.ts';
import { matchesFilter, toSections } from '../../webviews/compare/sections.ts';
import { defaultView, readView } from '../../webviews/compare/view-state.ts';
import { runNamed } from '../support/compare-worlds.ts';

const first = runNamed('first', { params: { lr: '0.1', epochs: '5' }, metrics: { loss: 1, same: 2 }, tags: { team: 'a', 'mlflow.source.git.branch': 'main' } });
const second = runNamed('second', { params: { lr: '0.2', epochs: '5', only: 'here' }, metrics: { loss: 2, same: 2 }, tags: { team: 'a' } });

const titles = (rows: ReturnType<typeof toDifferenceRows>): readonly string[] =>
  rows.map((row) => (row.kind === 'heading' ? `# ${row.group} ${row.count}` : row.key));

describe('The difference table', () => {
  test('shows only what differs, a value that one run lacks included', () => {
    expect(titles(toDifferenceRows([first, second], { onlyDiffering: true }))).toEqual(['# Params 2', 'lr', 'only', '# Metrics 1', 'loss']);
  });

  test("shows everything on demand, without MLflow's tags for programs", () => {
    expect(titles(toDifferenceRows([first, second], { onlyDiffering: false }))).toEqual([
      '# Params 3',
      'epochs',
      'lr',
      'only',
      '# Metrics 2',
      'loss',
      'same',
      '# Tags 1',
      'team',
      '# Attributes 2',
      'Experiment',
      'Status',
    ]);
  });

  test('of one run shows everything: there is nothing to differ from', () => {
    expect(titles(toDifferenceRows([first], { onlyDiffering: true }))).toContain('epochs');
  });

  test('holds NaN to be equal to NaN', () => {
    const runs = ['a', 'b'].map((name) => runNamed(name, { metrics: { loss: Number.NaN } }));
    expect(titles(toDifferenceRows(runs, { onlyDiffering: true }))).toEqual([]);
  });

  test('is not misled by names of Object.prototype', () => {
    const runs = [runNamed('a', { params: { toString: 'x' } }), runNamed('b')];
    const row = toDifferenceRows(runs, { onlyDiffering: true })[1];
    expect(row?.kind === 'text' && runs.map((run) => row.valueOf(run))).toEqual(['x', undefined]);
  });
});

describe('The copied table', () => {
  test('has whole values, a column per run and no headings', () => {
    expect(toTsv(toDifferenceRows([first, second], { onlyDiffering: true }), [first, second])).toBe('\tfirst\tsecond\nlr\t0.1\t0.2\nonly\t\there\nloss\t1\t2');
  });

  test('keeps a cell a cell, and runs no formula in a spreadsheet', () => {
    const run = runNamed('evil', { params: { a: '=cmd()', b: 'x\ty\nz', c: '-1.5', d: '@SUM(A1)', e: '-x' } });
    const cells = toTsv(toDifferenceRows([run], { onlyDiffering: false }), [run])
      .split('\n')
      .slice(1, 6)
      .map((line) => line.split('\t')[1]);
    expect(cells).toEqual(["'=cmd()", 'x y z', '-1.5', "'@SUM(A1)", "'-x"]);
  });
});

describe('Sections', () => {
  const line = (metric: string): CardSpec => ({ id: metric, width: 1, height: 1, type: 'line', metric });

  test("hold the metrics of one prefix, those without one first, the machine's last", () => {
    const keys = ['val/loss', 'system/gpu_1', 'acc', 'a/b/c'];
    expect(toSections(keys.map(line)).map(({ title, cards }) => [title, cards.map(({ id }) => id)])).toEqual([
      ['Metrics', ['acc']],
      ['a/b', ['a/b/c']],
      ['val', ['val/loss']],
      ['system', ['system/gpu_1']],
    ]);
    expect(['system', 'system/gpu', 'systematic'].map(isSystemSection)).toEqual([true, true, false]);
    expect(sortedNaturally(['metric10', 'acc', 'metric9'])).toEqual(['acc', 'metric9', 'metric10']);
  });

  test('put cards of several fields above those of one metric', () => {
    const scatter: CardSpec = { id: 's', width: 1, height: 1, type: 'scatter', x: 'params.lr', y: 'metrics.loss', logX: false, logY: false, regression: false };
    expect(toSections([line('loss'), scatter]).map(({ title }) => title)).toEqual(['Overview', 'Metrics']);
  });

  test('are filtered by words in any order and letter case', () => {
    expect(matchesFilter('Validation/Loss', 'loss val')).toBe(true);
    expect(matchesFilter('Validation/Loss', 'train')).toBe(false);
    expect(matchesFilter('anything', '')).toBe(true);
  });
});

test.each([
  ['val_loss', 'lower'],
  ['trainLoss', 'lower'],
  ['eval/RMSE', 'lower'],
  ['accuracy', 'higher'],
  ['f1_score', 'higher'],
  ['glossary_hits', 'higher'],
] as const)('%s is better %s', (key, direction) => {
  expect(guessMetricDirection(key)).toBe(direction);
});

describe('A saved view', () => {
  test('comes back as it was', () => {
    const view = {
      ...defaultView,
      xAxis: 'wall',
      logY: true,
      smoothing: { kind: 'gaussian', weight: 0.3 },
      referenceRunId: 'r',
      hiddenRunIds: ['a'],
      zooms: { 'line:loss': { from: 1, to: 2 } },
      directions: { loss: 'higher' },
    } as const;
    expect(readView(structuredClone(view))).toEqual(view);
  });

  test('that is damaged, or of another version, takes the defaults for what does not fit', () => {
    for (const damaged of [
      undefined,
      null,
      7,
      'x',
      [],
      { xAxis: 'sideways', smoothing: { weight: 7 }, zooms: { a: { from: 2, to: 1 } }, hiddenRunIds: 'all', future: true },
    ]) {
      expect(readView(damaged)).toEqual(defaultView);
    }
  });
});
