import { isRunColor, nearestHueIndex, runHueIndex } from '../../schemas/run-color.ts';
import { tagOf } from './read-run.ts';
import { colorTag } from './run-query.ts';
import type { Run } from './run.ts';

/** The colour that a run has in tables and charts, as a tree can show it: by the id of a theme colour. One that a person has picked is the nearest of them. */
export const runThemeColor = (run: Run): string => {
  const picked = tagOf(run, colorTag);
  const hue = picked !== undefined && isRunColor(picked) ? nearestHueIndex(picked) : runHueIndex(run.info.runId);
  return `mlflow.runColor${hue + 1}`;
};
