import { asModelId, asRunId, type RunId } from '../../schemas/ids.ts';
import { isRunColor } from '../../schemas/run-color.ts';
import type { RelatedRun, RunDataset, RunModel, RunSource, RunSurroundings, ShownRun } from '../../schemas/run-protocol.ts';
import type { HttpClient } from '../shared/http.ts';
import { saidDirections } from './metric-directions.ts';
import { createRestLoggedModelStore } from './rest-logged-model-store.ts';
import type { Run } from './run.ts';
import { isProbablyDead } from './sign-of-life.ts';
import type { TrackingStore } from './tracking-store.ts';

export const noteTag = 'mlflow.note.content';
const parentTag = 'mlflow.parentRunId';

/** As many as a page can list; the others are in the runs table. */
const mostChildren = 100;
const mostModels = 20;

export const toShownRun = (run: Run, now: number): ShownRun => {
  const { info, params, tags, latestMetrics, datasetInputs } = run;
  const color = tagOf(run, 'mlflow.runColor');
  const source = sourceOf(run);
  return {
    runId: info.runId,
    name: info.runName,
    status: info.status,
    isProbablyDead: isProbablyDead(run, now),
    isDeleted: info.lifecycleStage === 'deleted',
    experimentId: info.experimentId,
    user: info.userId,
    ...(info.startTime !== undefined && { startTime: Number(info.startTime) }),
    ...(info.endTime !== undefined && { endTime: Number(info.endTime) }),
    artifactUri: info.artifactUri,
    ...(color !== undefined && isRunColor(color) && { color }),
    ...(source && { source }),
    note: tagOf(run, noteTag) ?? '',
    params: params.toSorted(byKey),
    tags: tags.toSorted(byKey),
    metrics: latestMetrics.map(({ key, value, step, timestamp }) => ({ key, value, step: Number(step), timestamp: Number(timestamp) })).toSorted(byKey),
    datasets: datasetInputs.map(toDataset),
  };
};

export const tagOf = (run: Run, key: string): string | undefined => run.tags.find((tag) => tag.key === key)?.value;

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1);

const sourceOf = (run: Run): RunSource | undefined => {
  const name = tagOf(run, 'mlflow.source.name');
  if (name === undefined || name === '') return undefined;
  const [type, entryPoint] = [tagOf(run, 'mlflow.source.type'), tagOf(run, 'mlflow.project.entryPoint')];
  const [commit, branch, repository] = [
    tagOf(run, 'mlflow.source.git.commit'),
    tagOf(run, 'mlflow.source.git.branch'),
    tagOf(run, 'mlflow.source.git.repoURL'),
  ];
  return {
    name,
    ...(type !== undefined && { type }),
    ...(entryPoint !== undefined && { entryPoint }),
    ...(commit !== undefined && { commit }),
    ...(branch !== undefined && { branch }),
    ...(repository !== undefined && { repository }),
  };
};

const toDataset = ({ dataset: { name, digest, sourceType }, tags }: Run['datasetInputs'][number]): RunDataset => {
  const context = tags.find(({ key }) => key === 'mlflow.data.context')?.value;
  return { name, digest, sourceType, ...(context !== undefined && { context }) };
};

interface Store {
  readonly http: HttpClient;
  readonly tracking: TrackingStore;
}

/** What the store knows around the run, asked for at once. A parent or a model that is gone is left out. */
export const readRunSurroundings = async ({ http, tracking }: Store, run: Run, signal?: AbortSignal): Promise<RunSurroundings> => {
  const [experiment, parent, children, models] = await Promise.all([
    tracking.getExperiment(run.info.experimentId, signal),
    readParent(tracking, run, signal),
    readChildren(tracking, run, signal),
    readModels(http, run, signal),
  ]);
  return { experiment: experiment.name, ...(parent && { parent }), ...children, models, directions: saidDirections([experiment]) };
};

const toRelated = ({ info }: Run): RelatedRun => ({ runId: info.runId, name: info.runName, status: info.status });

const readParent = async (tracking: TrackingStore, run: Run, signal?: AbortSignal): Promise<RelatedRun | undefined> => {
  const parent = tagOf(run, parentTag);
  if (parent === undefined || parent === '') return undefined;
  return await tracking.getRun(asRunId(parent), signal).then(toRelated, () => undefined);
};

const readChildren = async (tracking: TrackingStore, { info }: Run, signal?: AbortSignal): Promise<Pick<RunSurroundings, 'children' | 'hasMoreChildren'>> => {
  const page = await tracking.searchRuns(
    {
      experimentIds: [info.experimentId],
      filter: `tags.\`${parentTag}\` = '${quotable(info.runId)}'`,
      orderBy: ['attributes.start_time ASC'],
      maxResults: mostChildren,
    },
    signal,
  );
  return { children: page.items.map(toRelated), hasMoreChildren: page.nextPageToken !== undefined };
};

/** MLflow's language knows no escapes; ids of runs have no quotes, unless somebody else made them. */
const quotable = (runId: RunId): string => runId.replaceAll("'", '');

const readModels = async (http: HttpClient, run: Run, signal?: AbortSignal): Promise<readonly RunModel[]> => {
  const store = createRestLoggedModelStore(http);
  const wanted = [
    ...run.modelOutputs.map(({ modelId, step }) => ({ modelId, role: 'output' as const, step: Number(step) })),
    ...run.modelInputs.map(({ modelId }) => ({ modelId, role: 'input' as const })),
  ].slice(0, mostModels);
  const recorded = await Promise.all(
    wanted.map(async ({ modelId, ...others }): Promise<RunModel> => {
      const name = await store.getLoggedModel(asModelId(modelId), {}, signal).then(
        (model) => model.name,
        () => '',
      );
      return { name: name === '' ? modelId : name, modelUri: `models:/${modelId}`, ...others };
    }),
  );
  return recorded.length > 0 ? recorded : modelsOfTag(run);
};

const historyTag = 'mlflow.log-model.history';

/** MLflow 2 keeps the models of a run in a tag of it, as a JSON list. */
const modelsOfTag = (run: Run): readonly RunModel[] => {
  const paths = readList(tagOf(run, historyTag) ?? '[]').flatMap((model) => {
    const path = typeof model === 'object' && model !== null && 'artifact_path' in model ? model.artifact_path : undefined;
    return typeof path === 'string' && path !== '' ? [path] : [];
  });
  return [...new Set(paths)].slice(0, mostModels).map((path) => ({ name: path, modelUri: `runs:/${run.info.runId}/${path}`, role: 'output' }));
};

/** The tag is cut off where it was too long. */
const readList = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};
