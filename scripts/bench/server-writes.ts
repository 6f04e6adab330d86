import autocannon from 'autocannon';

import { openReader } from '../../extension/server/database.ts';
import { sql } from '../../extension/shared/sql.ts';
import { BenchClient, rounds, timesOf, warm, type Both, type Rivals } from './server-client.ts';
import { p99, type BenchRow } from './server-rows.ts';
import { longCurve, longRuns, seededRunId } from './server-store.ts';

const api = '/api/2.0/mlflow';

const createRun = async (client: BenchClient): Promise<string> => {
  const reply = (await client.json({ path: `${api}/runs/create`, body: { experiment_id: '0', start_time: Date.now() } })) as {
    run: { info: { run_id: string } };
  };
  return reply.run.info.run_id;
};

const logMetricPath = `${api}/runs/log-metric`;
const metricOf = (runId: string, step: number): object => ({ run_id: runId, key: 'loss', value: 1 / (step + 1), step, timestamp: 1_700_000_000_000 + step });

const logMetric = (client: BenchClient, runId: string, step: number): Promise<Buffer> => client.call({ path: logMetricPath, body: metricOf(runId, step) });

const points = (count: number, first: number): readonly object[] =>
  Array.from({ length: count }, (_value, index) => ({ key: `m${index % 5}`, value: index / 7, step: first + index, timestamp: 1_700_000_000_000 + index }));

const logBatch = (client: BenchClient, runId: string, metrics: readonly object[], params: readonly object[] = []): Promise<Buffer> =>
  client.call({ path: `${api}/runs/log-batch`, body: { run_id: runId, metrics, params } });

const singleCalls = async (client: BenchClient, count: number): Promise<readonly number[]> => {
  const runId = await createRun(client);
  return timesOf(count, (step) => logMetric(client, runId, step), warm);
};

const connections = 20;

/** Requests per second on 20 connections, each of which logs new points of a run of its own; one that is not answered rightly ends the benchmark. */
const throughput = async (client: BenchClient, url: string, seconds: number): Promise<readonly number[]> => {
  const runIds = await Promise.all(Array.from({ length: connections }, () => createRun(client)));
  const unused = runIds.values();
  const {
    '2xx': answered,
    duration,
    ...wrong
  } = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 60,
    expectBody: '{}',
    setupClient: (connection) => connection.setRequests([pointsOf(unused.next().value ?? '')]),
  });
  const { non2xx, errors, timeouts, mismatches } = wrong;
  if (non2xx + errors + timeouts + mismatches > 0) throw new Error(`Not all was answered: ${JSON.stringify({ non2xx, errors, timeouts, mismatches })}`);
  return [answered / duration];
};

const pointsOf = (runId: string): autocannon.Request => {
  let step = 0;
  const next = (request: autocannon.Request): autocannon.Request => ({ ...request, body: JSON.stringify(metricOf(runId, (step += 1))) });
  return { method: 'POST', path: logMetricPath, headers: { 'content-type': 'application/json' }, setupRequest: next };
};

/** Rows per second, and ms of each batch, when each batch is of another run. */
const spread = async (client: BenchClient, runs: number): Promise<{ readonly rate: number; readonly times: readonly number[] }> => {
  const log = (index: number): Promise<Buffer> => logBatch(client, seededRunId(1 + (index % runs)), points(100, 100_000 + index * 100));
  const times = await timesOf(4 * runs, log, { atMost: Number.POSITIVE_INFINITY });
  return { rate: (times.length * 100_000) / times.reduce((sum, ms) => sum + ms, 0), times };
};

/** ms of each run. */
const populate = (client: BenchClient, runs: number): Promise<readonly number[]> => {
  const params = Array.from({ length: 5 }, (_value, index) => ({ key: `p${index}`, value: String(index) }));
  return timesOf(runs, async () => logBatch(client, await createRun(client), points(5, 0), params));
};

interface Batches {
  readonly rates: readonly number[];
  /** By which each row made the file larger. */
  readonly bytesPerRow: number;
}

