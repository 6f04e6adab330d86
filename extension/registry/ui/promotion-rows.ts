import { formatDelta, formatNumber } from '../../../schemas/format.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import { changeText, type GateResult } from '../gate-evaluation.ts';
import { versionDifference, type MetricChange, type ValueChange } from '../version-difference.ts';
import type { VersionSnapshot } from '../version-snapshot.ts';

export interface Row {
  /** Of VS Code's own icons; empty for none. */
  readonly icon: string;
  readonly label: string;
  readonly description: string;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** What is to be known before a promotion, as lines of a list; sections without lines are left out. */
export const promotionSections = (candidate: VersionSnapshot, champion: VersionSnapshot | undefined, results: readonly GateResult[]): readonly Section[] =>
  [{ title: 'gate', rows: results.map(gateRow) }, ...(champion === undefined ? aloneSections(candidate) : bothSections(candidate, champion))].filter(
    ({ rows }) => rows.length > 0,
  );

const row = (icon: string, label: string, description: string): Row => ({ icon, label: iconSafeText(label, 60), description: iconSafeText(description, 300) });

const gateRow = ({ check, passed, detail }: GateResult): Row => row(passed ? 'pass' : 'error', check, detail);

const noteRows = (notes: readonly string[]): readonly Row[] => notes.map((note) => row('warning', 'note', note));

const aloneSections = ({ metrics, notes }: VersionSnapshot): readonly Section[] => [
  { title: 'metrics', rows: [...metrics].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => row('', key, formatNumber(value))) },
  { title: 'notes', rows: noteRows(notes) },
];

const bothSections = (candidate: VersionSnapshot, champion: VersionSnapshot): readonly Section[] => {
  const { metrics, params, signature, packages, data, commits } = versionDifference(champion, candidate);
  return [
    { title: 'metrics: candidate after champion', rows: metrics.map(metricRow) },
    {
      title: 'signature',
      rows: signature.map((change) => row(change.breaks ? 'warning' : '', change.breaks ? 'breaks callers' : 'compatible', changeText(change))),
    },
    { title: 'params', rows: params.map(textRow) },
    { title: 'packages', rows: packages.map(({ name, before = '', after = '' }) => textRow({ key: name, before, after })) },
    { title: 'data', rows: data.map(textRow) },
    { title: 'commit', rows: commits === undefined ? [] : [textRow(commits)] },
    { title: 'notes', rows: noteRows([...candidate.notes, ...champion.notes]) },
  ];
};

const metricRow = ({ key, before, after, isBetter }: MetricChange): Row => {
  const icon = isBetter === undefined ? '' : isBetter ? 'thumbsup' : 'thumbsdown';
  const [now, then] = [after, before].map((value) => (value === undefined ? 'none' : formatNumber(value)));
  const delta = before === undefined || after === undefined ? '' : ` (${formatDelta(after - before)})`;
  return row(icon, key, `${now ?? ''} after ${then ?? ''}${delta}`);
};

const textRow = ({ key, before, after }: ValueChange<string>): Row => row('', key, `${orNone(after)} after ${orNone(before)}`);

const orNone = (value: string | undefined): string => (value === undefined || value === '' ? 'none' : value);
