import { expect, test } from 'vitest';

import { piecesOf } from '../../extension/tracking/rest-point-pieces.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { asExperimentId, type RunId } from '../../schemas/ids.ts';
import { withPlans } from '../support/query-plans.ts';
import { newStoreDatabase } from '../support/store-database.ts';

const experimentId = asExperimentId('0');
const metric = (key: string, step: number) => ({ key, value: step, timestamp: step, step });

/** A store with two runs, and the plans of the statements that it runs from now on. */
const newStore = async (): Promise<{ readonly store: SqliteTrackingStore; readonly plans: string[]; readonly runId: RunId }> => {
  const { database, plans } = withPlans(newStoreDatabase());
  const store = new SqliteTrackingStore(database, { artifactRoot: '/nowhere' });
  await store.createRun({ experimentId, startTime: 1, tags: [] });
  const { info } = await store.createRun({ experimentId, startTime: 2, tags: [{ key: 'a', value: 'b' }] });
  plans.length = 0;
  return { store, plans, runId: info.runId };
};

/** Steps that look at every row of a table of MLflow's, through whatever index. */
const scans = (plans: readonly string[]): readonly string[] =>
  plans.filter((step) => /^SCAN (?!j\b|page\b|m$|r$|\(subquery)/.test(step) && !step.includes('VIRTUAL TABLE'));

test('what a training run sends looks at the rows of that run only', async () => {
  const { store, plans, runId } = await newStore();
  await store.logMetric(runId, metric('loss', 1));
  await store.logParam(runId, { key: 'lr', value: '0.1' });
  await store.logParam(runId, { key: 'lr', value: '0.1' });
  await store.setTag(runId, { key: 'a', value: 'c' });
  await store.deleteTag(runId, 'a');
  await store.logBatch({ runId, metrics: [metric('loss', 2), metric('acc', 2)], params: [{ key: 'p', value: 'v' }], tags: [{ key: 't', value: 'v' }] });
  await store.logInputs(runId, [
    { dataset: { name: 'd', digest: '1', sourceType: 'local', source: '{}' }, tags: [{ key: 'mlflow.data.context', value: 'train' }] },
  ]);
  await store.updateRun({ runId, status: 'FINISHED', endTime: 5, runName: 'new' });
  await store.deleteRun(runId);
  await store.restoreRun(runId);
  expect(plans.length).toBeGreaterThan(15);
  expect(scans(plans)).toEqual([]);
});

test('a run and its histories are read by index', async () => {
  const { store, plans, runId } = await newStore();
  await store.getRun(runId);
  await store.getMetricHistory({ runId, key: 'loss', maxResults: 10 });
  await store.getMetricHistories({ runIds: [runId], key: 'loss', maxResults: 10 });
  await store.sampleMetricHistories({ runIds: [runId], key: 'loss', maxResults: 10, steps: { from: 1, to: 5 } });
  expect(scans(plans)).toEqual([]);
  expect(plans.filter((step) => step.startsWith('SEARCH m USING INDEX workbench_metrics (run_uuid=? AND key=?'))).toHaveLength(2);
  // What is sampled is chosen by the index alone.
  expect(plans).toContain('SEARCH m USING COVERING INDEX workbench_metrics (run_uuid=? AND key=? AND step>? AND step<?)');
  expect(plans).toContain('SEARCH m USING INTEGER PRIMARY KEY (rowid=?)');
});

test('what is written as JSON is found by the same indexes', async () => {
  const { store, plans, runId } = await newStore();
  await store.logMetric(runId, metric('loss', 1));
  plans.length = 0;
  await store.searchRunTexts({ experimentIds: [experimentId], maxResults: 10 });
  await store.getMetricHistoryJson({ runId, key: 'loss', maxResults: 10 }, piecesOf('loss'));
  await store.sampleMetricJson({ runIds: [runId], key: 'loss', maxResults: 10 }, (id) => piecesOf('loss', id));
  expect(scans(plans)).toEqual([]);
  for (const step of [
    'SEARCH m USING INDEX index_latest_metrics_run_uuid (run_uuid=?)',
    'SEARCH p USING INDEX index_params_run_uuid (run_uuid=?)',
    'SEARCH t USING INDEX index_tags_run_uuid (run_uuid=?)',
    'SEARCH m USING INDEX workbench_metrics (run_uuid=? AND key=?)',
    'SEARCH m USING INTEGER PRIMARY KEY (rowid=?)',
  ])
    expect(plans).toContain(step);
});

test('an experiment is read by index, except for its tags: those of all experiments are few', async () => {
  const { store, plans } = await newStore();
  await store.getExperiment(experimentId);
  await store.getExperimentByName('Default');
  expect(scans(plans)).toEqual(['SCAN t', 'SCAN t']);
});

test('the newest runs of an experiment come in the order of an index', async () => {
  const { store, plans } = await newStore();
  await store.searchRuns({ experimentIds: [experimentId], maxResults: 10 });
  expect(plans.filter((step) => step.includes('workbench_runs'))).toEqual([
    'SEARCH r USING COVERING INDEX workbench_runs (experiment_id=? AND lifecycle_stage=?)',
  ]);
  expect(scans(plans)).toEqual([]);
  expect(plans.filter((step) => step.includes('TEMP B-TREE') && step.includes('LIMIT'))).toEqual([]);
});

test.each([
  "params.lr = '0.1' AND metrics.loss > 0.5 AND tags.team LIKE 'r%'",
  "tags.a IS NULL AND params.b != 'x'",
  "dataset.name = 'wine' AND dataset.context = 'train'",
  "run_name LIKE 'a%' AND status = 'FINISHED' AND start_time > 5",
])('the filter %s walks the runs of the experiment, and each condition is one look by index', async (filter) => {
  const { store, plans } = await newStore();
  await store.searchRuns({ experimentIds: [experimentId], filter, orderBy: ['params.lr', 'metrics.loss DESC'], maxResults: 10 });
  expect(plans.some((step) => /^SEARCH r USING (COVERING )?INDEX workbench_runs \(experiment_id=\? AND lifecycle_stage=\?/.test(step))).toBe(true);
  expect(scans(plans)).toEqual([]);
});
