const significantDigits = 5;

/** MLflow's database cannot hold infinities and keeps the largest double instead. */
export const isInfinite = (value: number): boolean => Math.abs(value) >= Number.MAX_VALUE;
export const isDrawable = (value: number): boolean => value === value && !isInfinite(value);

/** At most five significant digits; the full value belongs in a tooltip. */
export const formatNumber = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (isInfinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-4) return shortExponent(value);
  return String(Number(value.toPrecision(significantDigits)));
};

const shortExponent = (value: number): string => {
  const [mantissa = '', exponent = ''] = value.toExponential(significantDigits - 1).split('e');
  return `${Number(mantissa)}e${exponent.replace('+', '')}`;
};

/** A difference always shows its sign. */
export const formatDelta = (value: number): string => (value > 0 ? `+${formatNumber(value)}` : formatNumber(value).replace('-', '−'));

/** Steps and counts are whole numbers that people compare digit by digit: never shortened. */
export const formatInteger = (value: number): string => (Number.isInteger(value) ? value.toLocaleString('en-US') : formatNumber(value));

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `350 ms`, `1.2 s`, `3 m 12 s`, `2 h 5 m`, `3 d 4 h`. */
export const formatDuration = (milliseconds: number): string => {
  const size = Math.abs(milliseconds);
  const sign = milliseconds < 0 ? '−' : '';
  if (size < second) return `${sign}${Math.round(size)} ms`;
  if (size < minute) return `${sign}${Number((size / second).toFixed(1))} s`;
  if (size < hour) return sign + twoUnits(size, [minute, 'm'], [second, 's']);
  if (size < day) return sign + twoUnits(size, [hour, 'h'], [minute, 'm']);
  return sign + twoUnits(size, [day, 'd'], [hour, 'h']);
};

type Unit = readonly [size: number, name: string];

const twoUnits = (size: number, [large, largeName]: Unit, [small, smallName]: Unit): string => {
  const rounded = Math.round(size / small) * small;
  const rest = Math.round((rounded % large) / small);
  const whole = `${Math.floor(rounded / large)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
};

/** `just now`, `3 m ago`, `2 d ago`. */
export const formatAge = (then: number, now: number): string => (now - then < 10 * second ? 'just now' : `${formatShortAge(then, now)} ago`);

/** `3 m`, `2 d`: for lists where every row ends with an age. */
export const formatShortAge = (then: number, now: number): string => {
  const age = Math.max(0, now - then);
  if (age < minute) return `${Math.floor(age / second)} s`;
  if (age < hour) return `${Math.floor(age / minute)} m`;
  if (age < day) return `${Math.floor(age / hour)} h`;
  return `${Math.floor(age / day)} d`;
};

let dateTime: Intl.DateTimeFormat | undefined;

/** Beyond what a Date can hold the number itself is shown. */
export const formatDateTime = (time: number): string => {
  if (Math.abs(time) > 8.64e15) return formatNumber(time);
  // To make the first takes 20 ms, which no window waits for that shows no time.
  dateTime ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return dateTime.format(time);
};

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `512 bytes`, `1.4 MB`: powers of 1000, as disks and file managers count. */
export const formatBytes = (bytes: number): string => {
  const power = bytes < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  const size = bytes / 1000 ** power;
  const digits = size >= 9.95 ? 0 : 1;
  return bytes === 1 ? '1 byte' : `${power === 0 ? bytes : Number(size.toFixed(digits))} ${byteUnits[power]}`;
};
