import type { FacetsReply } from '../../schemas/workbench-api.ts';
import { toCell } from './run-cell.ts';
import type { Run } from './run.ts';
import { compareTexts } from './search/text-match.ts';

export const mostValues = 20;
export const mostDistinct = 1000;

/** What these runs have; the same that a database counts by itself. */
export const facetsOf = (runs: readonly Pick<Run, 'info' | 'params' | 'tags' | 'latestMetrics' | 'datasetInputs'>[]): FacetsReply => ({
  runs: runs.length,
  metrics: metricFacets(runs.flatMap(({ latestMetrics }) => latestMetrics)),
  params: textFacets(runs.flatMap(({ params }) => params)),
  tags: textFacets(runs.flatMap(({ tags }) => tags)),
  statuses: counted(runs.map(({ info }) => info.status)).map(([status, count]) => ({ status, runs: count })),
  datasets: datasetFacets(runs),
});

const metricFacets = (metrics: readonly Run['latestMetrics'][number][]): FacetsReply['metrics'] =>
  sortedGroups(metrics).map(([key, points]) => {
    const values = points.map(({ value }) => value).filter((value) => !Number.isNaN(value));
    const extreme = (pick: (a: number, b: number) => number): number | null => (values.length === 0 ? null : values.reduce(pick));
    return { key, runs: points.length, min: toCell(extreme((a, b) => Math.min(a, b))), max: toCell(extreme((a, b) => Math.max(a, b))) };
  });

const textFacets = (pairs: readonly { readonly key: string; readonly value: string }[]): FacetsReply['params'] =>
  sortedGroups(pairs).map(([key, group]) => {
    const values = counted(group.map(({ value }) => value));
    return {
      key,
      runs: group.length,
      distinct: Math.min(values.length, mostDistinct),
      values: values.slice(0, mostValues).map(([value, runs]) => ({ value, runs })),
    };
  });

const sortedGroups = <T extends { readonly key: string }>(items: readonly T[]): readonly (readonly [string, readonly T[]])[] =>
  [...Map.groupBy(items, ({ key }) => key)].toSorted(([a], [b]) => compareTexts(a, b));

/** The most frequent first. */
const counted = (texts: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || compareTexts(a, b));
};

const datasetFacets = (runs: readonly Pick<Run, 'datasetInputs'>[]): FacetsReply['datasets'] => {
  const ofRuns = runs.flatMap(({ datasetInputs }) => [...new Set(datasetInputs.map(({ dataset }) => JSON.stringify([dataset.name, dataset.digest])))]);
  const found = counted(ofRuns).map(([text, count]) => {
    const [name = '', digest = ''] = JSON.parse(text) as readonly string[];
    return { name, digest, runs: count };
  });
  return found.toSorted((a, b) => b.runs - a.runs || compareTexts(a.name, b.name) || compareTexts(a.digest, b.digest));
};
