import { formatDelta, formatDuration, formatNumber, isDrawable } from '../../../schemas/format.ts';
import type { MetricDirection } from '../../../schemas/metric-direction.ts';
import type { ComparedRun, RunDetails } from '../../../schemas/webview-protocol.ts';

export type ReasonKind = 'status' | 'metric' | 'code' | 'param' | 'dataset' | 'environment' | 'artifact' | 'tag' | 'time';

/** One thing in which two runs differ. */
export interface Reason {
  readonly kind: ReasonKind;
  readonly name: string;
  /** Missing where the run has none. */
  readonly from?: string;
  readonly to?: string;
  /** What the change means, in a word or two. */
  readonly note?: string;
  /** Both commits, where the code can be compared. */
  readonly commits?: readonly [from: string, to: string];
}

interface Pair {
  readonly runs: readonly [ComparedRun, ComparedRun];
  /** Of the same runs; missing until they are read, or where they cannot be. */
  readonly details?: readonly [RunDetails, RunDetails];
  directionOf(metric: string): MetricDirection;
}

/**
 * Everything in which two runs differ, what matters first: how they ended, what came out, then what may have caused it —
 * code, params, data, environment — and last what seldom does.
 */
export const explainDifference = (pair: Pair): readonly Reason[] => {
  const { runs, details } = pair;
  return [
    ...textReasons('status', [['Status', runs.map(({ status }) => status.toLowerCase())]]),
    ...metricReasons(pair),
    ...codeReasons(runs),
    ...textReasons(
      'param',
      valuePairs(runs, ({ params }) => params),
    ),
    ...textReasons('dataset', valuePairs(runs, datasetsOf)),
    ...(details === undefined ? [] : environmentReasons(details)),
    ...(details === undefined ? [] : artifactReasons(details)),
    ...textReasons(
      'tag',
      valuePairs(runs, ({ tags }) => withoutPrefix(tags)),
    ),
    ...textReasons('tag', valuePairs(runs, describingTags)),
    ...textReasons('time', [['Duration', runs.map(durationOf)]]),
  ];
};

type Texts = Readonly<Record<string, string>>;
type ValuePair = readonly [name: string, values: readonly (string | undefined)[]];

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const valuePairs = <Source>(sources: readonly [Source, Source], read: (source: Source) => Texts): readonly ValuePair[] => {
  const [from, to] = sources.map(read);
  const names = [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])].sort(naturally.compare);
  return names.map((name) => [name, [own(from, name), own(to, name)]]);
};

const own = (texts: Texts | undefined, name: string): string | undefined => (texts !== undefined && Object.hasOwn(texts, name) ? texts[name] : undefined);

const textReasons = (kind: ReasonKind, pairs: readonly ValuePair[]): readonly Reason[] =>
  pairs.flatMap(([name, [from, to]]) => (from === to ? [] : [{ kind, name, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }]));

/** The largest change first, as a share of the value. */
const metricReasons = ({ runs: [left, right], directionOf }: Pair): readonly Reason[] => {
  const keys = [...new Set([...Object.keys(left.metrics), ...Object.keys(right.metrics)])];
  const changes = keys.flatMap((key) => {
    const [from, to] = [left.metrics[key], right.metrics[key]];
    return Object.is(from, to) ? [] : [{ key, from, to, size: relativeChange(from, to) }];
  });
  return changes
    .sort((a, b) => b.size - a.size || naturally.compare(a.key, b.key))
    .map(({ key, from, to }) => ({
      kind: 'metric',
      name: key,
      ...(from !== undefined && { from: formatNumber(from) }),
      ...(to !== undefined && { to: formatNumber(to) }),
      ...noteOn(from, to, directionOf(key)),
    }));
};

const relativeChange = (from: number | undefined, to: number | undefined): number => {
  if (from === undefined || to === undefined || !isDrawable(from) || !isDrawable(to)) return Number.MAX_VALUE;
  return Math.abs(to - from) / Math.max(Math.abs(from), Math.abs(to));
};

const deltaDigits = 3;

const noteOn = (from: number | undefined, to: number | undefined, direction: MetricDirection): { readonly note?: string } => {
  if (from === undefined || to === undefined || !isDrawable(from) || !isDrawable(to)) return {};
  const words = to < from === (direction === 'lower') ? 'better' : 'worse';
  return { note: `${formatDelta(Number((to - from).toPrecision(deltaDigits)))}, ${words}` };
};

const commitTag = 'mlflow.source.git.commit';
const codeTags: Texts = { 'mlflow.source.name': 'Source', 'mlflow.project.entryPoint': 'Entry point', 'mlflow.source.git.repoURL': 'Repository' };

const codeReasons = (runs: readonly [ComparedRun, ComparedRun]): readonly Reason[] => {
  const [from, to] = runs.map(({ tags }) => own(tags, commitTag));
  const commit = textReasons('code', [['Commit', [from, to]]]).map((reason) => ({
    ...reason,
    ...(from !== undefined && to !== undefined && { commits: [from, to] as const }),
  }));
  return [
    ...commit,
    ...textReasons(
      'code',
      valuePairs(runs, ({ tags }) => renamed(tags, codeTags)),
    ),
  ];
};

const renamed = (tags: Texts, names: Texts): Texts =>
  Object.fromEntries(Object.entries(names).flatMap(([tag, name]) => (Object.hasOwn(tags, tag) ? [[name, tags[tag] ?? '']] : [])));

const describingTags = ({ tags, experimentName }: ComparedRun): Texts => ({ ...renamed(tags, { 'mlflow.user': 'User' }), Experiment: experimentName });
const withoutPrefix = (tags: Texts): Texts => Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('mlflow.')));

const datasetsOf = ({ datasets }: ComparedRun): Texts => Object.fromEntries(datasets.map(({ name, digest }) => [name, digest]));

const environmentReasons = (details: readonly [RunDetails, RunDetails]): readonly Reason[] => {
  const [left, right] = details;
  const packages = valuePairs(details, (one) => Object.fromEntries(one.packages.map(({ name, version }) => [name, version || 'any version'])));
  return [
    ...textReasons('environment', [['Python', [left.python, right.python]]]),
    // Where only one of the runs has named its environment, nothing is known of the other's.
    ...(left.packages.length === 0 || right.packages.length === 0 ? [] : textReasons('environment', packages)),
  ];
};

const artifactReasons = (details: readonly [RunDetails, RunDetails]): readonly Reason[] =>
  details.every(({ isWhole }) => isWhole)
    ? textReasons(
        'artifact',
        valuePairs(details, ({ files }) =>
          Object.fromEntries(files.map(({ path, size }) => [path, size === undefined ? 'there' : `${size.toLocaleString('en-US')} bytes`])),
        ),
      )
    : [];

const durationOf = ({ startTime, endTime }: ComparedRun): string | undefined =>
  startTime === undefined || endTime === undefined ? undefined : formatDuration(endTime - startTime);
