import type { ComparedRun } from '../../../schemas/webview-protocol.ts';

export type DifferenceGroup = 'Attributes' | 'Params' | 'Metrics' | 'Tags';

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

/** All rows of the difference table, each group under its heading. With one run there is nothing to differ from. */
export const toDifferenceRows = (runs: readonly ComparedRun[], onlyDiffering: boolean): readonly DifferenceRow[] => {
  const params = keysOf(runs, (run) => run.params).map((key): ValueRow => ({ kind: 'text', group: 'Params', key, valueOf: (run) => own(run.params, key) }));
  const metrics = keysOf(runs, (run) => run.metrics).map((key): ValueRow => ({
    kind: 'metric',
    group: 'Metrics',
    key,
    valueOf: (run) => own(run.metrics, key),
  }));
  const tags = keysOf(runs, (run) => run.tags)
    .filter((key) => !key.startsWith(mlflowPrefix))
    .map((key): ValueRow => ({ kind: 'text', group: 'Tags', key, valueOf: (run) => own(run.tags, key) }));
  const shown = [...params, ...metrics, ...tags, ...attributes].filter((row) => exists(row, runs) && (!onlyDiffering || runs.length < 2 || differs(row, runs)));
  return [...Map.groupBy(shown, ({ group }) => group)].flatMap(([group, rows]): readonly DifferenceRow[] => [
    { kind: 'heading', group, count: rows.length },
    ...rows,
  ]);
};

/** As spreadsheets take it: a line per row, tabs between cells, whole values. */
export const toTsv = (rows: readonly DifferenceRow[], runs: readonly ComparedRun[]): string => {
  const head = ['', ...runs.map(({ name }) => name)];
  const body = rows.flatMap((row) => (row.kind === 'heading' ? [] : [[row.key, ...runs.map((run) => String(row.valueOf(run) ?? ''))]]));
  return [head, ...body].map((cells) => cells.map(tsvCell).join('\t')).join('\n');
};

/** A tab would make another cell, and a spreadsheet would run a value that begins like a formula. */
const tsvCell = (text: string): string => {
  const flat = text.replace(/[\t\r\n]+/g, ' ');
  return /^[=+\-@]/.test(flat) && Number.isNaN(Number(flat)) ? `'${flat}` : flat;
};
