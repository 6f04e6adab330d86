import type { RunId } from '../../schemas/ids.ts';
import type { Run } from '../tracking/run.ts';
import { readExperiments, readRuns } from '../tracking/runs-by-id.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';

/** The runs that versions were made from, deleted ones too, wherever they are. Those that are gone are left out, and what cannot be the id of a run. */
export const readSourceRuns = async (tracking: TrackingStore, runIds: readonly RunId[], signal?: AbortSignal): Promise<readonly Run[]> => {
  const ids = [...new Set(runIds)].filter((id) => /^[\w-]+$/.test(id));
  if (ids.length === 0) return [];
  const experimentIds = (await readExperiments(tracking, signal, 'ALL')).map(({ experimentId }) => experimentId);
  return await readRuns(tracking, { experimentIds, runIds: ids, viewType: 'ALL' }, signal);
};
