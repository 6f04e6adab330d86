import { describe, expect, test } from 'vitest';
import { describeField, fieldIdsOf, readField, readNumber } from '../../webviews/compare/runs/fields.ts';
import type { Grouping } from '../../schemas/compare-charts.ts';
import { groupRuns, likelyRepetitions } from '../../webviews/compare/runs/grouping.ts';
import { runNamed } from '../support/compare-worlds.ts';

const hues = ['red', 'green', 'blue'];
const seeded = (lr: string, seed: string) =>
  runNamed(`${lr}-${seed}`, { params: { lr, seed, epochs: '5' }, tags: { team: lr === '0.1' ? 'a' : '', 'mlflow.user': 'x' } });
const runs = [seeded('0.1', '1'), seeded('0.2', '1'), seeded('0.1', '2')];
const byParams: Grouping = { by: 'params', except: ['seed'], band: 'std', members: false };

describe('Groups', () => {
  test('of all params but the seed are named by what differs', () => {
    expect(groupRuns(runs, byParams, hues).map(({ label, runs: members }) => [label, members.map(({ name }) => name)])).toEqual([
      ['lr 0.1', ['0.1-1', '0.1-2']],
      ['lr 0.2', ['0.2-1']],
    ]);
  });

  test('of one kind of run are one group', () => {
    expect(groupRuns(runs, { ...byParams, except: ['seed', 'lr'] }, hues).map(({ label }) => label)).toEqual(['all runs']);
  });

  test('by a tag have a group for the runs without it', () => {
    expect(groupRuns(runs, { ...byParams, by: 'tags.team' }, hues).map(({ label }) => label)).toEqual(['a', 'no team']);
    expect(groupRuns(runs, { ...byParams, by: 'experiment' }, hues).map(({ label }) => label)).toEqual(['wine-quality']);
  });

  test('keep their colour when other runs come or go', () => {
    const all = groupRuns(runs, byParams, hues);
    const some = groupRuns(runs.slice(1), byParams, hues);
    expect(some.find(({ label }) => label === 'lr 0.2')?.style).toEqual(all.find(({ label }) => label === 'lr 0.2')?.style);
  });

  test('take params for repetitions whose names say so', () => {
    expect(likelyRepetitions(['seed', 'model.random_state', 'lr', 'fold', 'seed_length'])).toEqual(['seed', 'model.random_state', 'fold']);
  });
});

describe('Fields', () => {
  const run = runNamed('r', { params: { lr: '1e-3', name: 'x', empty: ' ' }, metrics: { 'a.b': 2 }, tags: { team: 'a' } });

  test('are read by their ids', () => {
    expect(
      ['params.lr', 'metrics.a.b', 'tags.team', 'experiment', 'attributes.duration', 'params.toString', 'nonsense'].map((id) => readField(run, id)),
    ).toEqual(['1e-3', 2, 'a', 'wine-quality', 95_000, undefined, undefined]);
    expect(['params.lr', 'params.name', 'params.empty', 'params.none'].map((id) => readNumber(run, id))).toEqual([0.001, Number.NaN, Number.NaN, Number.NaN]);
  });

  test('are numbers when every value is one, and differ when one run lacks the value', () => {
    const others = [
      runNamed('a', { params: { lr: '1', mixed: '1' } }),
      runNamed('b', { params: { lr: '1', mixed: 'none' } }),
      runNamed('c', { params: { lr: '1' } }),
    ];
    expect(describeField(others, 'params.lr')).toEqual({ id: 'params.lr', kind: 'number', differs: false });
    expect(describeField(others, 'params.mixed')).toEqual({ id: 'params.mixed', kind: 'category', differs: true });
    expect(describeField([], 'params.lr').kind).toBe('category');
  });

  test("of all runs are params, metrics, people's tags and attributes", () => {
    expect(fieldIdsOf([...runs, run])).toEqual([
      'params.empty',
      'params.epochs',
      'params.lr',
      'params.name',
      'params.seed',
      'metrics.a.b',
      'tags.team',
      'experiment',
      'status',
      'run',
      'attributes.start_time',
      'attributes.duration',
    ]);
  });
});
