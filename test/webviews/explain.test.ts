import { describe, expect, test } from 'vitest';

import type { RunDetails } from '../../schemas/webview-protocol.ts';
import { guessMetricDirection } from '../../schemas/metric-direction.ts';
import { toDifferenceRows } from '../../webviews/compare/difference/difference.ts';
import { explainDifference } from '../../webviews/compare/difference/explain.ts';
import { pickValue } from '../../webviews/compare/difference/metric-values.ts';
import { runNamed } from '../support/compare-worlds.ts';

const from = runNamed('from', {
  params: { lr: '0.1', depth: '4' },
  metrics: { loss: 1, accuracy: 0.5, same: 3, gone: 1 },
  tags: { team: 'a', 'mlflow.source.git.commit': 'aaa', 'mlflow.user': 'ada' },
  datasets: [{ name: 'wine', digest: 'd1' }],
});
const to = runNamed('to', {
  status: 'FAILED',
  params: { lr: '0.2', depth: '4' },
  metrics: { loss: 0.9, accuracy: 0.25, same: 3 },
  tags: { team: 'b', 'mlflow.source.git.commit': 'bbb', 'mlflow.user': 'ada' },
  datasets: [{ name: 'wine', digest: 'd2' }],
});

const detailsOf = (runId: string, more: Partial<RunDetails>): RunDetails => ({ runId, files: [], isWhole: true, packages: [], ...more });
const details = [
  detailsOf('from', { python: '3.11.7', packages: [{ name: 'numpy', version: '1.26' }], files: [{ path: 'model.pkl', size: 10 }] }),
  detailsOf('to', { python: '3.12.1', packages: [{ name: 'numpy', version: '2.0' }], files: [{ path: 'model.pkl', size: 12 }, { path: 'plot.png' }] }),
] as const;

describe('The difference of two runs', () => {
  test('is one list, what matters first', () => {
    const reasons = explainDifference({ runs: [from, to], details, directionOf: guessMetricDirection });
    expect(reasons.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'status Status',
      'metric gone',
      'metric accuracy',
      'metric loss',
      'code Commit',
      'param lr',
      'dataset wine',
      'environment Python',
      'environment numpy',
      'artifact model.pkl',
      'artifact plot.png',
      'tag team',
    ]);
  });

  test('says whether a metric got better, and which commits can be compared', () => {
    const reasons = explainDifference({ runs: [from, to], directionOf: guessMetricDirection });
    expect(reasons.find(({ name }) => name === 'loss')).toEqual({ kind: 'metric', name: 'loss', from: '1', to: '0.9', note: '−0.1, better' });
    expect(reasons.find(({ name }) => name === 'accuracy')?.note).toBe('−0.25, worse');
    expect(reasons.find(({ name }) => name === 'Commit')?.commits).toEqual(['aaa', 'bbb']);
    expect(reasons.find(({ name }) => name === 'gone')).toEqual({ kind: 'metric', name: 'gone', from: '1' });
  });

  test('of a run with itself is nothing', () => {
    expect(explainDifference({ runs: [from, from], directionOf: guessMetricDirection })).toEqual([]);
  });

  test('says nothing of environments that one run has not named, and of artifacts that are too many', () => {
    const silent = [detailsOf('from', { packages: [{ name: 'numpy', version: '1' }] }), detailsOf('to', { isWhole: false, files: [{ path: 'x' }] })] as const;
    const reasons = explainDifference({ runs: [from, to], details: silent, directionOf: guessMetricDirection });
    expect(reasons.filter(({ kind }) => kind === 'environment' || kind === 'artifact')).toEqual([]);
  });
});

describe('The difference table', () => {
  test('has datasets, and environments where they are read', () => {
    const byRun = new Map([
      [from.runId, details[0]],
      [to.runId, details[1]],
    ]);
    const rows = toDifferenceRows([from, to], { onlyDiffering: true, details: byRun });
    const texts = rows.map((row) => (row.kind === 'heading' ? `# ${row.group}` : `${row.key} ${[from, to].map((run) => row.valueOf(run)).join(' ')}`));
    expect(texts.slice(texts.indexOf('# Datasets'), texts.indexOf('# Attributes'))).toEqual([
      '# Datasets',
      'wine d1 d2',
      '# Environment',
      'Python 3.11.7 3.12.1',
      'numpy 1.26 2.0',
    ]);
  });

  test('shows another value of the history for the newest one', () => {
    const rows = toDifferenceRows([from, to], { onlyDiffering: true, metricOf: (run, key) => (key === 'loss' ? run.name.length : undefined) });
    const loss = rows.find((row) => row.kind === 'metric' && row.key === 'loss');
    expect(loss?.kind === 'metric' && [from, to].map((run) => loss.valueOf(run))).toEqual([4, 2]);
  });
});

test('the lowest and the highest value leave out what is no number, unless there is nothing else', () => {
  expect(pickValue({ values: Float64Array.of(3, Number.NaN, 1, Number.MAX_VALUE) }, 'min')).toBe(1);
  expect(pickValue({ values: Float64Array.of(3, Number.NaN, 1, Number.MAX_VALUE) }, 'max')).toBe(3);
  expect(pickValue({ values: Float64Array.of(Number.NaN) }, 'max')).toBeNaN();
  expect(pickValue({ values: new Float64Array() }, 'max')).toBeUndefined();
});
