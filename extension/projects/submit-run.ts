import { join } from 'node:path';

import type { ExperimentId, RunId } from '../../schemas/ids.ts';
import type { NamedText } from '../../schemas/run-choices.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import { nodeCommand } from '../shared/process.ts';
import { startSupervisor } from '../shared/start-supervisor.ts';
import type { GraceTimes } from '../shared/process-tree.ts';
import type { Param, Run, Tag } from '../tracking/run.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';
import type { DebugPlan } from './debug-command.ts';
import type { EntryPoint } from './entry-point.ts';
import { loggedParams, requireParameters, resolveParameters, type GivenValues } from './parameters.ts';
import { newControlAddress } from '../shared/control.ts';
import { RunFolder, type EnvironmentPlan, type ExecutionPlan, type RunPlan } from './run-folder.ts';
import { readEndIn, recordEnd } from './run-outcome.ts';
import { projectTags, userName } from './run-tags.ts';
import type { RunSource } from './source-version.ts';
import { SubmittedRun } from './submitted-run.ts';

export interface RunRequest {
  readonly directory: string;
  /** Where relative `path` values begin; absent: in the directory. */
  readonly pathsFrom?: string;
  readonly entryPoint: EntryPoint;
  readonly values: GivenValues;
  readonly experimentId: ExperimentId;
  /** The store makes one up when it is absent. */
  readonly runName?: string;
  /** A run that is there already; absent: a new one is made. It keeps its params and its source. */
  readonly existing?: RunId;
  readonly source: RunSource;
  readonly environment: EnvironmentPlan;
  readonly storageDirectory?: string;
  /** Absent: nothing is debugged. */
  readonly debug?: DebugPlan;
  /** Of the window that starts it; absent: the one that its directory is in. */
  readonly workspaceFolder?: string;
  /** Log what it prints as an artifact, too. */
  readonly logsOutput?: boolean;
  /** On top of the environment. They may be secrets: no file holds them. */
  readonly variables?: readonly NamedText[];
}

export interface RunStore {
  readonly tracking: TrackingStore;
  readonly address: StoreAddress;
}

/** Where runs are kept, and the programs that they need. */
export interface RunSite {
  /** Holds one folder for each run. */
  readonly root: string;
  readonly supervisorScript: string;
  readonly serverScript: string;
  readonly grace: GraceTimes;
}

/** Starts an entry point: the run in the store first, then its supervisor. What does not start is FAILED, and thrown. */
export const submitRun = async (request: RunRequest, store: RunStore, site: RunSite): Promise<SubmittedRun> => {
  const run = await createProjectRun(request, store.tracking);
  const { runId } = run.info;
  try {
    const plan = await createPlan(run, request, store.address, site);
    const folder = new RunFolder(join(site.root, runId));
    await folder.create(plan);
    await superviseRun(folder, request.variables ?? [], site);
    return await SubmittedRun.attach(
      folder,
      plan,
      readEndIn(() => store.tracking),
    );
  } catch (error) {
    await recordFailedStart(runId, error, store.tracking);
    throw error;
  }
};

/**
 * The run as MLflow makes it before it starts anything. A missing value is thrown before there is a run; what
 * fails after that leaves a FAILED run, where MLflow leaves it RUNNING.
 */
export const createProjectRun = async (request: RunRequest, tracking: TrackingStore): Promise<Run> => {
  requireParameters(request.entryPoint, request.values);
  const { existing } = request;
  const run = existing === undefined ? await createRun(request, tracking) : await tracking.getRun(existing);
  const { runId } = run.info;
  try {
    if (existing === undefined) await logParams(runId, request, tracking);
    await tracking.logBatch({ runId, tags: [...startTags(request.environment), ...(existing === undefined ? [] : nameTag(request))] });
    return run;
  } catch (error) {
    await recordFailedStart(runId, error, tracking);
    throw error;
  }
};

const createRun = async ({ entryPoint, experimentId, runName, source }: RunRequest, tracking: TrackingStore): Promise<Run> => {
  const user = userName(process.env);
  const tags = projectTags(entryPoint.name, source, user);
  return await tracking.createRun({ experimentId, userId: user, startTime: Date.now(), tags, ...(runName === undefined ? {} : { runName }) });
};

const startTags = ({ manager }: EnvironmentPlan): readonly Tag[] => [
  ...(manager === 'local' ? [] : [{ key: 'mlflow.project.env', value: manager }]),
  { key: 'mlflow.project.backend', value: 'local' },
];

const nameTag = ({ runName }: RunRequest): readonly Tag[] => (runName === undefined ? [] : [{ key: 'mlflow.runName', value: runName }]);

/** MLflow takes so many in one request. */
const batchSize = 100;

const logParams = async (runId: RunId, { entryPoint, values }: RunRequest, tracking: TrackingStore): Promise<void> => {
  const params = loggedParams(resolveParameters(entryPoint, values), process.platform);
  for (let first = 0; first < params.length; first += batchSize) {
    await tracking.logBatch({ runId, params: params.slice(first, first + batchSize) });
  }
};

const createPlan = async (run: Run, request: RunRequest, store: StoreAddress, { grace }: RunSite): Promise<RunPlan> => ({
  ...executionPlan(run, request, store, grace),
  runName: run.info.runName,
  startTime: Number(run.info.startTime ?? Date.now()),
  control: await newControlAddress(),
  ...(request.logsOutput === true && { logsOutput: true }),
  ...(request.workspaceFolder === undefined ? {} : { workspaceFolder: request.workspaceFolder }),
});

export const executionPlan = ({ info }: Run, request: RunRequest, store: StoreAddress, grace: GraceTimes): ExecutionPlan => {
  const { directory, pathsFrom, entryPoint, environment, storageDirectory, debug } = request;
  return {
    runId: info.runId,
    experimentId: info.experimentId,
    artifactUri: info.artifactUri,
    store,
    directory,
    entryPoint,
    values: toParams(request.values),
    environment,
    grace,
    ...(pathsFrom === undefined ? {} : { pathsFrom }),
    ...(storageDirectory === undefined ? {} : { storageDirectory }),
    ...(debug === undefined ? {} : { debug }),
  };
};

const toParams = (values: GivenValues): readonly Param[] => [...values].map(([key, value]) => ({ key, value }));

/** Resolves when the supervisor listens; it is on its own from then on. */
const superviseRun = async (folder: RunFolder, variables: readonly NamedText[], { supervisorScript, serverScript }: RunSite): Promise<void> => {
  const command = nodeCommand(supervisorScript, [folder.path, serverScript]);
  const env = { ...command.env, ...Object.fromEntries(variables.map(({ key, value }) => [key, value])) };
  await startSupervisor({ ...command, env }, folder.supervisorLog);
};

const recordFailedStart = async (runId: RunId, cause: unknown, tracking: TrackingStore): Promise<void> => {
  const reason = errorMessage(cause);
  try {
    await recordEnd(tracking, runId, { outcome: { status: 'FAILED', at: 'start', reason }, endTime: Date.now() });
  } catch (error) {
    throw new MlflowError('INTERNAL_ERROR', `${reason}. The run ${runId} stays RUNNING: ${errorMessage(error)}`, { cause });
  }
};
