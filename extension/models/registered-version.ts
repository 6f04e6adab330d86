import { formatDelta, formatNumber } from '../../schemas/format.ts';
import type { RegisteredVersion, ShownChange, ShownMetricChange, VersionChanges } from '../../schemas/model-page.ts';
import { changeText } from '../registry/gate-evaluation.ts';
import type { ModelVersion } from '../registry/model-version.ts';
import { findPreviousVersion } from '../registry/previous-version.ts';
import { createRestRegistryStore } from '../registry/rest-registry-store.ts';
import { versionDifference, type MetricChange, type ValueChange } from '../registry/version-difference.ts';
import type { FilesOf } from '../registry/version-files.ts';
import { readSnapshot } from '../registry/version-snapshot.ts';
import { MlflowError } from '../shared/errors.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';

const statusWords: Readonly<Record<ModelVersion['status'], string>> = {
  READY: 'ready',
  PENDING_REGISTRATION: 'pending: its registration has not ended',
  FAILED_REGISTRATION: 'failed: its registration did not succeed',
};

type Store = Pick<StoreConnection, 'http' | 'tracking' | 'artifacts'>;

export const describeVersion = async ({ tracking }: Pick<Store, 'tracking'>, version: ModelVersion, signal?: AbortSignal): Promise<RegisteredVersion> => {
  const run = await readRun(tracking, version, signal);
  return { ...ownWords(version), ...(run !== undefined && { run }) };
};

/** A version may outlive its run. */
const readRun = async (tracking: Store['tracking'], { runId }: ModelVersion, signal?: AbortSignal): Promise<RegisteredVersion['run']> => {
  if (runId === undefined || runId === '') return undefined;
  try {
    const { runName, lifecycleStage } = (await tracking.getRun(runId, signal)).info;
    return { runId, name: runName, state: lifecycleStage };
  } catch (error) {
    if (!(error instanceof MlflowError) || error.code !== 'RESOURCE_DOES_NOT_EXIST') throw error;
    return { runId, name: runId, state: 'gone' };
  }
};

const ownWords = (version: ModelVersion): RegisteredVersion => ({
  name: version.name,
  version: version.version,
  status: statusWords[version.status],
  statusMessage: version.statusMessage ?? '',
  ...(version.currentStage !== undefined && { stage: version.currentStage }),
  aliases: version.aliases,
  description: version.description ?? '',
  source: version.source,
  creator: version.userId ?? '',
  createdAt: version.creationTimestamp,
  updatedAt: version.lastUpdatedTimestamp,
  tags: version.tags.map(({ key, value }) => ({ name: key, value })),
});

/** As *Compare Versions* would show the two. */
export const readVersionChanges = async (store: Store, version: ModelVersion, signal?: AbortSignal): Promise<VersionChanges> => {
  const files: FilesOf = { http: store.http, tracking: store.tracking, artifacts: store.artifacts, registry: createRestRegistryStore(store.http) };
  const previous = await findPreviousVersion(files.registry, version, signal);
  if (previous === undefined) return { metrics: [], params: [], signature: [], packages: [], data: [], notes: [] };
  const [before, after] = await Promise.all([readSnapshot(files, previous, signal), readSnapshot(files, version, signal)]);
  const { metrics, params, signature, packages, data, commits } = versionDifference(before, after);
  return {
    previous: previous.version,
    metrics: metrics.map(shownMetric),
    params: params.map(shownChange),
    signature: signature.map((change) => ({ text: changeText(change), breaks: change.breaks })),
    packages: packages.map(({ name, ...values }) => shownChange({ key: name, before: values.before, after: values.after })),
    data: data.map(shownChange),
    ...(commits !== undefined && { commit: shownChange(commits) }),
    notes: [...before.notes, ...after.notes],
  };
};

const shownChange = ({ key, before = '', after = '' }: ValueChange<string>): ShownChange => ({ name: key, before, after });

const shownMetric = ({ key, before, after, isBetter }: MetricChange): ShownMetricChange => ({
  name: key,
  before: before === undefined ? '' : formatNumber(before),
  after: after === undefined ? '' : formatNumber(after),
  delta: before === undefined || after === undefined || before === after ? '' : formatDelta(after - before),
  verdict: isBetter === undefined ? 'none' : isBetter ? 'better' : 'worse',
});
