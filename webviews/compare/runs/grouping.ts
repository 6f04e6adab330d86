import type { Grouping } from '../../../schemas/compare-charts.ts';
import type { FieldId } from '../../../schemas/compare-layout.ts';
import { runHueIndex } from '../../../schemas/run-color.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { RunStyle } from '../../shared/palette.ts';
import { fieldIdsOf, fieldLabel, readText } from './fields.ts';

export interface RunGroup {
  readonly id: string;
  readonly label: string;
  readonly runs: readonly ComparedRun[];
  readonly style: RunStyle;
}

/** Repetitions of one training usually differ in a param of one of these names. */
const repetition = /^(random_?)?(seed|state|run_?id|repeat|repetition|trial|fold)$/i;
export const likelyRepetitions = (paramKeys: readonly string[]): readonly string[] =>
  paramKeys.filter((key) => repetition.test(key.split(/[./]/).at(-1) ?? key));

export const paramKeysOf = (runs: readonly ComparedRun[]): readonly string[] => [...new Set(runs.flatMap(({ params }) => Object.keys(params)))].sort();

/** Groups in the order of their first run. Their colour comes from what they have in common, so that it outlives the page. */
export const groupRuns = (runs: readonly ComparedRun[], { by, except }: Grouping, hues: readonly string[]): readonly RunGroup[] => {
  const fields = by === 'params' ? fieldIdsOf(runs).filter((id) => id.startsWith('params.') && !except.includes(fieldLabel(id))) : [by];
  const idOf = (run: ComparedRun): string => JSON.stringify(fields.map((field) => readText(run, field)));
  const groups = [...Map.groupBy(runs, idOf)];
  const differing = fields.filter((field) => new Set(groups.map(([, [first]]) => first && readText(first, field))).size > 1);
  return groups.map(([id, members]) => ({
    id,
    label: labelOf(members[0], differing, by),
    runs: members,
    style: { color: hues[runHueIndex(id)] ?? 'gray', dash: [] },
  }));
};

const labelOf = (run: ComparedRun | undefined, fields: readonly FieldId[], by: string): string => {
  if (run === undefined) return '';
  if (by !== 'params') return readText(run, by) || `no ${fieldLabel(by)}`;
  return fields.map((field) => `${fieldLabel(field)} ${readText(run, field) || '–'}`).join(' · ') || 'all runs';
};
