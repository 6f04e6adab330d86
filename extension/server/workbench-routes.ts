import { setImmediate as nextTurn } from 'node:timers/promises';

import {
  workbenchPrefix,
  workbenchProtocol,
  type Capabilities,
  type HistoriesRequest,
  type RunCountsReply,
  type StoreEvent,
} from '../../schemas/workbench-api.ts';
import type { Parsed } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import { checkContentType, readJsonObject } from '../shared/request-body.ts';
import { parseFields } from '../shared/request-fields.ts';
import { readBody } from './body.ts';
import { jsonReply } from './errors.ts';
import { eventStream, type Subscribe } from './event-stream.ts';
import { runSearchRoutes, type RunSearch } from './run-search-routes.ts';
import { encodeHistories, type Series } from '../tracking/history-reply.ts';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Reads more than a few milliseconds' worth. */
  readonly isHeavy?: boolean;
  /** The same for a body that is there: a Request and a Response would cost as much as to read the tails of a thousand runs. */
  readonly readBytes?: (asked: AskedBytes, signal: AbortSignal) => Promise<ArrayBuffer>;
  readonly handle: (request: Request) => Response | Promise<Response>;
}

export interface AskedBytes {
  readonly contentType: string | undefined;
  readonly body: string;
}

const capabilities: Capabilities = { protocol: workbenchProtocol, events: true, histories: true, runSearch: true };

const mostSeries = 100_000;
const mostBuckets = 10_000;

const historiesFields = {
  runIds: { type: 'string', repeated: true },
  keys: { type: 'string', repeated: true },
  buckets: { type: 'count', required: true },
  window: {
    type: 'message',
    fields: {
      axis: { type: 'enum', names: { step: 1, timestamp: 2 }, required: true },
      from: { type: 'double', required: true },
      to: { type: 'double', required: true },
    },
  },
} as const;

export interface HistoryReader {
  /** One run's history of one metric, down-sampled; undefined when it has none (within the window). */
  readonly read: (series: { readonly runId: string; readonly key: string }, request: HistoriesRequest) => Series | undefined;
  /** For many short ones a snapshot each would take longer than the reading. */
  readonly inOneSnapshot: <Result>(work: () => Result) => Result;
}

export interface WorkbenchParts {
  readonly watch: Subscribe<StoreEvent>;
  readonly histories: HistoryReader;
  readonly readRunCounts: () => RunCountsReply;
  readonly runSearch: RunSearch;
}

/** What plain MLflow does not have: see docs/server-api.md. */
export const workbenchRoutes = ({ watch, histories, readRunCounts, runSearch }: WorkbenchParts): readonly Route[] => [
  capabilitiesRoute,
  eventsRoute(watch),
  runCountsRoute(readRunCounts),
  historiesRoute(histories),
  ...runSearchRoutes(runSearch),
];

export const capabilitiesRoute: Route = { method: 'GET', path: `${workbenchPrefix}/capabilities`, handle: () => jsonReply(capabilities) };

export const eventsRoute = (watch: Subscribe<StoreEvent>): Route => ({ method: 'GET', path: `${workbenchPrefix}/events`, handle: () => eventStream(watch) });

export const runCountsRoute = (readRunCounts: WorkbenchParts['readRunCounts']): Route => ({
  method: 'GET',
  path: `${workbenchPrefix}/run-counts`,
  isHeavy: true,
  handle: () => jsonReply(readRunCounts()),
});

export const historiesRoute = (histories: HistoryReader): Route => {
  const readBytes: NonNullable<Route['readBytes']> = (asked, signal) => replyHistories(histories, asked, signal);
  return {
    method: 'POST',
    path: `${workbenchPrefix}/histories`,
    isHeavy: true,
    readBytes,
    handle: async (request) => {
      const contentType = request.headers.get('content-type') ?? undefined;
      return new Response(await readBytes({ contentType, body: await readBody(request) }, request.signal), { headers: bytesHeaders });
    },
  };
};

const bytesHeaders = { 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' };

const replyHistories = async (histories: HistoryReader, { contentType, body }: AskedBytes, signal: AbortSignal): Promise<ArrayBuffer> => {
  checkContentType(contentType);
  const wanted = toHistoriesRequest(parseFields(historiesFields, readJsonObject(body)) as Parsed<typeof historiesFields>);
  const found: Series[] = [];
  for (let next = 0; next < wanted.runIds.length;) {
    const turn = histories.inOneSnapshot(() => readSome(histories, wanted, next));
    found.push(...turn.found);
    next = turn.next;
    // Other requests, and the end of this one, come in between.
    await nextTurn(undefined, { signal });
  }
  return encodeHistories(found);
};

/** ms */
const longestTurn = 5;

/** As many runs as can be read in a turn, from the given one on. */
const readSome = ({ read }: HistoryReader, wanted: HistoriesRequest, first: number): { readonly found: readonly Series[]; readonly next: number } => {
  const end = performance.now() + longestTurn;
  const found: Series[] = [];
  let next = first;
  do {
    const runId = wanted.runIds[next] ?? '';
    found.push(...wanted.keys.flatMap((key) => read({ runId, key }, wanted) ?? []));
    next++;
  } while (next < wanted.runIds.length && performance.now() < end);
  return { found, next };
};

const toHistoriesRequest = ({ runIds, keys, buckets, window }: Parsed<typeof historiesFields>): HistoriesRequest => {
  if (buckets < 1 || buckets > mostBuckets)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value ${buckets} for parameter 'buckets' supplied: it must be from 1 to ${mostBuckets}.`);
  if (runIds.length * keys.length > mostSeries)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${runIds.length} runs with ${keys.length} keys are more than ${mostSeries} histories.`);
  return { runIds, keys, buckets, ...(window && { window }) };
};
