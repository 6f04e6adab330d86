import { asExperimentId, type ExperimentId } from '../../schemas/ids.ts';
import { workbenchPrefix, type Capabilities, type HistoriesRequest, type RunCountsReply, type StoreEvent } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';
import type { RunCount } from './store-connection.ts';

const noCapabilities: Capabilities = { protocol: 0, events: false, histories: false };

/** What the server has beyond MLflow's API; nothing for a plain MLflow server, which answers 404 or a web page. */
export const readCapabilities = async (http: HttpClient, signal?: AbortSignal): Promise<Capabilities> => {
  try {
    const reply = await http.json({ method: 'GET', path: `${workbenchPrefix}/capabilities`, signal });
    return { protocol: Number(reply['protocol'] ?? 0), events: reply['events'] === true, histories: reply['histories'] === true };
  } catch (error) {
    if (isAbsent(error)) return noCapabilities;
    throw error;
  }
};

const isAbsent = (error: unknown): boolean =>
  error instanceof MlflowError && (error.code === 'ENDPOINT_NOT_FOUND' || error.code === 'RESOURCE_DOES_NOT_EXIST' || error.code === 'BAD_REQUEST');

export const readHistories = (http: HttpClient, request: HistoriesRequest, signal?: AbortSignal): Promise<ArrayBuffer> =>
  http.bytes({ method: 'POST', path: `${workbenchPrefix}/histories`, json: request, signal });

export const readRunCounts = async (http: HttpClient, signal?: AbortSignal): Promise<ReadonlyMap<ExperimentId, RunCount>> => {
  const reply = (await http.json({ method: 'GET', path: `${workbenchPrefix}/run-counts`, signal })) as unknown as RunCountsReply;
  return new Map(reply.experiments.map(({ experimentId, runs, running }) => [asExperimentId(experimentId), { runs, running }]));
};

/**
 * Subscribes to a store's changes. Once it resolves, every later change is told; the events end when the
 * connection does.
 */
export const openEvents = async (http: HttpClient, signal: AbortSignal): Promise<AsyncIterable<StoreEvent>> => {
  const body = await http.stream({ method: 'GET', path: `${workbenchPrefix}/events`, signal });
  const messages = readMessages(body)[Symbol.asyncIterator]();
  await messages.next();
  return readEvents({ [Symbol.asyncIterator]: () => messages });
};

async function* readEvents(messages: AsyncIterable<string>): AsyncGenerator<StoreEvent> {
  for await (const message of messages) {
    if (message.startsWith('data: ')) yield JSON.parse(message.slice('data: '.length)) as StoreEvent;
  }
}

/** Server-sent messages, comments too; the server writes each on one line. */
async function* readMessages(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    const messages = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
    text = messages.pop() ?? '';
    yield* messages;
  }
}
