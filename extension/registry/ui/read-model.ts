import type { ModelSnapshot, PageChange, PageVersion } from '../../../schemas/registered-model-page.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Run, Tag } from '../../tracking/run.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import type { ModelVersion } from '../model-version.ts';
import { readRegistryHistory } from '../read-history.ts';
import type { RegisteredModel } from '../registered-model.ts';
import { createRestRegistryStore } from '../rest-registry-store.ts';
import { nameIs } from '../search/name-filter.ts';
import { readSourceRuns } from '../source-runs.ts';
import { sentenceOf } from './history-text.ts';
import { aliasesOf } from './model-text.ts';

/** Versions on a page at most, the newest; the filter finds others. */
const mostVersions = 1000;
const mostChanges = 10;

/** What the page of a model shows, in a handful of requests however many versions there are. */
export const readModelSnapshot = async (connection: StoreConnection, name: string, filter: string, signal?: AbortSignal): Promise<ModelSnapshot> => {
  const registry = createRestRegistryStore(connection.http);
  const [model, found, history] = await Promise.all([
    registry.getRegisteredModel(name, signal),
    findVersions(connection, name, filter, signal),
    readRegistryHistory(connection, name, signal),
  ]);
  const runIds = found.versions.flatMap(({ runId }) => (runId === undefined || runId === '' ? [] : [runId]));
  const runs = new Map((await readSourceRuns(connection.tracking, runIds, signal)).map((run) => [run.info.runId, run]));
  return {
    name,
    store: connection.label,
    description: model.description ?? '',
    createdAt: model.creationTimestamp,
    updatedAt: model.lastUpdatedTimestamp,
    tags: toRecord(model.tags),
    aliases: model.aliases,
    versions: found.versions.map((version) => toPageVersion(version, model, version.runId === undefined ? undefined : runs.get(version.runId))),
    hasMore: found.hasMore,
    filter,
    ...(found.problem !== undefined && { filterProblem: found.problem }),
    history: newestChanges(history.changes),
  };
};

interface Found {
  readonly versions: readonly ModelVersion[];
  readonly hasMore: boolean;
  readonly problem?: string;
}

/** A filter that MLflow refuses leaves nothing, and says why. */
const findVersions = async ({ http }: StoreConnection, name: string, filter: string, signal?: AbortSignal): Promise<Found> => {
  const search = { filter: filter.trim() === '' ? nameIs(name) : `${nameIs(name)} AND ${filter}`, orderBy: ['version_number DESC'], maxResults: mostVersions };
  try {
    const { items, nextPageToken } = await createRestRegistryStore(http).searchModelVersions(search, signal);
    return { versions: items.filter((version) => version.name === name), hasMore: nextPageToken !== undefined };
  } catch (error) {
    if (filter.trim() === '' || !(error instanceof MlflowError) || error.httpStatus !== 400) throw error;
    return { versions: [], hasMore: false, problem: errorMessage(error) };
  }
};

const toRecord = (tags: readonly Tag[]): Readonly<Record<string, string>> => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

const toPageVersion = (found: ModelVersion, model: RegisteredModel, run: Run | undefined): PageVersion => ({
  version: found.version,
  aliases: aliasesOf(model, found.version),
  stage: found.currentStage === undefined || found.currentStage === 'None' ? '' : found.currentStage,
  status: found.status,
  createdAt: found.creationTimestamp,
  creator: found.userId ?? '',
  description: found.description ?? '',
  runName: run?.info.runName ?? '',
  tags: toRecord(found.tags),
  params: toRecord(run?.params ?? []),
  metrics: Object.fromEntries(run?.latestMetrics.map(({ key, value }) => [key, Number.isFinite(value) ? value : String(value)]) ?? []),
});

const newestChanges = (changes: Awaited<ReturnType<typeof readRegistryHistory>>['changes']): readonly PageChange[] =>
  changes
    .toSorted((a, b) => b.time - a.time)
    .slice(0, mostChanges)
    .map((change) => ({ time: change.time, text: sentenceOf(change), by: change.by ?? '', kind: change.kind }));
