import type { Range } from './range.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const intervals = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
  91 * day,
  182 * day,
  365 * day,
];

/** The smallest round interval of time with at most `most` ticks in the range. */
export const timeInterval = ({ from, to }: Range, most: number): number => {
  const exact = (to - from) / Math.max(most, 1);
  const round = intervals.find((interval) => interval >= exact);
  return round ?? Math.ceil(exact / (365 * day)) * 365 * day;
};

/** Ticks at round times. `offset` is the local time's distance to UTC in ms, so that days start at midnight here. */
export const timeTicks = (range: Range, most: number, offset = 0): readonly number[] => {
  if (!(range.to >= range.from) || !Number.isFinite(range.to - range.from)) return [];
  const interval = timeInterval(range, most);
  const ticks: number[] = [];
  for (let tick = Math.ceil((range.from + offset) / interval) * interval; tick - offset <= range.to; tick += interval) ticks.push(tick - offset);
  return ticks;
};

/** Powers of ten, and 2 and 5 between them when there are few; every n-th power when there are many. */
export const logTicks = ({ from, to }: Range, most: number): readonly number[] => {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const every = Math.max(1, Math.ceil((last - first) / Math.max(most, 1)));
  const steps = last - first <= most / 3 ? [1, 2, 5] : [1];
  const powers = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => first + index * every);
  return powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`))).filter((tick) => tick >= from && tick <= to);
};

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const wholeDate = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });

const farthestDate = 8.64e15;

/** As much of a point in time as tells the ticks of this interval apart. */
export const formatTimeTick = (time: number, { from, to }: Range): string => {
  if (Math.abs(time) > farthestDate) return '';
  const span = to - from;
  if (span < 10 * minute) return clockWithSeconds.format(time);
  if (span < 18 * hour) return clock.format(time);
  if (span < 6 * day) return dayAndClock.format(time);
  return span < 300 * day ? dayAndMonth.format(time) : wholeDate.format(time);
};

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 5 });
export const formatStepTick = (step: number): string => (Math.abs(step) >= 1e4 ? compact.format(step) : String(Number(step.toPrecision(5))));
