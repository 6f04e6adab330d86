import { readYaml } from './yaml-reader.ts';
import { yamlProblems } from './yaml-refusals.ts';
import { resolvePlainScalar, type YamlScalarValue } from './yaml-scalar.ts';
import { asMapping, effectiveEntries, keyText, target, type YamlNode } from './yaml-tree.ts';

/** Plain data as Python gets it from YAML. Dates are texts; integers beyond 2^53 are bigints. */
export type YamlValue = null | boolean | number | bigint | string | readonly YamlValue[] | YamlFields;
export type YamlFields = { readonly [key: string]: YamlValue };

export type YamlReading = { readonly fields: YamlFields } | { readonly problem: string };

/** Reads a document that has to be a mapping, as PyYAML's `safe_load` does. */
export const readYamlFields = (text: string): YamlReading => {
  const fields = readSimpleLines(text);
  return fields === undefined ? readWhole(text) : { fields };
};

/** What MLflow writes is one `key: scalar` per line: read without a parser, two hundred times as fast. */
const readSimpleLines = (text: string): YamlFields | undefined => {
  const fields: Record<string, YamlValue> = {};
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, key, written] = simpleLine.exec(line) ?? [];
    if (key === undefined || written === undefined) return undefined;
    const value = readSimpleScalar(written);
    if (value === undefined || Object.hasOwn(fields, key)) return undefined;
    fields[key] = value;
  }
  return Object.keys(fields).length > 0 ? fields : undefined;
};

const simpleLine = /^([a-z_]+): ([^\r\t]*)$/;
/** Neither an indicator at its start nor anything that could end it or begin a comment. */
const simplePlain = /^[^\s#,[\]{}&*!|>'"%@`?:-][^#:\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff]*$/;
const simplePath = /^[a-z][a-z\d+.-]*:\/[^\s#\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff]*[^\s:]$/i;

const readSimpleScalar = (text: string): YamlValue | undefined => {
  if (text === "''" || text === '[]' || text === '{}') return text === "''" ? '' : text === '[]' ? [] : {};
  if (/^'[^'\\]*'$/.test(text)) return text.slice(1, -1);
  if (/^-?[1-9]\d{0,14}$/.test(text)) return Number(text);
  if (simplePath.test(text)) return text;
  if (!simplePlain.test(text) || text.endsWith(' ')) return undefined;
  return toValue(resolvePlainScalar(text));
};

const readWhole = (text: string): YamlReading => {
  const document = readYaml(text);
  const [problem] = yamlProblems(document);
  if (problem !== undefined) return { problem: problem.message };
  const mapping = asMapping(document.root);
  if (mapping === undefined) return { problem: text.trim() === '' ? 'it is empty' : 'it is not a mapping of keys to values' };
  const value = toPlain(mapping, 0);
  return value === undefined ? { problem: 'a value in it cannot be read' } : { fields: value as YamlFields };
};

const deepest = 20;

/** Undefined where Python's constructor would raise. */
const toPlain = (node: YamlNode | undefined, depth: number): YamlValue | undefined => {
  const found = target(node);
  if (found === undefined || depth > deepest) return undefined;
  if (found.kind === 'scalar') return toValue(found.value);
  if (found.kind === 'sequence') return allOf(found.items.map((item) => toPlain(item, depth + 1)));
  const entries = [...effectiveEntries(found).values()].map((entry) => [keyText(entry), toPlain(entry.value, depth + 1)] as const);
  return entries.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(entries) as YamlFields);
};

const allOf = (values: readonly (YamlValue | undefined)[]): readonly YamlValue[] | undefined => {
  const present = values.filter((value) => value !== undefined);
  return present.length === values.length ? present : undefined;
};

const toValue = (value: YamlScalarValue): YamlValue | undefined => {
  switch (value.type) {
    case 'null':
      return null;
    case 'bool':
    case 'float':
    case 'str':
      return value.value;
    case 'int':
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value;
    case 'date':
    case 'datetime':
    case 'bytes':
      return value.text;
    case 'merge':
    case 'refused':
      return undefined;
    default:
      return value satisfies never;
  }
};
