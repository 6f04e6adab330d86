import type { JSX } from 'preact';
import { columnId, columnTitle, readColumn, type ColumnId } from '../../schemas/runs-columns.ts';
import type { RunFacets } from '../../schemas/runs-protocol.ts';
import { mostGroups } from '../../schemas/runs-view.ts';
import { MenuButton, type MenuItem } from '../shared/menu.tsx';
import { usePage } from './page.ts';

/** A menu does not search: the menu of a column groups by whatever is shown. */
const mostOffered = 12;

/** Groups by what the runs differ in, shown or not. */
export const GroupMenu = (): JSX.Element => {
  const { view, facets, change } = usePage();
  const { groupBy } = view.value;
  const set = (next: readonly ColumnId[]): void => change({ groupBy: next });
  const offered = groupsOf(facets.value).filter((id) => !groupBy.includes(id));
  const items: readonly MenuItem[] = [
    ...groupBy.map((id): MenuItem => ({ label: `Do Not Group by ${titleOf(id)}`, onChoose: () => set(groupBy.filter((other) => other !== id)) })),
    ...(groupBy.length > 0 ? (['separator'] as const) : []),
    ...offered
      .slice(0, mostOffered)
      .map((id): MenuItem => ({ label: titleOf(id), disabled: groupBy.length >= mostGroups, onChoose: () => set([...groupBy, id]) })),
    ...(offered.length > mostOffered ? [note(`${offered.length - mostOffered} more: in the menus of their columns`)] : []),
    ...(offered.length + groupBy.length === 0 ? [note('The runs do not differ in a param or a tag')] : []),
  ];
  return <MenuButton icon="group-by-ref-type" label="Group" items={items} />;
};

const note = (label: string): MenuItem => ({ label, disabled: true, onChoose: () => {} });

const kindWords = { params: 'Param', tags: 'Tag' } as const;

const titleOf = (id: ColumnId): string => {
  const column = readColumn(id);
  if (column?.kind !== 'params' && column?.kind !== 'tags') return id;
  return `${kindWords[column.kind]} ${columnTitle(column)}`;
};

/** Those with few values first: they make few groups. What MLflow notes by itself is nearly different for each run. */
const groupsOf = (facets: RunFacets | undefined): readonly ColumnId[] => {
  if (facets === undefined) return [];
  return (['params', 'tags'] as const)
    .flatMap((kind) => facets[kind].map((facet) => ({ kind, ...facet })))
    .filter(({ key, distinct, runs }) => (distinct > 1 || runs < facets.runs) && (!key.startsWith('mlflow.') || key === 'mlflow.user'))
    .toSorted((left, right) => left.distinct - right.distinct || (left.key < right.key ? -1 : 1))
    .flatMap(({ kind, key }) => columnId({ kind, key }) ?? []);
};
