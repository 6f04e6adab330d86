import { expect, onTestFinished, test } from 'vitest';

import { diagnose } from '../../extension/tracking/rest-diagnosis.ts';
import { readRuns } from '../../extension/tracking/runs-by-id.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { readHistories } from '../../webviews/shared/histories.ts';
import { startMlflowServer } from '../support/mlflow-server.ts';
import { connectRemote, whenRemoteState } from '../support/remote-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const experimentId = asExperimentId('0');

test("a plain MLflow server's runs, curves and counts are there, what changes is told, and a server that ends says so", { timeout: 240_000 }, async () => {
  const server = await startMlflowServer(newTempFolder());
  const { connection, events } = connectRemote(server.url);
  await whenRemoteState(connection, 'ready');
  const { tracking } = connection;
  const { info } = await tracking.createRun({ experimentId, startTime: 1000, tags: [] });
  const points = Array.from({ length: 40 }, (_, step) => ({ key: 'loss', value: step === 7 ? Number.NaN : 1 / (1 + step), timestamp: 1000 + step, step }));
  await tracking.logBatch({ runId: info.runId, metrics: points, params: [{ key: 'lr', value: '0.1' }] });

  await expect
    .poll(() =>
      events
        .filter(({ type }) => type === 'runs' || type === 'metrics')
        .map((event) => JSON.stringify(event))
        .join(),
    )
    .toMatch(new RegExp(`${info.runId}.*loss`));
  expect((await readRuns(tracking, { experimentIds: [experimentId], runIds: [info.runId] }))[0]?.params).toEqual([{ key: 'lr', value: '0.1' }]);
  expect(await connection.runCounts()).toEqual(new Map([[experimentId, { running: 1 }]]));
  const [series] = readHistories(await connection.histories({ runIds: [info.runId], keys: ['loss', 'absent'], buckets: 100 }));
  expect(series).toMatchObject({ runId: info.runId, key: 'loss', total: 40 });
  expect([...(series?.values ?? [])]).toEqual(points.map(({ value }) => value));

  const search = { experimentIds: [experimentId], columns: ['metrics.loss', 'params.lr'], offset: 0, limit: 10 };
  expect(await connection.searchRows({ ...search, filter: "params.lr = '0.1'", orderBy: ['metrics.loss DESC'], nesting: 'top' })).toMatchObject({
    total: 1,
    totalIsKnown: true,
    rows: [{ runId: info.runId, status: 'RUNNING', cells: [1 / 40, '0.1'] }],
  });
  await expect(connection.searchRows({ ...search, filter: "params.lr = '0.1' OR params.lr = '1'" })).rejects.toThrow("only MLflow's own search language");
  expect(connection.groupRows).toBeUndefined();
  expect(await connection.facets({ experimentIds: [experimentId] })).toMatchObject({ runs: 1, metrics: [{ key: 'loss', runs: 1 }], notes: [] });

  await server.stop();
  // An answer that was under way breaks off first.
  await expect.poll(() => connection.state).toMatchObject({ kind: 'failed', message: expect.stringContaining('does not answer') });
});

test(
  'a released server below a prefix, with workspaces: what is asked of one is of that one, and a wrong prefix or workspace is diagnosed',
  { timeout: 240_000 },
  async () => {
    const prefix = '/mlflow';
    const server = await startMlflowServer(newTempFolder(), { args: ['--static-prefix', prefix, '--enable-workspaces'], prefix });
    onTestFinished(() => server.stop());
    const headers = { 'content-type': 'application/json' };
    const made = await fetch(`${server.url}${prefix}/api/3.0/mlflow/workspaces`, { method: 'POST', headers, body: '{"name":"team-a"}' });
    expect(made.ok).toBe(true);
    const url = `${server.url}${prefix}`;
    const connectTo = (workspace: string) => connectRemote(url, undefined, workspace).connection;
    const [team, nobody] = [connectTo('team-a'), connectTo('nowhere')];
    await whenRemoteState(team, 'ready');
    await team.tracking.createExperiment({ name: 'of team a' });
    const namesIn = async (store: typeof team) => (await store.tracking.searchExperiments({ maxResults: 10 })).items.map(({ name }) => name);
    expect(await namesIn(team)).toContain('of team a');
    const usual = connectTo('default');
    await whenRemoteState(usual, 'ready');
    expect(await namesIn(usual)).not.toContain('of team a');
    expect(await whenRemoteState(nobody, 'failed')).toMatchObject({ message: expect.stringContaining("Workspace 'nowhere' not found") });
    expect(await diagnose({ url, workspace: 'team-a' }, {})).toMatchObject({ kind: 'ok' });
    expect(await diagnose({ url, workspace: 'nowhere' }, {})).toMatchObject({ kind: 'workspace', cause: expect.stringContaining('nowhere') });
    expect(await diagnose({ url: server.url }, {})).toMatchObject({ kind: 'prefix', advice: `Use ${url} in the setting mlflow.stores.` });
  },
);
