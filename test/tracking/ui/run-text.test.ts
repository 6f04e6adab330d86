import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';

import { asExperimentId, asRunId } from '../../../schemas/ids.ts';
import { runHueIndex, runHues } from '../../../schemas/run-color.ts';
import type { Run } from '../../../extension/tracking/run.ts';
import { isProbablyDead, lastSignOfLife } from '../../../extension/tracking/sign-of-life.ts';
import { experimentDescription, runDescription, runLabel, runSpeech } from '../../../extension/tracking/ui/run-text.ts';
import { runTooltip } from '../../../extension/tracking/ui/run-tooltip.ts';
import { runThemeColor } from '../../../extension/tracking/run-theme-color.ts';
import { hostileNames } from '../../support/hostile-names.ts';

const newRun = (metrics: Readonly<Record<string, number>>, runName = 'steady'): Run => ({
  info: {
    runId: asRunId('0123456789abcdef0123456789abcdef'),
    runName,
    experimentId: asExperimentId('1'),
    userId: 'me',
    status: 'FINISHED',
    startTime: 1_000,
    endTime: 61_000,
    artifactUri: '/nowhere',
    lifecycleStage: 'active',
  },
  params: [{ key: 'learning_rate', value: '0.1' }],
  latestMetrics: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 1, step: 0 })),
  tags: [],
  datasetInputs: [],
  modelInputs: [],
  modelOutputs: [],
});

const threeMinutesLater = 1_000 + 3 * 60_000;

describe('a run that counts as running', () => {
  const day = 24 * 3_600_000;
  const running = (run: Run): Run => ({ ...run, info: { ...run.info, status: 'RUNNING' } });

  test('is probably dead after a day without a sign of life', () => {
    const run = running(newRun({}));
    expect(isProbablyDead(run, 1_000 + day)).toBe(false);
    expect(isProbablyDead(run, 1_001 + day)).toBe(true);
    expect(isProbablyDead(newRun({}), 1_001 + day)).toBe(false);
  });

  test('lives by the newest of its values', () => {
    const run: Run = { ...running(newRun({})), latestMetrics: [{ key: 'loss', value: 1, timestamp: 5 * day, step: 9 }] };
    expect(lastSignOfLife(run)).toBe(5 * day);
    expect(isProbablyDead(run, 5 * day + 60_000)).toBe(false);
  });
});

describe('a run in its row', () => {
  test('its first two metrics and its age', () => {
    expect(runDescription(newRun({ rmse: 0.784_512_34, mae: 0.5, zeta: 1 }), [], threeMinutesLater)).toBe('3 m · mae 0.5 · rmse 0.78451');
  });

  test.each([
    { metrics: { 'train/loss': 0.2, 'train/accuracy': 1 }, text: '3 m · accuracy 1 · loss 0.2' },
    { metrics: { 'eval/fold/a': 1, 'eval/folded': 2 }, text: '3 m · fold/a 1 · folded 2' },
    { metrics: { 'train/loss': 0.2, 'validation/loss': 0.3 }, text: '3 m · train/loss 0.2 · validation/loss 0.3' },
    { metrics: { 'train/loss': 0.2 }, text: '3 m · train/loss 0.2' },
    { metrics: { '/a': 1, b: 2 }, text: '3 m · /a 1 · b 2' },
    { metrics: { train: 1, 'train/loss': 0.2 }, text: '3 m · train 1 · train/loss 0.2' },
  ])('folders that its metrics share are left out: $text', ({ metrics, text }) => {
    expect(runDescription(newRun(metrics), [], threeMinutesLater)).toBe(text);
  });

  test('metrics of the machine are not worth a row', () => {
    expect(runDescription(newRun({ 'system/cpu': 12, zeta: 1 }), [], threeMinutesLater)).toBe('3 m · zeta 1');
  });

  test('chosen metrics come in the order chosen; a run without them shows its own', () => {
    expect(runDescription(newRun({ rmse: 0.78, r2: 0.1 }), ['rmse', 'absent', 'r2'], threeMinutesLater)).toBe('3 m · rmse 0.78 · r2 0.1');
    expect(runDescription(newRun({ mae: 0.5 }), ['rmse'], threeMinutesLater)).toBe('3 m · mae 0.5');
  });

  test('a run without a name is known by the beginning of its id', () => {
    expect(runLabel(newRun({}, ''))).toBe('01234567');
  });

  test('a screen reader says the status, too', () => {
    expect(runSpeech(newRun({ rmse: 0.78 }), [], threeMinutesLater)).toBe('steady, finished, 3 m, rmse 0.78');
  });
});

describe('an experiment in its row', () => {
  test.each([
    [{ running: 2, runs: 12 }, undefined, '2 running'],
    [{ running: 0, runs: 1 }, undefined, '1 run'],
    [{ running: 0, runs: 12_431 }, undefined, '12,431 runs'],
    [undefined, { runs: 50, hasMore: true }, '50+ runs'],
    [{ running: 0 }, { runs: 7, hasMore: false }, '7 runs'],
    [undefined, undefined, ''],
  ])('%j and %j read "%s"', (count, loaded, text) => {
    expect(experimentDescription(count, loaded)).toBe(text);
  });
});

test.each(hostileNames)('the hover is a table of words, whatever stands in each of its fields: %j', (hostile) => {
  const plain = newRun({ [hostile]: 1 }, hostile);
  const tags = ['mlflow.note.content', 'mlflow.source.name', 'mlflow.source.git.commit'].map((key) => ({ key, value: hostile }));
  const run: Run = { ...plain, info: { ...plain.info, userId: hostile }, params: [{ key: hostile, value: hostile }], tags };
  const experiment = { experimentId: asExperimentId('1'), name: hostile, artifactLocation: hostile, lifecycleStage: 'active', tags: [] } as const;
  const html = new MarkdownIt({ html: true }).render(runTooltip(run, experiment, threeMinutesLater));
  expect(new Set(html.match(/<\w+[^>]*>/g))).toEqual(
    new Set(['<p>', '<strong>', '<table>', '<thead>', '<tr>', '<th>', '<tbody>', '<td>', ...(html.includes('<em>') ? ['<em>'] : [])]),
  );
  expect(html.match(/<table>/g)).toHaveLength(3);
  expect(runDescription(run, [hostile], threeMinutesLater)).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(runLabel(run)).not.toMatch(/[\p{Cc}\u202e]/u);
});

test('the hover names what has a value, ten entries at most', () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`metric${String(index).padStart(2, '0')}`, index]));
  const tooltip = runTooltip(newRun(many), undefined, threeMinutesLater);
  expect(tooltip).toContain('| Duration | 1 m |');
  expect(tooltip).toContain('| metric09 | 9 |');
  expect(tooltip).not.toContain('metric10');
  expect(tooltip).toContain('2 more');
  expect(tooltip).not.toContain('Commit');
});

test('a run has the colour in a tree that it has in charts; a picked one is the nearest of those that themes know', () => {
  const run = newRun({});
  const picked = (value: string): string => runThemeColor({ ...run, tags: [{ key: 'mlflow.runColor', value }] });
  expect(runThemeColor(run)).toBe(`mlflow.runColor${runHueIndex(run.info.runId) + 1}`);
  expect(picked(runHues[3]?.light ?? '')).toBe('mlflow.runColor4');
  expect(picked('#dff958')).toBe('mlflow.runColor4');
  expect(picked('red; background: url(x)')).toBe(runThemeColor(run));
});
