import { resolvePlainScalar } from './yaml-scalar.ts';
import type { YamlFields, YamlValue } from './yaml-value.ts';

/** Column behind which PyYAML breaks a line at the next blank. */
const bestWidth = 80;

/** The text that PyYAML's `safe_dump(fields, allow_unicode=True, default_flow_style=False)` writes: keys sorted, blocks. */
export const writeYamlFields = (fields: YamlFields): string => blockOf(fields, 0);

const blockOf = (fields: YamlFields, indent: number): string =>
  Object.keys(fields)
    .toSorted()
    .map((key) => entryOf(key, fields[key] ?? null, indent))
    .join('');

const entryOf = (key: string, value: YamlValue, indent: number): string => {
  const start = `${' '.repeat(indent)}${scalarText(key, Number.NEGATIVE_INFINITY, indent)}:`;
  if (isFields(value)) return Object.keys(value).length === 0 ? `${start} {}\n` : `${start}\n${blockOf(value, indent + 2)}`;
  if (isList(value)) return value.length === 0 ? `${start} []\n` : `${start}\n${value.map((item) => itemOf(item, indent)).join('')}`;
  return `${start} ${scalarOf(value, start.length + 1, indent + 2)}\n`;
};

/** A list stands at the column of its key. What is nested in its items stands in them on lines of its own. */
const itemOf = (item: YamlValue, indent: number): string => {
  const start = `${' '.repeat(indent)}- `;
  if (isFields(item)) return Object.keys(item).length === 0 ? `${start}{}\n` : start + blockOf(item, indent + 2).trimStart();
  if (isList(item))
    return item.length === 0
      ? `${start}[]\n`
      : start +
          item
            .map((inner) => itemOf(inner, indent + 2))
            .join('')
            .trimStart();
  return `${start}${scalarOf(item, start.length, indent + 2)}\n`;
};

const isList = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value);
const isFields = (value: YamlValue): value is YamlFields => typeof value === 'object' && value !== null && !isList(value);

const scalarOf = (value: null | boolean | number | bigint | string, column: number, indent: number): string => {
  if (typeof value === 'string') return scalarText(value, column, indent);
  if (typeof value === 'number') return numberText(value);
  return String(value);
};

const numberText = (value: number): string => {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = String(value);
  // YAML 1.1 knows no exponent without a point.
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
};

const scalarText = (text: string, column: number, indent: number): string => {
  const may = analyze(text);
  if (may.plain && resolvePlainScalar(text).type === 'str') return fold(text, column, indent);
  if (may.single) return `'${fold(text.replaceAll("'", "''"), column + 1, indent)}'`;
  return doubleQuoted([...text], column, indent);
};

/** Which styles can hold the text, by the rules of PyYAML's emitter; for line breaks other than `\n` it takes quotes in which not all readers keep them. */
const analyze = (text: string): { readonly plain: boolean; readonly single: boolean } => {
  const isSpecial = [...text].some((character) => character !== '\n' && !isPrintable(character));
  const single = !isSpecial && !/ \n|\n /.test(text);
  const isPadded = /^ | $/.test(text);
  return { single, plain: single && !text.includes('\n') && !isPadded && text !== '' && !hasBlockIndicator(text) };
};

const isPrintable = (character: string): boolean => /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10fffe}]$/u.test(character);

const hasBlockIndicator = (text: string): boolean =>
  /^(?:---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:-](?:\s|$)/.test(text) || /:(?:\s|$)/.test(text) || /\s#/.test(text);

/** A single blank beyond the best width becomes a line break, which reads as a blank; a break of the text is written twice. */
const fold = (text: string, column: number, indent: number): string => {
  const margin = ' '.repeat(indent);
  let at = column;
  let folded = '';
  for (const [index, part] of text.split(/( +|\n+)/).entries()) {
    const isInner = folded !== '' && folded.length < text.length && index % 2 === 1;
    if (part.startsWith('\n')) {
      folded += `\n${part}${margin}`;
      at = indent;
    } else if (isInner && part === ' ' && at > bestWidth && !text.endsWith(folded + part)) {
      folded += `\n${margin}`;
      at = indent;
    } else {
      folded += part;
      at += part.length;
    }
  }
  return folded;
};

/** Lines end behind the best width, with a backslash. */
const doubleQuoted = (characters: readonly string[], column: number, indent: number): string => {
  let written = '';
  let [at, start] = [column + 1, 0];
  const write = (text: string): void => {
    written += text;
    at += text.length;
  };
  for (const [end, character] of characters.entries()) {
    const escaped = escape(character);
    if (escaped !== character) {
      write(characters.slice(start, end).join('') + escaped);
      start = end + 1;
    }
    const mayBreak = end > 0 && end < characters.length - 1 && (character === ' ' || start >= end);
    if (!mayBreak || at + (end - start) <= bestWidth) continue;
    write(`${characters.slice(start, end).join('')}\\`);
    start = Math.max(start, end);
    written += `\n${' '.repeat(indent)}`;
    at = indent;
    if (characters[start] === ' ') write('\\');
  }
  return `"${written}${characters.slice(start).join('')}"`;
};

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

const escape = (character: string): string => {
  const short = escapes[character];
  if (short !== undefined) return short;
  if (/^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
};

const hex = (code: number, digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');
