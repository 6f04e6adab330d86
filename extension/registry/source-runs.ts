import type { ExperimentId, RunId } from '../../schemas/ids.ts';
import type { Run } from '../tracking/run.ts';
import type { Page, TrackingStore } from '../tracking/tracking-store.ts';
import type { Experiment } from '../tracking/experiment.ts';

/** Run ids in one `IN (…)`: a size that fits into an address and into a plan. */
const idsPerRequest = 200;
const experimentsPerRequest = 1000;

/** The runs that versions were made from, deleted ones too, in as few requests as can be. Those that are gone are left out. */
export const readSourceRuns = async (tracking: TrackingStore, runIds: readonly RunId[], signal?: AbortSignal): Promise<readonly Run[]> => {
  const ids = [...new Set(runIds)].filter((id) => /^[\w-]+$/.test(id));
  if (ids.length === 0) return [];
  const experimentIds = await readExperimentIds(tracking, signal);
  const pieces = Array.from({ length: Math.ceil(ids.length / idsPerRequest) }, (_, index) => ids.slice(index * idsPerRequest, (index + 1) * idsPerRequest));
  const pages = await Promise.all(
    pieces.map((piece) => {
      const filter = `attributes.run_id IN (${piece.map((id) => `'${id}'`).join(', ')})`;
      return tracking.searchRuns({ experimentIds, filter, viewType: 'ALL', maxResults: piece.length }, signal);
    }),
  );
  return pages.flatMap(({ items }) => items);
};

const readExperimentIds = async (tracking: TrackingStore, signal?: AbortSignal): Promise<readonly ExperimentId[]> => {
  const ids: ExperimentId[] = [];
  let pageToken: string | undefined;
  do {
    const search = { viewType: 'ALL' as const, maxResults: experimentsPerRequest, ...(pageToken !== undefined && { pageToken }) };
    const page: Page<Experiment> = await tracking.searchExperiments(search, signal);
    ids.push(...page.items.map(({ experimentId }) => experimentId));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return ids;
};
