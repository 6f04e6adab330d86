import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { repository } from '../tools.ts';

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** What the 95th percentile may be. */
  readonly limit: number;
}

const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;

const round = (value: number): number => Math.round(value * 10) / 10;

/** Prints the figures, keeps them as JSON, and fails the program when one is beyond its limit. */
export const reportFigures = async (benchmark: string, figures: readonly Figure[]): Promise<void> => {
  const rows = figures.map(({ name, unit, values, limit }) => {
    const p95 = percentile(values, 0.95);
    return {
      name,
      unit,
      count: values.length,
      p50: round(percentile(values, 0.5)),
      p95: round(p95),
      max: round(Math.max(...values)),
      limit,
      holds: p95 <= limit,
    };
  });
  console.table(rows);
  const folder = join(repository, 'test-results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `bench-${benchmark}.json`), `${JSON.stringify({ benchmark, node: process.versions.node, rows }, undefined, 2)}\n`);
  if (rows.some(({ holds }) => !holds)) process.exitCode = 1;
};
