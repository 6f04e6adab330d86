import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import type { BandKind, Grouping } from '../../schemas/compare-charts.ts';
import { Checkbox, Select, type Choice } from '../shared/controls.tsx';
import { usePage, useView } from './page.ts';
import { fieldIdsOf, fieldLabel } from './runs/fields.ts';
import { likelyRepetitions, paramKeysOf } from './runs/grouping.ts';

const bandChoices: readonly Choice<BandKind>[] = [
  { value: 'std', label: 'Standard deviation' },
  { value: 'stderr', label: 'Standard error' },
  { value: 'ci95', label: '95 % confidence' },
  { value: 'range', label: 'Min to max' },
  { value: 'quartiles', label: 'Quartiles' },
];

const notGrouped = '';
const allParams = 'params';

/** Whether lines stand for runs or for groups of them, and what is drawn around a group's mean. */
export const GroupMenu = (): JSX.Element => {
  const page = usePage();
  const choices = useComputed(() => groupChoices(fieldIdsOf(page.runs.value)));
  const grouping = useView('grouping');
  const groupBy = (by: string): void => page.group(by === notGrouped ? undefined : newGrouping(by, grouping, paramKeysOf(page.runs.peek())));
  return (
    <>
      <Select label="Group by" value={grouping?.by ?? notGrouped} choices={choices.value} onChange={groupBy} />
      {grouping !== undefined && (
        <>
          <Select label="Band" value={grouping.band} choices={bandChoices} onChange={(band) => page.group({ ...grouping, band })} />
          <Checkbox label="Members" checked={grouping.members} onChange={(members) => page.group({ ...grouping, members })} />
          {grouping.by === allParams && <Exceptions grouping={grouping} />}
        </>
      )}
    </>
  );
};

const groupChoices = (fields: readonly string[]): readonly Choice<string>[] => [
  { value: notGrouped, label: 'Nothing' },
  { value: allParams, label: 'All params' },
  { value: 'experiment', label: 'Experiment' },
  ...fields
    .filter((id) => id.startsWith('params.') || id.startsWith('tags.'))
    .map((id) => ({ value: id, label: `${fieldLabel(id)} (${id.slice(0, id.indexOf('.') - 1)})` })),
];

const newGrouping = (by: string, before: Grouping | undefined, paramKeys: readonly string[]): Grouping => ({
  band: 'std',
  members: false,
  except: likelyRepetitions(paramKeys),
  ...before,
  by,
});

/** Which params do not make another group: those that only repeat a training. */
const Exceptions = ({ grouping }: { readonly grouping: Grouping }): JSX.Element => {
  const page = usePage();
  const keys = useComputed(() => paramKeysOf(page.runs.value));
  const toggle = (key: string, isException: boolean): void =>
    page.group({ ...grouping, except: isException ? [...grouping.except, key] : grouping.except.filter((other) => other !== key) });
  return (
    <details class="exceptions">
      <summary>{grouping.except.length === 0 ? 'Except…' : `Except ${grouping.except.join(', ')}`}</summary>
      <div class="popup">
        {keys.value.map((key) => (
          <Checkbox key={key} label={key} checked={grouping.except.includes(key)} onChange={(checked) => toggle(key, checked)} />
        ))}
      </div>
    </details>
  );
};
