import { columnId, columnTitle, infoColumns, readColumn, type Column, type ColumnId } from '../../../schemas/runs-columns.ts';
import type { AboutRuns } from '../../../schemas/runs-protocol.ts';
import type { RunsView, ViewColumn } from '../../../schemas/runs-view.ts';
import type { FacetsReply } from '../../../schemas/workbench-api.ts';

/** Columns of a table that nobody has arranged: more would be read than is looked at. */
const mostOfKind = 12;

const usualInfo: readonly ColumnId[] = ['attributes.status', 'attributes.start_time', 'attributes.duration', 'tags.`mlflow.source.name`', 'tags.`mlflow.user`'];

const present = (ids: readonly (ColumnId | undefined)[]): readonly ColumnId[] => ids.filter((id) => id !== undefined);

/** What the runs have most: info, metrics, then params. */
export const defaultColumns = (facets: FacetsReply | undefined, about: AboutRuns | undefined): readonly ViewColumn[] => {
  const several = (about?.experiments.length ?? 0) > 1;
  const commonest = (keys: readonly { readonly key: string; readonly runs: number }[]) =>
    keys
      .filter(({ key }) => !key.startsWith('system/'))
      .toSorted((left, right) => right.runs - left.runs || (left.key < right.key ? -1 : 1))
      .slice(0, mostOfKind);
  const metrics = commonest(facets?.metrics ?? []).map(({ key }) => columnId({ kind: 'metrics', key, value: 'last' }));
  const params = commonest(facets?.params ?? []).map(({ key }) => columnId({ kind: 'params', key }));
  return present([...(several ? ['experiment'] : []), ...usualInfo, ...metrics, ...params]).map((id) => ({ id }));
};

/** Whether all runs have the same in the column, as far as the facets tell. */
export const isUniform = (column: Column, facets: FacetsReply): boolean => {
  if (column.kind === 'attributes' && column.key === 'status') return facets.statuses.length <= 1;
  if (column.kind === 'datasets') return facets.datasets.length <= 1 && (facets.datasets[0]?.runs ?? facets.runs) === facets.runs;
  if (column.kind === 'params' || column.kind === 'tags') {
    const facet = facets[column.kind].find(({ key }) => key === column.key);
    return facet === undefined || (facet.distinct <= 1 && facet.runs === facets.runs);
  }
  if (column.kind !== 'metrics') return false;
  const facet = facets.metrics.find(({ key }) => key === column.key);
  return facet === undefined || (facet.runs === facets.runs && facet.min === facet.max && column.value === 'last');
};

export interface ShownColumn extends ViewColumn {
  readonly column: Column;
  readonly title: string;
  readonly width: number;
}

/** Of a group, a metric is a mean and what it varies by. */
const naturalWidth = (column: Column, isGrouped: boolean): number => {
  switch (column.kind) {
    case 'metrics':
      return isGrouped ? 160 : 110;
    case 'attributes':
      return { status: 110, start_time: 90, duration: 90, end_time: 90 }[column.key] ?? 160;
    default:
      return 130;
  }
};

interface Surroundings {
  readonly facets: FacetsReply | undefined;
  readonly about: AboutRuns | undefined;
  /** What the loaded rows say, where all of them are loaded. */
  readonly uniform: ReadonlySet<ColumnId> | undefined;
}

const allColumns = (view: RunsView, { facets, about }: Surroundings): readonly ShownColumn[] =>
  (view.columns ?? defaultColumns(facets, about)).flatMap((spec): readonly ShownColumn[] => {
    const column = readColumn(spec.id);
    return column === undefined ? [] : [{ ...spec, column, title: columnTitle(column), width: spec.width ?? naturalWidth(column, view.groupBy.length > 0) }];
  });

/** Pinned ones first; those that do not differ left out when that is wanted. */
export const shownColumns = (view: RunsView, surroundings: Surroundings): readonly ShownColumn[] => {
  const { facets, uniform } = surroundings;
  const isHidden = ({ id, column }: ShownColumn): boolean =>
    view.onlyDiffering && (uniform === undefined ? facets !== undefined && isUniform(column, facets) : uniform.has(id));
  const left = allColumns(view, surroundings).filter((column) => !isHidden(column));
  return [...left.filter(({ pinned }) => pinned === true), ...left.filter(({ pinned }) => pinned !== true)];
};

/** How many columns are left out, and which runs were looked at for that; empty: none. */
export const hiddenText = (view: RunsView, surroundings: Surroundings): string => {
  const count = allColumns(view, surroundings).length - shownColumns(view, surroundings).length;
  if (count === 0) return '';
  const { facets, uniform } = surroundings;
  const among = uniform === undefined && facets !== undefined ? ` in all ${facets.runs.toLocaleString('en-US')} runs` : '';
  return `${count === 1 ? '1 column' : `${count} columns`} hidden, alike${among}`;
};

export interface Choice {
  readonly id: ColumnId;
  readonly title: string;
  /** Runs that have it; undefined: not counted. */
  readonly runs?: number;
}

export interface ChoiceGroup {
  readonly title: string;
  readonly choices: readonly Choice[];
}

/** Everything that can be a column, with how many runs have it. */
export const columnChoices = (facets: FacetsReply | undefined): readonly ChoiceGroup[] => {
  const keyed = (kind: 'params' | 'tags', keys: readonly { readonly key: string; readonly runs: number }[]): readonly Choice[] =>
    keys.flatMap(({ key, runs }) => choice({ kind, key }, runs));
  const known = new Set(infoColumns);
  return [
    { title: 'Info', choices: infoColumns.flatMap((id) => choice(readColumn(id))) },
    { title: 'Metrics', choices: (facets?.metrics ?? []).flatMap(({ key, runs }) => choice({ kind: 'metrics', key, value: 'last' }, runs)) },
    { title: 'Params', choices: keyed('params', facets?.params ?? []) },
    { title: 'Tags', choices: keyed('tags', facets?.tags ?? []).filter(({ id }) => !known.has(id)) },
  ];
};

const choice = (column: Column | undefined, runs?: number): readonly Choice[] => {
  const id = column && columnId(column);
  return column === undefined || id === undefined ? [] : [{ id, title: columnTitle(column), ...(runs !== undefined && { runs }) }];
};
