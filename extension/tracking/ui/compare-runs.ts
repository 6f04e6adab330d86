import { asRunId } from '../../../schemas/ids.ts';
import type { SaidDirections } from '../../../schemas/metric-direction.ts';
import { isRunColor } from '../../../schemas/run-color.ts';
import type { ComparedRun, CompareSnapshot } from '../../../schemas/webview-protocol.ts';
import { errorMessage } from '../../shared/errors.ts';
import { saidDirections } from '../metric-directions.ts';
import type { Run } from '../run.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import { readExperiments, readRuns } from '../runs-by-id.ts';
import type { RunPointer } from './find-runs.ts';

/** What one store says of some runs. */
interface StoreAnswer {
  readonly runs: readonly ComparedRun[];
  readonly missing: CompareSnapshot['missing'];
  readonly directions: SaidDirections;
}

/** The runs as the page shows them, in the order asked for, two requests per store. */
export const readSnapshot = async (stores: StoreConnections, pointers: readonly RunPointer[]): Promise<Omit<CompareSnapshot, 'notes'>> => {
  const byStore = [...Map.groupBy(pointers, ({ store }) => store)];
  const answers = await Promise.all(
    byStore.map(([store, wanted]) =>
      askStore(
        stores.byAddress(store),
        store,
        wanted.map(({ runId }) => runId),
      ),
    ),
  );
  const found = new Map(answers.flatMap(({ runs }) => runs).map((run) => [keyOf(run.storeId, run.runId), run]));
  const runs = pointers.flatMap(({ store, runId }) => found.get(keyOf(store, runId)) ?? []);
  return {
    runs,
    missing: answers.flatMap(({ missing }) => missing),
    directions: answers.reduceRight<SaidDirections>((all, { directions }) => ({ ...all, ...directions }), {}),
    metricKeys: [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort(),
  };
};

const keyOf = (store: string, runId: string): string => JSON.stringify([store, runId]);

const askStore = async (connection: StoreConnection | undefined, store: string, runIds: readonly string[]): Promise<StoreAnswer> => {
  const allMissing = (reason: string): StoreAnswer => ({ runs: [], directions: {}, missing: runIds.map((runId) => ({ runId, reason })) });
  if (store === '') return allMissing('No store of this window has it');
  if (connection === undefined) return allMissing(`Its store ${store} is not open in this window`);
  if (connection.state.kind === 'failed') return allMissing(`Its store ${connection.label} cannot be opened: ${connection.state.message}`);
  try {
    return await readFrom(connection, store, runIds);
  } catch (error) {
    return allMissing(errorMessage(error));
  }
};

const readFrom = async ({ tracking, label }: StoreConnection, store: string, runIds: readonly string[]): Promise<StoreAnswer> => {
  const experiments = new Map((await readExperiments(tracking)).map((experiment) => [experiment.experimentId, experiment]));
  const found = await readRuns(tracking, { experimentIds: [...experiments.keys()], runIds: runIds.map(asRunId) });
  const present = new Set<string>(found.map(({ info }) => info.runId));
  return {
    runs: found.map((run) => toComparedRun(run, store, experiments.get(run.info.experimentId)?.name ?? run.info.experimentId)),
    directions: saidDirections([...new Set(found.map(({ info }) => info.experimentId))].flatMap((id) => experiments.get(id) ?? [])),
    missing: runIds.filter((runId) => !present.has(runId)).map((runId) => ({ runId, reason: `${label} has no such run any more; it may be deleted` })),
  };
};

const colorTag = 'mlflow.runColor';

const toComparedRun = ({ info, params, latestMetrics, tags, datasetInputs }: Run, store: string, experimentName: string): ComparedRun => {
  const color = tags.find(({ key }) => key === colorTag)?.value;
  return {
    storeId: store,
    runId: info.runId,
    experimentId: info.experimentId,
    experimentName,
    name: info.runName,
    status: info.status,
    ...(info.startTime !== undefined && { startTime: Number(info.startTime) }),
    ...(info.endTime !== undefined && { endTime: Number(info.endTime) }),
    ...(color !== undefined && isRunColor(color) && { color }),
    params: toRecord(params),
    metrics: toRecord(latestMetrics),
    tags: toRecord(tags),
    datasets: datasetInputs.map(({ dataset: { name, digest } }) => ({ name, digest })),
  };
};

/** Keys are anything, `__proto__` too. */
const toRecord = <Value>(entries: readonly { readonly key: string; readonly value: Value }[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]));
