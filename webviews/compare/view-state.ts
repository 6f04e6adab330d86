import { layoutVersion, readCompareLayout, type CardSpec } from '../../schemas/compare-layout.ts';
import type { MetricDirection } from '../../schemas/metric-direction.ts';
import type { XAxis } from './lines/line.ts';
import type { Range } from './plot/range.ts';
import type { Smoothing, SmoothingKind } from './math/smoothing.ts';
import type { BandKind } from './math/statistics.ts';
import type { Grouping } from './runs/grouping.ts';

/** How a person looks at the page: saved by the host, restored after a restart. Everything else is data. */
export interface CompareView {
  readonly xAxis: XAxis;
  readonly logY: boolean;
  readonly smoothing: Smoothing;
  readonly ignoreOutliers: boolean;
  /** Only metrics whose key contains this text have a card. */
  readonly metricFilter: string;
  /** Undefined: a line per run. */
  readonly grouping?: Grouping;
  readonly onlyDiffering: boolean;
  readonly referenceRunId?: string;
  readonly hiddenRunIds: readonly string[];
  readonly collapsedSections: readonly string[];
  /** The x window of a card, on the axis of the page, by card. */
  readonly zooms: Readonly<Record<string, Range>>;
  /** Directions that the user has changed, by metric. */
  readonly directions: Readonly<Record<string, MetricDirection>>;
  /** Undefined: a card per metric. */
  readonly cards?: readonly CardSpec[];
  /** Metrics whose cards were removed: they get none again. */
  readonly removedMetrics: readonly string[];
}

export const defaultView: CompareView = {
  xAxis: 'step',
  logY: false,
  smoothing: { kind: 'ema', weight: 0 },
  ignoreOutliers: false,
  metricFilter: '',
  onlyDiffering: true,
  hiddenRunIds: [],
  collapsedSections: [],
  zooms: {},
  directions: {},
  removedMetrics: [],
};

const xAxes: readonly XAxis[] = ['step', 'relative', 'wall'];
const smoothingKinds: readonly SmoothingKind[] = ['ema', 'average', 'gaussian'];
const metricDirections: readonly MetricDirection[] = ['lower', 'higher'];

/** Reads what an older or newer version of the page may have saved: what does not fit takes its default. */
export const readView = (saved: unknown): CompareView => {
  const from = asRecord(saved);
  const smoothing = asRecord(from['smoothing']);
  const { referenceRunId } = from;
  const grouping = asGrouping(from['grouping']);
  return {
    xAxis: oneOf(xAxes, from['xAxis']) ?? defaultView.xAxis,
    logY: from['logY'] === true,
    smoothing: { kind: oneOf(smoothingKinds, smoothing['kind']) ?? defaultView.smoothing.kind, weight: fraction(smoothing['weight']) },
    ignoreOutliers: from['ignoreOutliers'] === true,
    metricFilter: typeof from['metricFilter'] === 'string' ? from['metricFilter'] : '',
    ...(grouping && { grouping }),
    onlyDiffering: from['onlyDiffering'] !== false,
    ...(typeof referenceRunId === 'string' && { referenceRunId }),
    hiddenRunIds: strings(from['hiddenRunIds']),
    collapsedSections: strings(from['collapsedSections']),
    zooms: mapValues(from['zooms'], asRange),
    directions: mapValues(from['directions'], (value) => oneOf(metricDirections, value)),
    ...(Array.isArray(from['cards']) && { cards: readCompareLayout({ version: layoutVersion, cards: from['cards'] }).layout.cards }),
    removedMetrics: strings(from['removedMetrics']),
  };
};

const bandKinds: readonly BandKind[] = ['std', 'stderr', 'ci95', 'range', 'quartiles'];

const asGrouping = (value: unknown): Grouping | undefined => {
  const { by, except, band, members } = asRecord(value);
  return typeof by === 'string' ? { by, except: strings(except), band: oneOf(bandKinds, band) ?? 'std', members: members === true } : undefined;
};

type Unknowns = Readonly<Record<string, unknown>>;

const asRecord = (value: unknown): Unknowns => (typeof value === 'object' && value !== null ? { ...value } : {});
const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined => values.find((candidate) => candidate === value);
const fraction = (value: unknown): number => (typeof value === 'number' && value >= 0 && value < 1 ? value : 0);
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

const mapValues = <Value>(value: unknown, read: (item: unknown) => Value | undefined): Readonly<Record<string, Value>> => {
  const entries = Object.entries(asRecord(value)).flatMap(([key, item]) => {
    const known = read(item);
    return known === undefined ? [] : [[key, known] as const];
  });
  return Object.fromEntries(entries);
};

const asRange = (value: unknown): Range | undefined => {
  const { from, to } = asRecord(value);
  return typeof from === 'number' && typeof to === 'number' && from < to ? { from, to } : undefined;
};
