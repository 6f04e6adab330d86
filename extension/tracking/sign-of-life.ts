import type { Run } from './run.ts';

/** ms of silence after which a run that still counts as running has probably died with its program. */
const longestSilence = 24 * 3_600_000;

/** ms since the epoch: its start, or the newest of its values. Params and tags have no times. */
export const lastSignOfLife = ({ info, latestMetrics }: Run): number | undefined => {
  const times = [info.startTime, ...latestMetrics.map(({ timestamp }) => timestamp)].filter((time) => time !== undefined).map(Number);
  return times.length === 0 ? undefined : Math.max(...times);
};

export const isProbablyDead = (run: Run, now: number): boolean => {
  const last = lastSignOfLife(run);
  return run.info.status === 'RUNNING' && last !== undefined && now - last > longestSilence;
};
