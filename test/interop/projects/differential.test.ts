import { afterAll, beforeAll, expect, test } from 'vitest';

import { failureTag } from '../../../extension/projects/run-outcome.ts';
import { projectCases } from './cases.ts';
import { createComparison, type Comparison } from './comparison.ts';

/** The same project, in the same folder, run by `mlflow run` and by us, each with a store of its own. */

let comparison: Comparison;

beforeAll(async () => {
  comparison = await createComparison(projectCases);
}, 600_000);

afterAll(() => comparison.dispose());

const started = projectCases.filter(({ refused, failedStart }) => refused === undefined && failedStart === undefined);

test.each(started)('$name', async (projectCase) => {
  const theirs = await comparison.theirs(projectCase);
  const ours = await comparison.ours(projectCase);
  expect(ours.runs).toEqual(theirs.runs);
  expect(ours.runs).not.toEqual([]);
});

test.each(projectCases.filter(({ refused }) => refused !== undefined))('$name: no run', async (projectCase) => {
  const [theirs, ours] = [await comparison.theirs(projectCase), await comparison.ours(projectCase)];
  expect(theirs.error).toBeDefined();
  expect(ours.error).toMatch(projectCase.refused ?? '');
  expect([...theirs.runs, ...ours.runs]).toEqual([]);
});

/** By choice: MLflow leaves such runs RUNNING for ever. */
test.each(projectCases.filter(({ failedStart }) => failedStart !== undefined))('$name: a run that says why it failed', async (projectCase) => {
  const [theirs, ours] = [await comparison.theirs(projectCase), await comparison.ours(projectCase)];
  expect(theirs.runs.map(({ status }) => status)).toEqual(['RUNNING']);
  expect(ours.runs.map(({ status }) => status)).toEqual(['FAILED']);
  expect(ours.runs[0]?.tags[failureTag]).toMatch(projectCase.failedStart ?? '');
});
