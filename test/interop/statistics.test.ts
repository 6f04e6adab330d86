import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { aggregate } from '../../webviews/compare/math/aggregate.ts';
import { boxOf } from '../../webviews/compare/math/box.ts';
import { rankCorrelation } from '../../webviews/compare/math/correlation.ts';
import { permutationImportance, seededRandom } from '../../webviews/compare/math/forest.ts';
import { fitLine } from '../../webviews/compare/math/regression.ts';
import { harmless } from '../../schemas/spreadsheet.ts';
import { toCsv } from '../../webviews/compare/out/csv.ts';
import { smooth } from '../../webviews/compare/math/smoothing.ts';
import { quantile, spreadOf, standardDeviation, studentT975 } from '../../webviews/compare/math/statistics.ts';
import { pythonPath } from '../support/python.ts';

/** Runs Python on `data` and hands back what it leaves in `result`. */
const python = (code: string, data: unknown): unknown => {
  const program = `import json, sys\nimport numpy as np\ndata = json.load(sys.stdin)\n${code}\njson.dump(result, sys.stdout)`;
  return JSON.parse(execFileSync(pythonPath(), ['-c', program], { input: JSON.stringify(data), encoding: 'utf8' }));
};

const number = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((value) => Number(value.toPrecision(6)));
const sample = (count: number, minLength: number) => fc.sample(fc.array(number, { minLength, maxLength: 30 }), { numRuns: count, seed: 7 });

const expectClose = (actual: readonly number[], expected: unknown): void => {
  const numbers = expected as readonly number[];
  expect(actual).toHaveLength(numbers.length);
  for (const [at, value] of actual.entries()) expect(Math.abs(value - (numbers[at] ?? Number.NaN))).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
};

const random = seededRandom(1);
const walk = (count: number): readonly number[] => {
  let at = 0;
  return Array.from({ length: count }, () => (at += random() - 0.5));
};

