import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { downSample, type DownSampling } from '../../extension/tracking/down-sampling.ts';
import type { RecordedRuns } from '../../extension/tracking/recorded-runs.ts';
import { repository } from '../../scripts/tools.ts';
import { seededRandom } from '../../webviews/compare/math/forest.ts';
import { pythonPath } from '../support/python.ts';

interface Curve {
  readonly steps: readonly number[];
  /** null is NaN. */
  readonly values: readonly (number | null)[];
}

interface Case {
  readonly curve: Curve;
  readonly sampling: DownSampling;
}

/** As curves of training are: a decay with noise, plateaus, spikes, gaps in the steps, and now and then NaN. */
const curveOf = (seed: number, count: number): Curve => {
  const random = seededRandom(seed);
  let step = -5;
  const steps = Array.from({ length: count }, () => (step += 1 + Math.floor(random() * 3 * (seed % 3))));
  const values = steps.map((at) => {
    if (random() < 0.01) return null;
    if (random() < 0.01) return random() * 1000 - 500;
    return Math.round((10 / (2 + Math.abs(at))) * 100 + random() * 10) / 100;
  });
  return { steps, values };
};

const sampling = (curve: Curve, index: number): DownSampling => {
  const buckets = [1, 7, 50, 400][index % 4] ?? 1;
  const [first = 0, last = 0] = [curve.steps[0], curve.steps.at(-1)];
  return { axis: 'step', buckets, ...(index % 2 === 1 && { window: { from: first - 10, to: last + 25 } }) };
};

/** The same rule in numpy: of each bucket the first of the smallest, of the largest and of the NaN values, and both ends. */
const program = `
import json, sys
import numpy as np
result = []
for case in json.load(sys.stdin):
    steps, values = np.array(case["steps"], float), np.array(case["values"], float)
    buckets, start, end, count = case["buckets"], case["from"], case["to"], len(case["steps"])
    if count <= 2 * buckets + 2:
        result.append(list(range(count)))
        continue
    bucket = np.minimum(np.floor((steps - start) / ((end - start) / buckets)), buckets - 1)
    kept = {0, count - 1}
    for number in np.unique(bucket):
        members = np.flatnonzero(bucket == number)
        numbers, others = members[~np.isnan(values[members])], members[np.isnan(values[members])]
        if len(numbers):
            kept |= {int(numbers[np.argmin(values[numbers])]), int(numbers[np.argmax(values[numbers])])}
        if len(others):
            kept.add(int(others[0]))
    result.append(sorted(kept))
json.dump(result, sys.stdout)`;

/** Of the trainings of the sample project. */
const recordedCurves = (): readonly Curve[] => {
  const { runs } = JSON.parse(readFileSync(join(repository, 'examples', 'wine-quality', 'recorded-runs.json'), 'utf8')) as RecordedRuns;
  return runs.flatMap(({ metrics }) =>
    Object.values(metrics).map((points) => ({ steps: points.map(([, step]) => step), values: points.map(([, , value]) => value) })),
  );
};

test('curves, recorded ones and others, are down-sampled to the same points as by numpy', () => {
  const recorded = recordedCurves().flatMap((curve) => [1, 5, 12].map((buckets): Case => ({ curve, sampling: { axis: 'step', buckets } })));
  expect(recorded.filter(({ curve, sampling: { buckets } }) => curve.steps.length > 2 * buckets + 2).length).toBeGreaterThan(10);
  const made = Array.from({ length: 40 }, (_value, index) => {
    const curve = curveOf(index + 1, [10, 100, 1000, 5000][index % 4] ?? 10);
    return { curve, sampling: sampling(curve, Math.floor(index / 4)) };
  });
  const cases: readonly Case[] = [...recorded, ...made];
  const input = cases.map(({ curve, sampling: { buckets, window } }) => ({
    ...curve,
    buckets,
    from: window?.from ?? curve.steps[0],
    to: window?.to ?? curve.steps.at(-1),
  }));
  const theirs: unknown = JSON.parse(execFileSync(pythonPath(), ['-c', program], { input: JSON.stringify(input), encoding: 'utf8' }));
  const ours = cases.map(({ curve, sampling: how }) => {
    const columns = { steps: Float64Array.from(curve.steps), timestamps: new Float64Array(curve.steps.length) };
    return [...downSample({ ...columns, values: Float64Array.from(curve.values, (value) => value ?? Number.NaN) }, how)];
  });
  expect(ours).toEqual(theirs);
});
