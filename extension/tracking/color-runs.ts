import type { RunId } from '../../schemas/ids.ts';
import { isRunColor } from '../../schemas/run-color.ts';
import { MlflowError } from '../shared/errors.ts';
import { colorTag } from './run-query.ts';
import type { TrackingStore } from './tracking-store.ts';

/** Writes the colour that a person has picked for a run; null: the one that follows from its id. */
export const colorRun = async (store: TrackingStore, runId: RunId, color: string | null): Promise<void> => {
  if (color !== null && !isRunColor(color)) throw new MlflowError('INVALID_PARAMETER_VALUE', `'${color}' is no colour: colours are like #1f77b4`);
  if (color !== null) return store.setTag(runId, { key: colorTag, value: color });
  // MLflow refuses to remove what is not there.
  const { tags } = await store.getRun(runId);
  if (tags.some(({ key }) => key === colorTag)) await store.deleteTag(runId, colorTag);
};
