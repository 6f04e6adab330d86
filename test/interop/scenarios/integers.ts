import { pick, type Replay } from '../../support/replay.ts';

const largest = 2n ** 63n - 1n;
const exact: readonly (number | bigint | string)[] = [
  2n ** 53n + 1n,
  largest,
  -(2n ** 63n),
  '9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '+7',
  1_700_000_000_123_456_789n,
];

/** Written as they are: what JavaScript would write otherwise. */
const asWritten = ['1e3', '1.0', '1e17', '9223372036854775808', '1e19', '-0', '12345678901234567890123', '1.5e0', '9007199254740993.0'];

/** Steps, timestamps and times of runs have 64 bits: nothing is rounded on its way in or out. */
export const integers = async (client: Replay): Promise<void> => {
  const newRun = async (fields: object = {}): Promise<string> =>
    pick(await client.post('/runs/create', { experiment_id: client.experimentId, ...fields }), 'run.info.run_id');
  const id = await newRun({ run_name: 'integers', start_time: 1 });
  const log = (fields: object): Promise<unknown> => client.post('/runs/log-metric', { run_id: id, value: 1, timestamp: 1, ...fields });
  for (const [index, step] of exact.entries()) await log({ key: `step ${index}`, step });
  for (const [index, timestamp] of exact.entries()) await log({ key: `time ${index}`, timestamp });
  for (const text of asWritten) {
    for (const [value, step] of [
      [text, '1'],
      ['0', text],
    ]) {
      const raw = `{"run_id": "${id}", "key": "raw", "value": ${value}, "timestamp": 5, "step": ${step}}`;
      await client.send({ method: 'POST', path: '/api/2.0/mlflow/runs/log-metric', raw });
    }
  }
  for (const step of [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n]) await log({ key: 'close', step, value: Number(step % 7n) });
  for (const timestamp of [2n ** 53n + 2n, 2n ** 53n + 1n]) await log({ key: 'tie', timestamp, value: Number(timestamp % 5n) });
  await client.post('/runs/log-batch', { run_id: id, metrics: exact.map((step, index) => ({ key: 'batch', value: index, timestamp: 2n ** 60n + 1n, step })) });
  await client.get('/runs/get', { run_id: id });
  for (const metric_key of ['close', 'tie', 'batch', 'raw']) await client.get('/metrics/get-history', { run_id: id, metric_key, max_results: 100 });
  await client.get('/ajax-api/2.0/mlflow/metrics/get-history-bulk', { run_id: [id], metric_key: 'batch' });
  await client.get('/metrics/get-history-bulk-interval', { run_ids: [id], metric_key: 'close' });

  // Each once: runs of one time are ordered by their random ids.
  for (const [index, start_time] of exact.entries()) if (typeof start_time === 'bigint') await newRun({ run_name: `run ${index}`, start_time });
  for (const end_time of exact) await client.post('/runs/update', { run_id: id, end_time });
  const find = (filter: string, order_by: readonly string[] = ['run_name']): Promise<unknown> =>
    client.post('/runs/search', { experiment_ids: [client.experimentId], filter, order_by });
  for (const filter of [
    'start_time = 9007199254740993',
    'start_time > 9007199254740992',
    'start_time < 9223372036854775807',
    'end_time = -9223372036854775808',
  ])
    await find(filter);
  await find('', ['start_time DESC']);

  const model = await client.post('/logged-models', { experiment_id: client.experimentId, name: 'm', source_run_id: id });
  const model_id = pick(model, 'model.info.model_id');
  await client.post('/runs/outputs', { run_id: id, models: [{ model_id, step: 2n ** 53n + 1n }] });
  await log({ key: 'of model', step: 2n ** 53n + 1n, timestamp: largest, model_id });
  await client.get(`/logged-models/${model_id}`);
  await client.get('/runs/get', { run_id: id });
};
