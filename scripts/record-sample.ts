/**
 * Writes `examples/wine-quality/recorded-runs.json`, which *Create Sample Project* fills its store from: the runs of the sample store
 * that have really trained a model. Needs the bundles.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLogger } from '../extension/shared/logger.ts';
import { ServerProcess } from '../extension/shared/server-process.ts';
import type { RecordedRun, RecordedRuns } from '../extension/tracking/recorded-runs.ts';
import { createRestTrackingStore } from '../extension/tracking/rest-tracking-store.ts';
import type { Run } from '../extension/tracking/run.ts';
import type { TrackingStore } from '../extension/tracking/tracking-store.ts';
import { fillSampleStore, sampleWorkspace } from './sample-store.ts';
import { repository } from './tools.ts';

const experiment = 'wine-quality';
const keptTags: ReadonlySet<string> = new Set(['mlflow.source.type', 'mlflow.project.entryPoint']);

const record = async (tracking: TrackingStore, { info, params, tags, latestMetrics }: Run): Promise<RecordedRun> => {
  const [start, end] = [Number(info.startTime), Number(info.endTime)];
  const histories = latestMetrics.map(async ({ key }) => {
    const { items } = await tracking.getMetricHistory({ runId: info.runId, key });
    return [key, items.map(({ timestamp, step, value }) => [Number(timestamp) - start, Number(step), Number(value.toPrecision(6))] as const)] as const;
  });
  return {
    name: info.runName.replace('real-', ''),
    duration: end - start,
    params: Object.fromEntries(params.map(({ key, value }) => [key, value])),
    tags: Object.fromEntries(tags.filter(({ key }) => keptTags.has(key)).map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(await Promise.all(histories)),
  };
};

await fillSampleStore();
const server = new ServerProcess(join(repository, 'dist', 'server.cjs'), silentLogger);
try {
  const { http } = await server.openStore({ path: join(sampleWorkspace, 'mlflow.db') });
  const tracking = createRestTrackingStore(http);
  const { experimentId } = await tracking.getExperimentByName(experiment);
  const search = { experimentIds: [experimentId], filter: "attributes.run_name LIKE 'real-%'", orderBy: ['attributes.start_time ASC'], maxResults: 100 };
  const { items } = await tracking.searchRuns(search);
  const recorded: RecordedRuns = { experiment, runs: await Promise.all(items.map((run) => record(tracking, run))) };
  await writeFile(join(sampleWorkspace, 'recorded-runs.json'), `${JSON.stringify(recorded)}\n`);
} finally {
  server.dispose();
}
