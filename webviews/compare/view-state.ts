import { asRecord, defaultCharts, readCharts, texts, type ChartView } from '../../schemas/compare-charts.ts';
import { readCards, type CardSpec, type PageLayout } from '../../schemas/compare-layout.ts';
import type { MetricDirection } from '../../schemas/metric-direction.ts';
import { metricValues, type MetricValue } from './difference/metric-value.ts';
import type { Range } from './plot/range.ts';

/** How a person looks at the page: saved by the host, restored after a restart. Everything else is data. */
export interface CompareView extends ChartView {
  /** Only metrics whose key contains this text have a card. */
  readonly metricFilter: string;
  readonly onlyDiffering: boolean;
  /** Which value of its history stands for a metric in the table. */
  readonly metricValue: MetricValue;
  /** Whether the difference of two runs is explained. */
  readonly explains: boolean;
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
  ...defaultCharts,
  metricFilter: '',
  onlyDiffering: true,
  metricValue: 'last',
  explains: false,
  hiddenRunIds: [],
  collapsedSections: [],
  zooms: {},
  directions: {},
  removedMetrics: [],
};

const metricDirections: readonly MetricDirection[] = ['lower', 'higher'];
const ignore = (): void => {};

/** Reads what an older or newer version of the page may have saved: what does not fit takes its default. */
export const readView = (saved: unknown): CompareView => {
  const from = asRecord(saved);
  const { referenceRunId } = from;
  const cards = readCards(from['cards'], []);
  return {
    ...readCharts(from, ignore),
    metricFilter: typeof from['metricFilter'] === 'string' ? from['metricFilter'] : '',
    onlyDiffering: from['onlyDiffering'] !== false,
    metricValue: metricValues.find((value) => value === from['metricValue']) ?? defaultView.metricValue,
    explains: from['explains'] === true,
    ...(typeof referenceRunId === 'string' && { referenceRunId }),
    hiddenRunIds: texts(from['hiddenRunIds']),
    collapsedSections: texts(from['collapsedSections']),
    zooms: mapValues(from['zooms'], asRange),
    directions: mapValues(from['directions'], (value) => metricDirections.find((direction) => direction === value)),
    ...(cards !== undefined && { cards }),
    removedMetrics: texts(from['removedMetrics']),
  };
};

/** The part of the view that a layout file holds. */
export const layoutOf = ({ xAxis, logX, logY, clip, smoothing, grouping, cards }: CompareView): PageLayout => ({
  charts: { xAxis, logX, logY, clip, smoothing, ...(grouping && { grouping }) },
  ...(cards && { cards }),
});

/** The view with the layout of a file; what a file does not hold stays. */
export const withLayout = (view: CompareView, { charts, cards }: PageLayout): CompareView => {
  const { grouping: _, cards: __, ...others } = view;
  return { ...others, ...charts, ...(cards && { cards }) };
};

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
