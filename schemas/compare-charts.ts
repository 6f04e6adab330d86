/** How every chart of the compare page is drawn: the part of a layout that is not its cards. */

/** `relative` counts from the start of the run; a metric's values are taken at the same steps. */
export type XAxis = 'step' | 'relative' | 'wall' | `metrics.${string}`;

export type SmoothingKind = 'ema' | 'average' | 'gaussian';

export interface Smoothing {
  readonly kind: SmoothingKind;
  /** From 0 (off) to below 1. */
  readonly weight: number;
}

export type BandKind = 'std' | 'stderr' | 'ci95' | 'range' | 'quartiles';

export interface Grouping {
  /** A field, or `params` for all params together. */
  readonly by: string;
  /** Params that tell only repetitions apart, when grouping by all params. */
  readonly except: readonly string[];
  readonly band: BandKind;
  /** Draw the members' own lines, pale. */
  readonly members: boolean;
}

/** What a line card may have of its own. */
export interface LineScales {
  readonly xAxis: XAxis;
  readonly logX: boolean;
  readonly logY: boolean;
  /** Percent of the values left out of the y axis at each of its ends. */
  readonly clip: number;
}

export interface ChartView extends LineScales {
  readonly smoothing: Smoothing;
  /** Undefined: a line per run. */
  readonly grouping?: Grouping;
}

export const defaultCharts: ChartView = { xAxis: 'step', logX: false, logY: false, clip: 0, smoothing: { kind: 'ema', weight: 0 } };

export type Unknowns = Readonly<Record<string, unknown>>;
/** Tells what is wrong with the value of a key. */
export type Complain = (key: string, message: string) => void;

export const asRecord = (value: unknown): Unknowns => (typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {});

/** What can be understood of it; the rest is as by default, and complained of. */
export const readCharts = (value: unknown, complain: Complain): ChartView => {
  const from = asRecord(value);
  const grouping = readGrouping(from['grouping'], complain);
  return { ...defaultCharts, ...readScales(from, complain), smoothing: readSmoothing(from['smoothing'], complain), ...(grouping && { grouping }) };
};

/** Only the scales that are there. */
export const readScales = (from: Unknowns, complain: Complain): Partial<LineScales> => {
  const xAxis = check(from, 'xAxis', asXAxis, complain, '"step", "relative", "wall" or "metrics.<key>"');
  const logX = check(from, 'logX', asBoolean, complain, 'true or false');
  const logY = check(from, 'logY', asBoolean, complain, 'true or false');
  const clip = check(from, 'clip', asPercent, complain, 'a number of percent from 0 to below 50');
  return {
    ...(xAxis !== undefined && { xAxis }),
    ...(logX !== undefined && { logX }),
    ...(logY !== undefined && { logY }),
    ...(clip !== undefined && { clip }),
  };
};

const smoothingKinds: readonly SmoothingKind[] = ['ema', 'average', 'gaussian'];
const bandKinds: readonly BandKind[] = ['std', 'stderr', 'ci95', 'range', 'quartiles'];

const readSmoothing = (value: unknown, complain: Complain): Smoothing => {
  const inside: Complain = (key, message) => complain(`smoothing.${key}`, message);
  const from = asRecord(value);
  return {
    kind: check(from, 'kind', oneOf(smoothingKinds), inside, listed(smoothingKinds)) ?? defaultCharts.smoothing.kind,
    weight: check(from, 'weight', asWeight, inside, 'a number from 0 to below 1') ?? defaultCharts.smoothing.weight,
  };
};

const readGrouping = (value: unknown, complain: Complain): Grouping | undefined => {
  if (value === undefined) return undefined;
  const inside: Complain = (key, message) => complain(`grouping.${key}`, message);
  const from = asRecord(value);
  if (typeof from['by'] !== 'string') {
    complain('grouping', '"grouping" needs "by", a field or "params"');
    return undefined;
  }
  return {
    by: from['by'],
    except: texts(from['except']),
    band: check(from, 'band', oneOf(bandKinds), inside, listed(bandKinds)) ?? 'std',
    members: from['members'] === true,
  };
};

/** The value of a key that may be missing but not wrong. */
const check = <Value>(from: Unknowns, key: string, read: (value: unknown) => Value | undefined, complain: Complain, wanted: string): Value | undefined => {
  if (from[key] === undefined) return undefined;
  const value = read(from[key]);
  if (value === undefined) complain(key, `"${key}" must be ${wanted}`);
  return value;
};

const listed = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');

const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (value: unknown): Word | undefined =>
    words.find((word) => word === value);

const asBoolean = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const asPercent = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 && value < 50 ? value : undefined);
const asWeight = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 && value < 1 ? value : undefined);

export const isMetricAxis = (axis: string): axis is `metrics.${string}` => axis.startsWith('metrics.') && axis.length > 'metrics.'.length;
const asXAxis = (value: unknown): XAxis | undefined => {
  if (value === 'step' || value === 'relative' || value === 'wall') return value;
  return typeof value === 'string' && isMetricAxis(value) ? value : undefined;
};

export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
