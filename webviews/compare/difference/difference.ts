import type { ComparedRun, RunDetails } from '../../../schemas/webview-protocol.ts';
import { harmless } from '../../../schemas/spreadsheet.ts';

export type DifferenceGroup = 'Attributes' | 'Params' | 'Metrics' | 'Tags' | 'Datasets' | 'Environment';

export type DifferenceRow =
  | { readonly kind: 'heading'; readonly group: DifferenceGroup; readonly count: number }
  | { readonly kind: 'text'; readonly group: DifferenceGroup; readonly key: string; valueOf(run: ComparedRun): string | undefined }
  | { readonly kind: 'metric'; readonly group: 'Metrics'; readonly key: string; valueOf(run: ComparedRun): number | undefined };

type ValueRow = Exclude<DifferenceRow, { kind: 'heading' }>;

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** MLflow's own tags that say where a run came from; the others of its tags are for programs. */
const describingTags: Readonly<Record<string, string>> = {
  'mlflow.user': 'User',
  'mlflow.source.name': 'Source',
  'mlflow.source.git.commit': 'Commit',
  'mlflow.project.entryPoint': 'Entry point',
};
const mlflowPrefix = 'mlflow.';

const attributes: readonly ValueRow[] = [
  { kind: 'text', group: 'Attributes', key: 'Experiment', valueOf: ({ experimentName }) => experimentName },
  { kind: 'text', group: 'Attributes', key: 'Status', valueOf: ({ status }) => status.toLowerCase() },
  ...Object.entries(describingTags).map(([tag, key]): ValueRow => ({ kind: 'text', group: 'Attributes', key, valueOf: ({ tags }) => own(tags, tag) })),
];

const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

const keysOf = (runs: readonly ComparedRun[], pick: (run: ComparedRun) => Readonly<Record<string, unknown>>): readonly string[] =>
  [...new Set(runs.flatMap((run) => Object.keys(pick(run))))].sort(naturally.compare);

const differs = (row: ValueRow, runs: readonly ComparedRun[]): boolean => {
  const [first, ...others] = runs.map((run) => row.valueOf(run));
  return others.some((value) => !Object.is(value, first));
};

const exists = (row: ValueRow, runs: readonly ComparedRun[]): boolean => runs.some((run) => row.valueOf(run) !== undefined);

interface DifferenceOptions {
  readonly onlyDiffering: boolean;
  /** By run, where environments are to be seen. */
  readonly details?: ReadonlyMap<string, RunDetails>;
  /** What stands for a metric; its newest value when missing. Then no metric is held to be the same: its values may not be read yet. */
  metricOf?(run: ComparedRun, key: string): number | undefined;
}

/** All rows of the difference table, each group under its heading. With one run there is nothing to differ from. */
export const toDifferenceRows = (runs: readonly ComparedRun[], { onlyDiffering, details, metricOf }: DifferenceOptions): readonly DifferenceRow[] => {
  const params = keysOf(runs, (run) => run.params).map((key): ValueRow => ({ kind: 'text', group: 'Params', key, valueOf: (run) => own(run.params, key) }));
  const metrics = keysOf(runs, (run) => run.metrics).map((key): ValueRow => ({
    kind: 'metric',
    group: 'Metrics',
    key,
    valueOf: (run) => (metricOf === undefined ? own(run.metrics, key) : metricOf(run, key)),
  }));
  const tags = keysOf(runs, (run) => run.tags)
    .filter((key) => !key.startsWith(mlflowPrefix))
    .map((key): ValueRow => ({ kind: 'text', group: 'Tags', key, valueOf: (run) => own(run.tags, key) }));
  const rows = [...params, ...metrics, ...tags, ...datasetRows(runs), ...environmentRows(runs, details), ...attributes];
  const isKept = (row: ValueRow): boolean =>
    (row.kind === 'metric' && metricOf !== undefined) || (exists(row, runs) && (!onlyDiffering || runs.length < 2 || differs(row, runs)));
  const shown = rows.filter(isKept);
  return [...Map.groupBy(shown, ({ group }) => group)].flatMap(([group, members]): readonly DifferenceRow[] => [
    { kind: 'heading', group, count: members.length },
    ...members,
  ]);
};

const datasetRows = (runs: readonly ComparedRun[]): readonly ValueRow[] => {
  const names = [...new Set(runs.flatMap(({ datasets }) => datasets.map(({ name }) => name)))].sort(naturally.compare);
  const digestOf = (run: ComparedRun, name: string): string | undefined => run.datasets.find((dataset) => dataset.name === name)?.digest;
  return names.map((key) => ({ kind: 'text', group: 'Datasets', key, valueOf: (run) => digestOf(run, key) }));
};

const environmentRows = (runs: readonly ComparedRun[], details: ReadonlyMap<string, RunDetails> | undefined): readonly ValueRow[] => {
  if (details === undefined) return [];
  const packages = [...new Set(runs.flatMap(({ runId }) => details.get(runId)?.packages.map(({ name }) => name) ?? []))].sort(naturally.compare);
  const versionOf = (run: ComparedRun, name: string): string | undefined => details.get(run.runId)?.packages.find((one) => one.name === name)?.version;
  return [
    { kind: 'text', group: 'Environment', key: 'Python', valueOf: ({ runId }) => details.get(runId)?.python },
    ...packages.map((key): ValueRow => ({ kind: 'text', group: 'Environment', key, valueOf: (run) => versionOf(run, key) })),
  ];
};

/** As spreadsheets take it: a line per row, tabs between cells, whole values. */
export const toTsv = (rows: readonly DifferenceRow[], runs: readonly ComparedRun[]): string => {
  const head = ['', ...runs.map(({ name }) => name)];
  const body = rows.flatMap((row) => (row.kind === 'heading' ? [] : [[row.key, ...runs.map((run) => String(row.valueOf(run) ?? ''))]]));
  return [head, ...body].map((cells) => cells.map(tsvCell).join('\t')).join('\n');
};

/** A tab would make another cell. */
const tsvCell = (text: string): string => harmless(text.replace(/[\t\r\n]+/g, ' '));
