import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import { repository } from '../tools.ts';

export interface BenchRow {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer?: readonly number[];
  /** How many times better than the peer it must be. */
  readonly gate?: number;
  /** How many times better than the peer we want it to be. */
  readonly goal?: number;
  /** What it may be at most, where there is no peer; of a rate, at least. */
  readonly limit?: number;
  /** What we want it to be. */
  readonly aim?: number;
  /** More is better: requests or rows per second. */
  readonly isRate?: boolean;
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
export const p99 = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.ceil(0.99 * values.length) - 1] ?? Number.NaN;
const p95 = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1] ?? Number.NaN;
const round = (value: number): number => Number(value.toPrecision(3));

const judged = ({ id, what, unit, ours, peer, gate, goal, limit, aim, isRate = false }: BenchRow) => {
  const [own, other] = [median(ours), peer === undefined ? undefined : median(peer)];
  const ratio = other === undefined ? undefined : isRate ? own / other : other / own;
  const reaches = (times?: number, value?: number): boolean =>
    (times === undefined || (ratio ?? 0) >= times) && (value === undefined || (isRate ? own >= value : own <= value));
  const isWanted = goal !== undefined || aim !== undefined;
  return {
    id,
    what,
    unit,
    count: ours.length,
    ours: round(own),
    p95: round(p95(ours)),
    ...(other !== undefined && { mlflow: round(other), 'its p95': round(p95(peer ?? [])) }),
    ...(ratio !== undefined && { ratio: round(ratio) }),
    ...(gate !== undefined && { gate: round(gate) }),
    ...(limit !== undefined && { limit }),
    holds: reaches(gate, limit),
    ...(isWanted && { goal: round(goal ?? aim ?? Number.NaN), reached: reaches(goal, aim) }),
  };
};

/** Prints medians and ratios and writes them as JSON. Gates are for the whole size: a smaller one is only told. */
export const reportRows = async (rows: readonly BenchRow[], { scale, mlflow }: { readonly scale: number; readonly mlflow: string }): Promise<void> => {
  const table = rows.map(judged);
  console.table(table);
  console.log(`Load of the machine in the last 1, 5 and 15 minutes: ${loadavg().map(round).join(', ')}`);
  const folder = join(repository, 'test-results');
  await mkdir(folder, { recursive: true });
  const machine = { node: process.versions.node, mlflow, cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg() };
  await writeFile(join(folder, 'bench-server.json'), `${JSON.stringify({ benchmark: 'server', scale, machine, rows: table }, undefined, 2)}\n`);
  if (scale === 1 && table.some(({ holds }) => !holds)) process.exitCode = 1;
};
