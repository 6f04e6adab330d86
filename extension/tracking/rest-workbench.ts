import { asExperimentId, type ExperimentId } from '../../schemas/ids.ts';
import {
  workbenchPrefix,
  type ArtifactFoldersReply,
  type FacetsReply,
  type FacetsRequest,
  type HistoriesRequest,
  type IndexesReply,
  type PermanentDeletionReply,
  type PermanentDeletionRequest,
  type RunCountsReply,
  type RunGroupsReply,
  type RunGroupsRequest,
  type RunSearchReply,
  type RunSearchRequest,
  type StoreEvent,
} from '../../schemas/workbench-api.ts';
import type { HttpClient } from '../shared/http.ts';
import type { Facets, RunCount, RunRows } from './store-connection.ts';

export const readHistories = (http: HttpClient, request: HistoriesRequest, signal?: AbortSignal): Promise<ArrayBuffer> =>
  http.bytes({ method: 'POST', path: `${workbenchPrefix}/histories`, json: request, isRead: true, signal });

export const readRunCounts = async (http: HttpClient, signal?: AbortSignal): Promise<ReadonlyMap<ExperimentId, RunCount>> => {
  const reply = (await http.json({ method: 'GET', path: `${workbenchPrefix}/run-counts`, signal })) as unknown as RunCountsReply;
  return new Map(reply.experiments.map(({ experimentId, runs, running }) => [asExperimentId(experimentId), { runs, running }]));
};

export const searchRows = async (http: HttpClient, request: RunSearchRequest, signal?: AbortSignal): Promise<RunRows> => {
  const reply = (await http.json({ method: 'POST', path: `${workbenchPrefix}/run-search`, json: request, isRead: true, signal })) as unknown as RunSearchReply;
  return { ...reply, notes: [], totalIsKnown: true };
};

export const groupRows = async (http: HttpClient, request: RunGroupsRequest, signal?: AbortSignal): Promise<RunGroupsReply> =>
  (await http.json({ method: 'POST', path: `${workbenchPrefix}/run-groups`, json: request, isRead: true, signal })) as unknown as RunGroupsReply;

export const readFacets = async (http: HttpClient, request: FacetsRequest, signal?: AbortSignal): Promise<Facets> => {
  const reply = (await http.json({ method: 'POST', path: `${workbenchPrefix}/facets`, json: request, isRead: true, signal })) as unknown as FacetsReply;
  return { ...reply, notes: [] };
};

export const readArtifactFolders = async (http: HttpClient, signal?: AbortSignal): Promise<readonly string[]> => {
  const reply = (await http.json({ method: 'GET', path: `${workbenchPrefix}/artifact-folders`, signal })) as unknown as ArtifactFoldersReply;
  return reply.folders;
};

export const readIndexes = async (http: HttpClient, signal?: AbortSignal): Promise<IndexesReply> =>
  (await http.json({ method: 'GET', path: `${workbenchPrefix}/indexes`, signal })) as unknown as IndexesReply;

export const setIndexes = async (http: HttpClient, present: boolean, signal?: AbortSignal): Promise<IndexesReply> =>
  (await http.json({ method: 'POST', path: `${workbenchPrefix}/indexes`, json: { present }, signal })) as unknown as IndexesReply;

export const deletePermanently = async (http: HttpClient, request: PermanentDeletionRequest, signal?: AbortSignal): Promise<PermanentDeletionReply> =>
  (await http.json({ method: 'POST', path: `${workbenchPrefix}/permanent-deletion`, json: request, signal })) as unknown as PermanentDeletionReply;

/**
 * Subscribes to a store's changes. Once it resolves, every later change is told; the events end when the
 * connection does.
 */
export const openEvents = async (http: HttpClient, signal: AbortSignal): Promise<AsyncIterable<StoreEvent>> => {
  const body = await http.stream({ method: 'GET', path: `${workbenchPrefix}/events`, signal });
  const messages = readMessages(body)[Symbol.asyncIterator]();
  await messages.next();
  return readEvents<StoreEvent>({ [Symbol.asyncIterator]: () => messages });
};

/** The events of a stream, without its comments. */
export const readServerEvents = <Event>(body: AsyncIterable<Uint8Array>): AsyncIterable<Event> => readEvents<Event>(readMessages(body));

async function* readEvents<Event>(messages: AsyncIterable<string>): AsyncGenerator<Event> {
  for await (const message of messages) {
    if (message.startsWith('data: ')) yield JSON.parse(message.slice('data: '.length)) as Event;
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