describe('Against numpy, scipy and matplotlib', () => {
  const lists = sample(50, 2);

  test('quantiles and standard deviations', () => {
    const ours = lists.flatMap((values) =>
      [0.05, 0.25, 0.5, 0.9].map((share) => quantile(Float64Array.from(values).sort(), share)).concat(standardDeviation(values)),
    );
    expectClose(ours, python('result = [x for v in data for x in [*np.quantile(v, [.05, .25, .5, .9]), np.std(v, ddof=1)]]', lists));
  });

  test('95 % confidence of a mean', () => {
    const ours = lists.flatMap((values) => {
      const { low, high } = spreadOf(values, 'ci95');
      return [high - low];
    });
    const theirs = python('from scipy import stats\nresult = [2 * stats.sem(v) * stats.t.ppf(.975, len(v) - 1) for v in data]', lists) as readonly number[];
    for (const [at, width] of ours.entries()) expect(width).toBeCloseTo(theirs[at] ?? 0, Math.abs(width) > 100 ? 1 : 2);
    const degrees = [1, 5, 20, 21, 30, 60, 1000];
    const t = python('from scipy import stats\nresult = [stats.t.ppf(.975, d) for d in data]', degrees) as readonly number[];
    for (const [at, degree] of degrees.entries()) expect(Math.abs(studentT975(degree) - (t[at] ?? 0))).toBeLessThan(5e-4);
  });

  test('regression lines', () => {
    const pairs = sample(30, 3).map((x) => ({ x, y: x.map((value) => value * 0.3 + random()) }));
    const ours = pairs.flatMap(({ x, y }) => {
      const fit = fitLine(x, y);
      return fit === undefined ? [] : [fit.slope, fit.intercept, fit.r2];
    });
    const code =
      'from scipy import stats\nresult = []\nfor p in data:\n  if len(set(p["x"])) > 1:\n    r = stats.linregress(p["x"], p["y"]); result += [r.slope, r.intercept, r.rvalue ** 2]';
    expectClose(ours, python(code, pairs));
  });

  test('rank correlations, ties included', () => {
    const pairs = Array.from({ length: 30 }, () => ({ x: walk(20).map((value) => Math.round(value * 2)), y: walk(20).map((value) => Math.round(value * 2)) }));
    expectClose(
      pairs.map(({ x, y }) => rankCorrelation(x, y)),
      python('from scipy import stats\nresult = [stats.spearmanr(p["x"], p["y"]).statistic for p in data]', pairs),
    );
  });

  test('boxes', () => {
    const ours = lists.flatMap((values) => {
      const box = boxOf(values);
      return box === undefined ? [] : [box.low, box.lowerQuartile, box.median, box.upperQuartile, box.high, box.outliers.length];
    });
    const code =
      'from matplotlib.cbook import boxplot_stats\nresult = []\nfor v in data:\n  b = boxplot_stats(v)[0]; result += [float(b[k]) for k in ("whislo", "q1", "med", "q3", "whishi")] + [len(b["fliers"])]';
    expectClose(ours, python(code, lists));
  });

  test('means and deviations of curves with points at different steps', () => {
    const curves = [walk(40), walk(25), walk(31)].map((y, index) => ({
      x: Float64Array.from(y, (_, at) => at * (index + 1) + index),
      y: Float64Array.from(y),
    }));
    const { x, centre, low } = aggregate(curves, 'std');
    const code = `
c = [np.interp(data["x"], k["x"], k["y"], left=np.nan, right=np.nan) for k in data["curves"]]
m = np.nanmean(c, axis=0)
s = np.nan_to_num(np.nanstd(c, axis=0, ddof=1)) if True else None
result = [*m, *(m - s)]`;
    const plain = { x: [...x], curves: curves.map((curve) => ({ x: [...curve.x], y: [...curve.y] })) };
    expectClose([...centre, ...low], python(`import warnings; warnings.simplefilter("ignore")\n${code}`, plain));
  });

  test('exponential smoothing of uneven steps is pandas.ewm along time', () => {
    let at = 0;
    const x = Float64Array.from({ length: 200 }, () => (at += Math.ceil(random() * 5)));
    const y = Float64Array.from(walk(200));
    const range = (x.at(-1) ?? 0) - (x[0] ?? 0);
    const halflife = (range / 100) * (Math.log(0.5) / Math.log(0.9));
    const code = `
import pandas as pd
t = pd.to_datetime(np.round(np.array(data["x"]) * 1e9).astype("int64"))
result = list(pd.Series(data["y"]).ewm(halflife=pd.Timedelta(round(data["halflife"] * 1e9), "ns"), times=t).mean())`;
    expectClose([...smooth(x, y, { kind: 'ema', weight: 0.9 })], python(code, { x: [...x], y: [...y], halflife }));
  });
});

test("importance ranks params as scikit-learn's forest does", () => {
  const count = 200;
  const features = Array.from({ length: 4 }, () => Float64Array.from({ length: count }, () => random()));
  const target = Float64Array.from({ length: count }, (_, at) => 5 * (features[2]?.[at] ?? 0) + 2 * Math.sin(6 * (features[0]?.[at] ?? 0)) + 0.1 * random());
  const ours = permutationImportance({ features, target });
  const code = `
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import permutation_importance
X = np.array(data["features"]).T
f = RandomForestRegressor(100, random_state=0).fit(X, data["target"])
result = list(permutation_importance(f, X, data["target"], random_state=0).importances_mean)`;
  const theirs = python(code, { features: features.map((column) => [...column]), target: [...target] }) as readonly number[];
  const ranking = (values: readonly number[]): readonly number[] =>
    [...values.keys()].sort((left, right) => (values[right] ?? 0) - (values[left] ?? 0)).slice(0, 2);
  expect(ranking(ours)).toEqual(ranking(theirs));
  expect(Math.max(ours[1] ?? 1, ours[3] ?? 1)).toBeLessThan(0.05);
});

test("comma-separated values are read back by Python's csv", () => {
  const rows = fc.sample(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 2 }), { numRuns: 300, seed: 3 });
  const awkward = ['a,b', 'c"d', 'e\r\nf', '=1+1', '', ' '].map((text) => [text, text]);
  const all = [...rows, ...awkward];
  const code = 'import csv, io\nresult = list(csv.reader(io.StringIO(data, newline="")))';
  expect(python(code, toCsv({ columns: ['a', 'b'], rows: all }))).toEqual([['a', 'b'], ...all.map((row) => row.map(harmless))]);
});
