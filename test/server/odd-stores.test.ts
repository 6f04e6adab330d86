import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';

import { openStore, type OpenStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { pick } from '../support/replay.ts';
import { newTempFolder } from '../support/store-database.ts';

const open = (path: string, create = false): OpenStore => {
  const store = openStore({ path, create }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  return store;
};

/** A store into which somebody has written these statements by hand. */
const newOddStore = (statements: string): OpenStore => {
  const path = join(newTempFolder(), 'mlflow.db');
  openStore({ path, create: true }, { log: silentLogger }).dispose();
  new Database(path).exec(`PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; ${statements}`).close();
  return open(path);
};

const ask = async (store: OpenStore, path: string, json?: object): Promise<{ readonly status: number; readonly body: unknown }> => {
  const init = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const reply = await store.app.request(`/api/2.0/mlflow${path}`, init);
  return { status: reply.status, body: await reply.json() };
};

const run = (id: string, more = ''): string =>
  `INSERT INTO runs (run_uuid, experiment_id, name, status, lifecycle_stage, artifact_uri, start_time, source_type${more === '' ? '' : ', end_time'})
   VALUES ('${id}', 0, '${id}', 'FINISHED', 'active', '/x', 1, 'LOCAL'${more});`;

interface FoundRun {
  readonly info: { readonly run_id: string };
  readonly data: { readonly tags?: readonly { readonly key: string; readonly value: string }[] };
}

const problemOf = (found: FoundRun | undefined): string | undefined => found?.data.tags?.find(({ key }) => key === 'mlflow-workbench.problem')?.value;

/** Fields that Python's client reads as whole numbers or as one of MLflow's names, and that are something else: it would refuse the whole reply. */
const unreadable = (body: unknown): readonly string[] => {
  const found: string[] = [];
  JSON.stringify(body, (name, value: unknown) => {
    const isWhole = value === undefined || value === null || Number.isInteger(Number(value));
    if (/^(?:start_time|end_time|timestamp|step)$/.test(name) && !isWhole) found.push(`${name}: ${JSON.stringify(value)}`);
    if (name === 'status' && !/^(?:RUNNING|SCHEDULED|FINISHED|FAILED|KILLED)$/.test(typeof value === 'string' ? value : ''))
      found.push(`${name}: ${JSON.stringify(value)}`);
    return value;
  });
  return found;
};

describe('values of another type than their column’s, which SQLite takes', () => {
  test.each([
    [
      'a metric that is text',
      /^the value of the metric 'm' is no number$/,
      `INSERT INTO latest_metrics VALUES ('m', 'abc', 1, 1, 0, 'odd'); INSERT INTO metrics VALUES ('m', 'abc', 1, 'odd', 1, 0)`,
    ],
    ['times that are text', /^start_time is no time; end_time is no time$/, `UPDATE runs SET start_time = 'yesterday', end_time = '' WHERE run_uuid = 'odd'`],
    [
      'a step that is a fraction',
      /^step or time of the metric 'm' is no whole number$/,
      `INSERT INTO latest_metrics VALUES ('m', 1, 1.5, 2.5, 0, 'odd'); INSERT INTO metrics VALUES ('m', 1, 1.5, 'odd', 2.5, 0)`,
    ],
    ['a param that is a blob', undefined, `INSERT INTO params VALUES ('p', x'00ff', 'odd')`],
    ['a tag that is a number or nothing', undefined, `INSERT INTO tags VALUES ('t', 7, 'odd'), ('u', NULL, 'odd')`],
    ['a status that MLflow does not have', /^MLflow knows no status 'PAUSED'$/, `UPDATE runs SET status = 'PAUSED' WHERE run_uuid = 'odd'`],
    [
      'a run that says nothing of itself',
      /^it has no status$/,
      `UPDATE runs SET name = NULL, status = NULL, start_time = NULL, user_id = NULL, artifact_uri = NULL WHERE run_uuid = 'odd'`,
    ],
    ['an experiment without times and location', undefined, `UPDATE experiments SET creation_time = NULL, last_update_time = NULL, artifact_location = NULL`],
    [
      'tables and columns of others',
      undefined,
      `CREATE TABLE notes (text VARCHAR); ALTER TABLE runs ADD COLUMN colour VARCHAR; ALTER TABLE tags ADD COLUMN note VARCHAR DEFAULT 'x' NOT NULL`,
    ],
    [
      'indexes that are gone',
      undefined,
      `DROP INDEX workbench_runs; DROP INDEX workbench_metrics; DROP INDEX workbench_latest_metrics; DROP INDEX index_metrics_run_uuid;
       DROP INDEX index_latest_metrics_run_uuid; DROP INDEX index_params_run_uuid; DROP INDEX index_tags_run_uuid`,
    ],
    [
      'a run of an experiment that is not there',
      undefined,
      `INSERT INTO runs (run_uuid, experiment_id, lifecycle_stage, status) VALUES ('lost', 77, 'active', 'RUNNING')`,
    ],
  ])('do not hide the rows beside them, and are told: %s', async (_what, problem, statements) => {
    const store = newOddStore(`${run('odd')}${run('good')}${statements}`);
    const { status, body } = await ask(store, '/runs/search', { experiment_ids: ['0'], max_results: 10 });
    expect(status, JSON.stringify(body)).toBe(200);
    const runs = new Map((body as { runs: FoundRun[] }).runs.map((one) => [one.info.run_id, one]));
    expect([...runs.keys()].toSorted()).toEqual(['good', 'odd']);
    expect(problemOf(runs.get('good'))).toBeUndefined();
    if (problem === undefined) expect(problemOf(runs.get('odd'))).toBeUndefined();
    else expect(problemOf(runs.get('odd'))).toMatch(problem);
    expect(unreadable(body), 'numbers that no client can read').toEqual([]);
    for (const path of ['/runs/get?run_id=odd', '/metrics/get-history?run_id=odd&metric_key=m', '/experiments/get?experiment_id=0'])
      expect((await ask(store, path)).status, path).toBe(200);
    expect((await ask(store, '/experiments/search', { max_results: 10 })).status).toBe(200);
  });
});

test.each(['with space', 'a?b=c', 'a#b', 'a%20b', 'über-実験', "it's", '$(x)'])('a path with odd characters is a path: %s', async (name) => {
  const folder = join(newTempFolder(), name);
  mkdirSync(folder);
  const store = open(join(folder, `${name}.db`), true);
  const experiment = await ask(store, '/experiments/get?experiment_id=0');
  const location = pick(experiment.body, 'experiment.artifact_location');
  expect(location.startsWith('file:') ? fileURLToPath(location) : location).toBe(join(folder, 'mlruns', '0'));
  // Python decodes plain paths as well.
  expect(location.startsWith('file:') || !location.includes('%')).toBe(true);
  const created = await ask(store, '/runs/create', { experiment_id: '0' });
  const target = `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${pick(created.body, 'run.info.run_id')}&path=x.txt`;
  expect((await store.app.request(target, { method: 'POST', body: 'x' })).status).toBe(200);
  expect(readFileSync(join(folder, 'mlruns', '0', pick(created.body, 'run.info.run_id'), 'artifacts', 'x.txt'), 'utf8')).toBe('x');
});