/** Batches of 1,000, one run. */
const batches = async (client: BenchClient, path: string, count: number): Promise<Batches> => {
  const runId = await createRun(client);
  const before = sizeOf(path);
  const times = await timesOf(count, (index) => logBatch(client, runId, points(1000, index * 1000)));
  return { rates: times.map((ms) => 1_000_000 / ms), bytesPerRow: (sizeOf(path) - before) / (1000 * (times.length + 1)) };
};

/** Of the file with all that is committed, wherever it lies. */
const sizeOf = (path: string): number => {
  const database = openReader(path);
  try {
    return database.read((db) => db.get<{ bytes: number }>(sql`SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size`)?.bytes ?? 0);
  } finally {
    database.dispose();
  }
};

export interface WriteSizes {
  readonly calls: number;
  readonly runs: number;
  readonly seconds: number;
}

/** S9 and S11 to S14. */
export const measureWrites = async (rivals: Rivals, sizes: WriteSizes): Promise<readonly BenchRow[]> => {
  const { ours, peer, servers } = rivals;
  const spreadRows = await spread(ours, sizes.runs);
  const bytes: Both<number[]> = { ours: [], peer: [] };
  const batchesOf = async (client: BenchClient, side: keyof Both<unknown>): Promise<readonly number[]> => {
    const { rates, bytesPerRow } = await batches(client, servers[side].path, Math.ceil(15 / rounds));
    bytes[side].push(bytesPerRow);
    return rates;
  };
  const calls = Math.ceil(sizes.calls / rounds);
  const runs = Math.ceil(sizes.runs / rounds);
  return [
    {
      id: 'S9',
      what: 'log-metric, one connection',
      unit: 'ms',
      gate: 15,
      goal: 25,
      ...(await rivals.inTurns({ ours: () => singleCalls(ours, calls), peer: () => singleCalls(peer, calls) })),
    },
    {
      id: 'S11',
      what: 'log-metric on 20 connections',
      unit: '1/s',
      isRate: true,
      limit: 10_000,
      aim: 20_000,
      ...(await rivals.inTurns({
        ours: () => throughput(ours, servers.ours.url, sizes.seconds),
        peer: () => throughput(peer, servers.peer.url, sizes.seconds),
      })),
    },
    {
      id: 'S12',
      what: 'log-batch of 1,000',
      unit: 'rows/s',
      isRate: true,
      gate: 6,
      goal: 10,
      ...(await rivals.inTurns({ ours: () => batchesOf(ours, 'ours'), peer: () => batchesOf(peer, 'peer') })),
    },
    { id: 'E15', what: 'what a metric row adds to the file', unit: 'bytes', gate: 1 / 1.1, goal: 1 / 1.02, ...bytes },
    { id: 'S13', what: `log-batch of 100 spread over ${sizes.runs} runs`, unit: 'rows/s', isRate: true, limit: 12_000, aim: 20_000, ours: [spreadRows.rate] },
    { id: 'S13', what: 'the same: p99 of a batch', unit: 'ms', limit: 150, aim: 150, ours: [p99(spreadRows.times)] },
    {
      id: 'S14',
      what: 'a run with 5 metrics and 5 params',
      unit: 'ms',
      gate: 15,
      goal: 25,
      ...(await rivals.inTurns({ ours: () => populate(ours, runs), peer: () => populate(peer, runs) })),
    },
  ];
};

/** S17: log-metric while all points of the long histories are read again and again. */
export const measureBesideReads = async (url: string, calls: number, longSteps: number): Promise<readonly BenchRow[]> => {
  const [writer, reader] = [new BenchClient(url), new BenchClient(url)];
  const runIds = Array.from({ length: longRuns }, (_value, index) => seededRunId(index + 1));
  let isOver = false;
  const reading = (async () => {
    let reads = 0;
    for (; !isOver || reads === 0; reads += 1) await reader.call({ path: '/workbench/v1/histories', body: { runIds, keys: [longCurve], buckets: 1000 } });
    return reads;
  })();
  const times = await singleCalls(writer, calls);
  isOver = true;
  const reads = await reading;
  writer.dispose();
  reader.dispose();
  return [{ id: 'S17', what: `p99 of log-metric beside ${reads} reads of ${longRuns * longSteps} points`, unit: 'ms', limit: 10, aim: 3, ours: [p99(times)] }];
};
