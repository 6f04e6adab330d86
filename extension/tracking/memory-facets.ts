import type { FacetsReply } from '../../schemas/workbench-api.ts';
import { toCell } from './run-cell.ts';
import type { Run } from './run.ts';
import { compareTexts } from './search/text-match.ts';

const mostValues = 20;
const mostDistinct = 1000;

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
    const counts = countTexts(group.map(({ value }) => value));
    return { key, runs: group.length, ...frequentValues(counts) };
  });

/** The first ones are found without sorting all. */
export const frequentValues = (counts: ReadonlyMap<string, number>): Pick<FacetsReply['params'][number], 'distinct' | 'values'> => {
  const first: Count[] = [];
  for (const one of counts) {
    const last = first.at(-1);
    if (first.length === mostValues && last !== undefined && byFrequency(one, last) > 0) continue;
    const place = first.findIndex((other) => byFrequency(one, other) < 0);
    first.splice(place < 0 ? first.length : place, 0, one);
    first.length = Math.min(first.length, mostValues);
  }
  return { distinct: Math.min(counts.size, mostDistinct), values: first.map(([value, runs]) => ({ value, runs })) };
};

const sortedGroups = <T extends { readonly key: string }>(items: readonly T[]): readonly (readonly [string, readonly T[]])[] =>
  [...Map.groupBy(items, ({ key }) => key)].toSorted(([a], [b]) => compareTexts(a, b));

type Count = readonly [text: string, runs: number];

const byFrequency = ([a, countA]: Count, [b, countB]: Count): number => countB - countA || compareTexts(a, b);

const counted = (texts: readonly string[]): readonly Count[] => [...countTexts(texts)].toSorted(byFrequency);

const countTexts = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};

const datasetFacets = (runs: readonly Pick<Run, 'datasetInputs'>[]): FacetsReply['datasets'] => {
  const ofRuns = runs.flatMap(({ datasetInputs }) => [...new Set(datasetInputs.map(({ dataset }) => JSON.stringify([dataset.name, dataset.digest])))]);
  const found = counted(ofRuns).map(([text, count]) => {
    const [name = '', digest = ''] = JSON.parse(text) as readonly string[];
    return { name, digest, runs: count };
  });
  return found.toSorted((a, b) => b.runs - a.runs || compareTexts(a.name, b.name) || compareTexts(a.digest, b.digest));
};
