/**
 * What a plain scalar means to PyYAML, which MLflow reads every file with: YAML 1.1 as `yaml/resolver.py` and
 * `yaml/constructor.py` understand it. Neither mode of the npm parser agrees (`1e3`, `y`, `012`, `1:30`).
 */
export type YamlScalarValue =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'str'; readonly value: string }
  /** `text` is what Python's `str()` prints. */
  | { readonly type: 'date' | 'datetime' | 'bytes'; readonly text: string }
  /** `<<` as a key. */
  | { readonly type: 'merge' }
  /** PyYAML raises: `message` is Python's. */
  | { readonly type: 'refused'; readonly message: string };

const boolPattern = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const nullPattern = /^(?:~|null|Null|NULL|)$/;
const intPattern = /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const floatPattern =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const timestampPattern = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?)?$/;
const datePattern = /^\d{4}-\d\d-\d\d$/;

export const str = (value: string): YamlScalarValue => ({ type: 'str', value });

/** The value of an untagged plain scalar. */
export const resolvePlainScalar = (text: string): YamlScalarValue => {
  if (nullPattern.test(text)) return { type: 'null' };
  if (boolPattern.test(text)) return { type: 'bool', value: isTrue(text) };
  if (text === '<<') return { type: 'merge' };
  if (text === '=') return { type: 'refused', message: "could not determine a constructor for the tag 'tag:yaml.org,2002:value'" };
  if (!/^[-+.\d]/.test(text)) return str(text);
  if (floatPattern.test(text)) return readFloat(text);
  if (intPattern.test(text)) return readInt(text);
  return isTimestamp(text) ? readTimestamp(text) : str(text);
};

/** The value of a scalar with one of YAML's own tags, given without its `tag:yaml.org,2002:` prefix. */
export const resolveTaggedScalar = (tag: string, text: string): YamlScalarValue | undefined => {
  switch (tag) {
    case 'str':
      return str(text);
    case 'null':
      return { type: 'null' };
    case 'bool':
      return /^(?:yes|no|true|false|on|off)$/i.test(text) ? { type: 'bool', value: isTrue(text) } : refused(`KeyError: '${text.toLowerCase()}'`);
    case 'int':
      return readInt(text);
    case 'float':
      return readFloat(text);
    case 'timestamp':
      return timestampPattern.test(text) ? readTimestamp(text) : refused("'NoneType' object has no attribute 'groupdict'");
    case 'binary':
      return { type: 'bytes', text: `b'${text.replaceAll(/\s/g, '')}'` };
    default:
      return undefined;
  }
};

const refused = (message: string): YamlScalarValue => ({ type: 'refused', message });

const isTrue = (text: string): boolean => /^(?:yes|true|on)$/i.test(text);

/** A timestamp with a time may have one-digit months, a bare date may not (`resolver.py`). */
const isTimestamp = (text: string): boolean => datePattern.test(text) || (timestampPattern.test(text) && /[Tt \t]/.test(text));

const withoutSign = (text: string): { sign: 1 | -1; digits: string } => {
  const digits = text.replaceAll('_', '');
  if (digits.startsWith('-')) return { sign: -1, digits: digits.slice(1) };
  return { sign: 1, digits: digits.startsWith('+') ? digits.slice(1) : digits };
};

/** CPython's default limit on the digits of an integer that comes from text. */
const maxIntDigits = 4300;

const readInt = (text: string): YamlScalarValue => {
  const { sign, digits } = withoutSign(text);
  if (digits.length > maxIntDigits) return refused(`Exceeds the limit (${maxIntDigits} digits) for integer string conversion`);
  const magnitude = digits.includes(':') ? sexagesimal(digits) : bigintOf(digits);
  if (magnitude === undefined) return refused(`invalid literal for int() with base ${baseOf(digits)}: '${digits.replace(/^0[bx]/, '')}'`);
  return { type: 'int', value: sign === -1 ? -magnitude : magnitude };
};

const baseOf = (digits: string): number => {
  if (digits.startsWith('0b')) return 2;
  if (digits.startsWith('0x')) return 16;
  return digits.startsWith('0') ? 8 : 10;
};

const bigintOf = (digits: string): bigint | undefined => {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits}`);
  return /^(?:0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined;
};

const sexagesimal = (digits: string): bigint | undefined => {
  const parts = digits.split(':');
  return parts.every((part) => /^\d+$/.test(part)) ? parts.reduce((total, part) => total * 60n + BigInt(part), 0n) : undefined;
};

const readFloat = (text: string): YamlScalarValue => {
  const { sign, digits } = withoutSign(text.toLowerCase());
  if (digits === '.inf') return { type: 'float', value: sign * Infinity };
  if (digits === '.nan') return { type: 'float', value: NaN };
  const parts = digits.split(':').map((part) => (/^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(part) ? Number(part) : NaN));
  const value = parts.reduce((total, part) => total * 60 + part, 0);
  return Number.isNaN(value) ? refused(`could not convert string to float: '${digits}'`) : { type: 'float', value: sign * value };
};

const daysInMonth = (year: number, month: number): number => {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

const readTimestamp = (text: string): YamlScalarValue => {
  const [, year = '', month = '', day = '', hour, minute = '', second = '', fraction = '', zone, zoneSign = '', zoneHour = '', zoneMinute = ''] =
    timestampPattern.exec(text) ?? [];
  const dateProblem = problemOfDate(Number(year), Number(month), Number(day));
  if (dateProblem !== undefined) return refused(dateProblem);
  const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
  if (hour === undefined) return { type: 'date', text: date };
  if (Number(hour) > 23) return refused('hour must be in 0..23');
  if (Number(minute) > 59) return refused('minute must be in 0..59');
  if (Number(second) > 59) return refused('second must be in 0..59');
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  const offset = zoneText(zone, zoneSign, zoneHour, zoneMinute);
  if (offset === undefined) return refused('offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)');
  return { type: 'datetime', text: `${date} ${twoDigits(hour)}:${minute}:${second}${micros === '000000' ? '' : `.${micros}`}${offset}` };
};

const problemOfDate = (year: number, month: number, day: number): string | undefined => {
  if (year === 0) return 'year 0 is out of range';
  if (month < 1 || month > 12) return 'month must be in 1..12';
  return day < 1 || day > daysInMonth(year, month) ? 'day is out of range for month' : undefined;
};

const twoDigits = (text: string): string => text.padStart(2, '0');

/** What `str()` appends for a time zone; undefined when Python refuses the offset. */
const zoneText = (zone: string | undefined, sign: string, hours: string, minutes: string): string | undefined => {
  if (zone === undefined) return '';
  if (zone === 'Z') return '+00:00';
  const total = Number(hours) * 60 + Number(minutes);
  if (total >= 24 * 60) return undefined;
  const shownSign = total === 0 ? '+' : sign;
  return `${shownSign}${twoDigits(String(Math.floor(total / 60)))}:${twoDigits(String(total % 60))}`;
};
