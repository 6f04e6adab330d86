import { lineText } from '../../host/hostile-text.ts';
import { sayWarning } from '../../host/messages.ts';
import type { EnvironmentPlan } from '../run-folder.ts';
import { unusualMeans } from '../unusual-means.ts';
import type { RunMemory } from './run-memory.ts';

const runIt = 'Run';
/** The rest is counted. */
const shownLines = 20;

/** Shows what an environment takes from outside of its project, once for each such list; false when given up. */
export const confirmMeans = async (plan: EnvironmentPlan, directory: string, memory: RunMemory): Promise<boolean> => {
  const means = await unusualMeans(plan, directory);
  if (means.length === 0 || memory.isAgreed(directory, means)) return true;
  const more = means.length > shownLines ? [`and ${means.length - shownLines} more`] : [];
  const detail = [...means.slice(0, shownLines).map((line) => lineText(line)), ...more].join('\n');
  const message = "This project's environment reaches beyond its folder and the usual package index. Run it?";
  if ((await sayWarning(message, { modal: true, detail }, runIt)) !== runIt) return false;
  await memory.agree(directory, means);
  return true;
};
