import { timesOf, warm, type BenchClient, type Both, type Call, type Rivals } from './server-client.ts';
import type { BenchRow } from './server-rows.ts';
import { curve, longCurve, seededRunId, seedPoints, type ServerShape } from './server-store.ts';

const api = '/api/2.0/mlflow';

export const searchRuns = (orderBy: readonly string[], maxResults: number): Call => ({
  path: `${api}/runs/search`,
  body: { experiment_ids: ['0'], order_by: orderBy, max_results: maxResults },
});

export const byMetric = searchRuns(['metrics.rmse DESC'], 100);

const history = (runId: string, key: string): Call => ({
  method: 'GET',
  path: `${api}/metrics/get-history?${new URLSearchParams({ run_id: runId, metric_key: key, max_results: '25000' })}`,
});

/** As MLflow's own page asks. */
const bulkInterval = (runs: number, key: string, first = 1): Call => {
  const ids = Array.from({ length: runs }, (_value, index): [string, string] => ['run_ids', seededRunId(first + index)]);
  return {
    method: 'GET',
    path: `/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${new URLSearchParams([...ids, ['metric_key', key], ['max_results', '320']])}`,
  };
};

export const setIndexes = (client: BenchClient, present: boolean): Promise<Buffer> => client.call({ path: '/workbench/v1/indexes', body: { present } });

/** The same request to both; both must find as much. */
const compare = async (rivals: Rivals, call: Call, count: number): Promise<Both<readonly number[]>> => {
  const { ours, peer } = rivals;
  const [found, wanted] = [countItems(await ours.json(call)), countItems(await rivals.withPeer(() => peer.json(call)))];
  if (found === 0 || found !== wanted) throw new Error(`${call.path} has ${found} items here and ${wanted} with mlflow`);
  return rivals.timesOf(count, { ours: () => ours.call(call), peer: () => peer.call(call) });
};

const countItems = (reply: Readonly<Record<string, unknown>>): number =>
  Object.values(reply).reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);

/** S1 to S8. */
export const measureSearches = async (rivals: Rivals, shape: ServerShape, count: number): Promise<readonly BenchRow[]> => {
  const { runs, steps, longSteps } = shape;
  await setIndexes(rivals.ours, false);
  const plain = await compare(rivals, byMetric, count);
  await setIndexes(rivals.ours, true);
  const indexed = await timesOf(count, () => rivals.ours.call(byMetric), warm);
  const row = async (id: string, what: string, call: Call, { gate, goal }: Required<Pick<BenchRow, 'gate' | 'goal'>>): Promise<BenchRow> => ({
    id,
    what,
    unit: 'ms',
    gate,
    goal,
    ...(await compare(rivals, call, count)),
  });
  return [
    { id: 'S1', what: `100 by metric of ${runs} runs, MLflow's indexes`, unit: 'ms', gate: 100, goal: 250, ...plain },
    { id: 'S2', what: `100 by metric of ${runs} runs, our indexes`, unit: 'ms', gate: 500, goal: 1500, ours: indexed, peer: plain.peer },
    await row('S4', `newest 100 of ${runs} runs`, searchRuns([], 100), { gate: 20, goal: 40 }),
    await row('S5', `newest 1,000 of ${runs} runs`, searchRuns([], 1000), { gate: 25, goal: 40 }),
    await row('S6', `history of ${longSteps} points`, history(seededRunId(1), longCurve), { gate: 40, goal: 80 }),
    await row('S7', `bulk interval, 100 runs of ${steps} points`, bulkInterval(100, curve), { gate: 75, goal: 150 }),
    await row('S8', `bulk interval, 10 runs of ${longSteps} points`, bulkInterval(10, longCurve), { gate: 12, goal: 20 }),
  ];
};

/** What our endpoints answer at once, against what a client would do with MLflow's. */
export const measureOwnEndpoints = async (rivals: Rivals, shape: ServerShape, count: number): Promise<readonly BenchRow[]> => {
  const { ours, peer } = rivals;
  const { runs } = shape;
  const page = { experimentIds: ['0'], columns: ['metrics.rmse', 'params.alpha'], orderBy: ['metrics.rmse DESC'], limit: 100 };
  return [
    {
      id: 'facets',
      what: `keys and ranges of ${runs} runs; read with MLflow run by run`,
      unit: 'ms',
      ours: await timesOf(count, () => ours.call({ path: '/workbench/v1/facets', body: { experimentIds: ['0'] } }), warm),
      peer: await rivals.withPeer(() => timeOf(() => readAllRuns(peer, runs))),
    },
    {
      id: 'deep page',
      what: `100 runs from the middle of ${runs} by metric; paged to with MLflow`,
      unit: 'ms',
      ours: await timesOf(count, () => ours.call({ path: '/workbench/v1/run-search', body: { ...page, offset: Math.floor(runs / 2) } }), warm),
      peer: await rivals.withPeer(() => timeOf(() => readAllRuns(peer, runs / 2, ['metrics.rmse DESC']))),
    },
    await measureHistories(rivals, shape, count),
  ];
};

const wideCurve = 'wide curve';
/** MLflow takes no more at once. */
const mostAtOnce = 100;

/** Of as many runs as a page compares. Their points come last: what is measured before has a file of the size that others measured. */
const measureHistories = async (rivals: Rivals, { runs, steps }: ServerShape, count: number): Promise<BenchRow> => {
  const { ours, peer, servers } = rivals;
  const compared = Math.min(runs, 1000);
  await seedPoints(servers.ours.path, wideCurve, { runs: compared, steps });
  await rivals.withPeer(() => seedPoints(servers.peer.path, wideCurve, { runs: compared, steps }));
  const body = { runIds: Array.from({ length: compared }, (_value, index) => seededRunId(index + 1)), keys: [wideCurve], buckets: 160 };
  const askPeer = async (): Promise<void> => {
    for (let asked = 0; asked < compared; asked += mostAtOnce) await peer.call(bulkInterval(Math.min(mostAtOnce, compared - asked), wideCurve, asked + 1));
  };
  return {
    id: 'histories',
    what: `${compared} histories of ${steps} points, extremes kept; bulk intervals with MLflow`,
    unit: 'ms',
    ours: await timesOf(count, () => ours.call({ path: '/workbench/v1/histories', body }), warm),
    peer: await rivals.withPeer(() => timeOf(askPeer)),
  };
};

/** ms; of what takes too long to be done twice. */
const timeOf = async (work: () => Promise<void>): Promise<readonly number[]> => {
  const began = performance.now();
  await work();
  return [performance.now() - began];
};

/** Pages of 1,000 runs, by token. */
const readAllRuns = async (peer: BenchClient, most: number, orderBy: readonly string[] = []): Promise<void> => {
  let token: unknown;
  let read = 0;
  do {
    const { path, body } = searchRuns(orderBy, 1000);
    const reply = await peer.json({ path, body: { ...body, ...(token !== undefined && { page_token: token }) } });
    read += Array.isArray(reply['runs']) ? reply['runs'].length : 0;
    token = reply['next_page_token'];
  } while (token !== undefined && token !== '' && read < most);
};
