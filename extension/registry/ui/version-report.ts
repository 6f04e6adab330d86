import { formatDateTime, formatDelta, formatNumber } from '../../../schemas/format.ts';
import { breaksCallers } from '../../../schemas/signature-difference.ts';
import { markdownText } from '../../host/hostile-text.ts';
import { changeText } from '../gate-evaluation.ts';
import { versionDifference, type MetricChange } from '../version-difference.ts';
import type { VersionSnapshot } from '../version-snapshot.ts';

/** Longer values are cut; the whole one is in the store. */
const longest = 200;

/** Versions side by side, as Markdown: the first is what the others are compared with. Every name and value in it is escaped. */
export const versionReport = (versions: readonly VersionSnapshot[]): string => {
  const [first, ...others] = versions;
  if (first === undefined) return '';
  return [
    `# ${titleOf(first)} and ${others.map(titleOf).join(', ')}`,
    aboutTable(versions),
    section('Metrics', metricTable(first, others)),
    section('Params that differ', paramTable(versions)),
    ...others.map((other) => section(`Signature: from ${titleOf(first)} to ${titleOf(other)}`, signatureText(first, other))),
    ...others.map((other) => section(`Packages: from ${titleOf(first)} to ${titleOf(other)}`, packageText(first, other))),
    section('What could not be read', list(versions.flatMap(({ notes }) => notes))),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
};

const text = (value: string): string => markdownText(value, longest);

const titleOf = ({ version }: VersionSnapshot): string => `${text(version.name)} v${version.version}`;

const section = (title: string, content: string): string => (content === '' ? '' : `## ${title}\n\n${content}`);

const list = (items: readonly string[]): string => items.map((item) => `- ${markdownText(item, 500)}`).join('\n');

/** Cells are Markdown already. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return rows.length === 0 ? '' : [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
};

const aboutTable = (versions: readonly VersionSnapshot[]): string => {
  const row = (title: string, of: (one: VersionSnapshot) => string | undefined): readonly string[] => [title, ...versions.map((one) => text(of(one) ?? ''))];
  return table(
    ['', ...versions.map(titleOf)],
    [
      row('Created', ({ version }) => formatDateTime(version.creationTimestamp)),
      row('Creator', ({ version }) => version.userId),
      row('Stage', ({ version }) => (version.currentStage === 'None' ? '' : version.currentStage)),
      row('Run', ({ run, version }) => run?.info.runName ?? (version.runId === undefined || version.runId === '' ? '' : `${version.runId} (gone)`)),
      row('Commit', ({ run }) => run?.tags.find(({ key }) => key === 'mlflow.source.git.commit')?.value.slice(0, 12)),
      row('Data', ({ run }) => run?.datasetInputs.map(({ dataset }) => `${dataset.name} (${dataset.digest})`).join(', ')),
    ].filter(([, ...cells]) => cells.some((cell) => cell !== '')),
  );
};

const metricTable = (first: VersionSnapshot, others: readonly VersionSnapshot[]): string => {
  const compared = others.map((other) => new Map(versionDifference(first, other).metrics.map((change) => [change.key, change])));
  const keys = [...new Set([...first.metrics.keys(), ...compared.flatMap((changes) => [...changes.keys()])])].toSorted();
  const rows = keys.map((key) => [text(key), numberText(first.metrics.get(key)), ...compared.map((changes) => metricText(changes.get(key)))]);
  return table(['', ...[first, ...others].map(titleOf)], rows);
};

const numberText = (value: number | undefined): string => (value === undefined ? '' : formatNumber(value));

const metricText = (change: MetricChange | undefined): string => {
  if (change?.after === undefined) return '';
  const { before, after, isBetter } = change;
  const delta =
    before === undefined || before === after ? '' : ` (${formatDelta(after - before)}${isBetter === undefined ? '' : isBetter ? ', better' : ', worse'})`;
  return formatNumber(after) + delta;
};

const paramTable = (versions: readonly VersionSnapshot[]): string => {
  const keys = [...new Set(versions.flatMap(({ params }) => [...params.keys()]))].toSorted();
  const differing = keys.filter((key) => new Set(versions.map(({ params }) => params.get(key))).size > 1);
  return table(
    ['', ...versions.map(titleOf)],
    differing.map((key) => [text(key), ...versions.map(({ params }) => text(params.get(key) ?? ''))]),
  );
};

const signatureText = (first: VersionSnapshot, other: VersionSnapshot): string => {
  const { signature } = versionDifference(first, other);
  if (first.signature === undefined && other.signature === undefined) return '';
  if (signature.length === 0) return 'The same.';
  const verdict = breaksCallers(signature) ? `**Callers of ${titleOf(first)} break.**` : `Callers of ${titleOf(first)} can call ${titleOf(other)}.`;
  return `${verdict}\n\n${list(signature.map((change) => `${changeText(change)}${change.breaks ? ': breaks' : ''}`))}`;
};

const packageText = (first: VersionSnapshot, other: VersionSnapshot): string => {
  const { packages } = versionDifference(first, other);
  if (first.requirements === '' && other.requirements === '') return '';
  if (packages.length === 0) return 'The same.';
  return table(
    ['', titleOf(first), titleOf(other)],
    packages.map(({ name, before = 'none', after = 'none' }) => [text(name), text(before), text(after)]),
  );
};
