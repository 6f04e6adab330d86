import { pythonFloat } from '../../schemas/python-value.ts';
import { compareInt64, int64Of } from '../shared/int64.ts';
import { readTail, stampOf } from './file-io.ts';
import type { Metric } from './run.ts';

/** Points of one metric as its file holds them, and what of the file could not be read. */
export interface MetricLines<M extends Metric = Metric> {
  readonly metrics: readonly M[];
  readonly badLines: number;
  /** Where a line begins that has no end yet: it is being written. */
  readonly end: number;
}

/** ms after which a last line without its end is taken as it is: nobody is still writing it. */
const unfinishedFor = 1_000;

/** `<timestamp> <value>[ <step>[ <dataset> <digest>]]`, of a run; old files have no step. */
export const readMetricLine = (key: string, line: string): Metric | undefined => {
  const fields = line.trim().split(' ');
  const [timestamp = '', value = '', step = '0', datasetName, datasetDigest] = fields;
  if (![2, 3, 5].includes(fields.length)) return undefined;
  return toMetric({ key, timestamp, value, step, datasetName, datasetDigest });
};

interface WrittenMetric {
  readonly key: string;
  readonly timestamp: string;
  readonly value: string;
  readonly step: string;
  readonly datasetName: string | undefined;
  readonly datasetDigest: string | undefined;
}

export const toMetric = ({ key, timestamp, value, step, datasetName, datasetDigest }: WrittenMetric): Metric | undefined => {
  const number = readFloat(value);
  if (number === undefined || !/^-?\d{1,19}$/.test(timestamp) || !/^-?\d{1,19}$/.test(step)) return undefined;
  const dataset = datasetName === undefined || datasetDigest === undefined ? {} : { datasetName, datasetDigest };
  return { key, value: number, timestamp: int64Of(timestamp), step: int64Of(step), ...dataset };
};

/** What Python's `float()` takes. */
const readFloat = (text: string): number | undefined => {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const [, sign, word = ''] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word === '') return undefined;
  return word.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity;
};

export const readMetricLines = (path: string, key: string, from = 0): MetricLines | undefined => readLines(path, from, (line) => readMetricLine(key, line));

/** Reads whole lines from a place in the file on; undefined when it is gone. */
export const readLines = <M extends Metric>(path: string, from: number, parse: (line: string) => M | undefined): MetricLines<M> | undefined => {
  const bytes = readTail(path, from);
  if (bytes === undefined) return undefined;
  const lastBreak = bytes.lastIndexOf(0x0a) + 1;
  const length = lastBreak < bytes.length && isSettled(path) ? bytes.length : lastBreak;
  const metrics: M[] = [];
  let badLines = 0;
  for (const line of bytes.toString('utf8', 0, length).split('\n')) {
    if (line.trim() === '') continue;
    const metric = parse(line);
    if (metric === undefined) badLines += 1;
    else metrics.push(metric);
  }
  return { metrics, badLines, end: from + length };
};

const isSettled = (path: string): boolean => Date.now() - Number(stampOf(path).split(' ')[0]) > unfinishedFor;

export const metricLine = ({ timestamp, value, step, datasetName, datasetDigest }: Metric): string => {
  const dataset = datasetName === undefined || datasetDigest === undefined ? '' : ` ${datasetName} ${datasetDigest}`;
  return `${timestamp} ${pythonFloat(value)} ${step}${dataset}\n`;
};

export const modelMetricLine = (metric: Metric, runId: string): string => {
  const [timestamp, value, step, ...dataset] = metricLine(metric).trimEnd().split(' ');
  return `${[timestamp, value, step, runId, ...dataset].join(' ')}\n`;
};

/** MLflow's latest: highest step, then timestamp, then value. */
export const isLater = (a: Metric, b: Metric): boolean => {
  if (a.step !== b.step) return a.step > b.step;
  return a.timestamp === b.timestamp ? a.value > b.value : a.timestamp > b.timestamp;
};

/** The latest point of a file, and how far the file has been read. */
export interface MetricFile {
  readonly latest: Metric | undefined;
  readonly count: number;
  readonly badLines: number;
  readonly end: number;
  readonly inode: string;
}

/** Of a file that has only grown, reads what was added. */
export const readMetricFile = (path: string, key: string, before: MetricFile | undefined): MetricFile | undefined => {
  const [, size = '0', inode = ''] = stampOf(path).split(' ');
  const known = before !== undefined && before.inode === inode && before.end <= Number(size) ? before : undefined;
  const lines = readMetricLines(path, key, known?.end ?? 0);
  if (lines === undefined) return undefined;
  let latest = known?.latest;
  for (const metric of lines.metrics) if (latest === undefined || isLater(metric, latest)) latest = metric;
  return { latest, count: (known?.count ?? 0) + lines.metrics.length, badLines: (known?.badLines ?? 0) + lines.badLines, end: lines.end, inode };
};

/** Ordered by timestamp, step and value, each point once: a client may have sent a request twice. */
export const orderHistory = (metrics: readonly Metric[]): readonly Metric[] => {
  const sorted = metrics.toSorted((a, b) => compareInt64(a.timestamp, b.timestamp) || compareInt64(a.step, b.step) || compareValues(a.value, b.value));
  return sorted.filter((metric, index) => {
    const before = sorted[index - 1];
    return before === undefined || !isSamePoint(before, metric);
  });
};

const compareValues = (a: number, b: number): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a < b ? -1 : 1;
};

const isSamePoint = (a: Metric, b: Metric): boolean => a.timestamp === b.timestamp && a.step === b.step && Object.is(a.value, b.value);
