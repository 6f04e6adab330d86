import type { YamlScalarValue } from './yaml-scalar.ts';
import { target, type YamlNode } from './yaml-tree.ts';

/** `str(value)`: the text that MLflow puts into a command. */
export const pythonText = (value: YamlScalarValue): string => (value.type === 'str' ? value.value : pythonRepr(value));

/** `repr(value)` */
export const pythonRepr = (value: YamlScalarValue): string => {
  switch (value.type) {
    case 'null':
      return 'None';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      return String(value.value);
    case 'float':
      return pythonFloat(value.value);
    case 'str':
      return quoted(value.value);
    case 'date':
    case 'datetime':
    case 'bytes':
      return value.text;
    case 'merge':
      return "'<<'";
    case 'refused':
      return '';
    default:
      return value satisfies never;
  }
};

/** `str(value)` of any node; cut where aliases would make it explode. */
export const pythonTextOfNode = (node: YamlNode | undefined): string => {
  const found = target(node);
  return found?.kind === 'scalar' ? pythonText(found.value) : reprOfNode(found, { characters: 100_000 });
};

/** The text is built under a budget that all nested calls share. */
const reprOfNode = (node: YamlNode | undefined, budget: { characters: number }): string => {
  const found = target(node);
  if (found === undefined) return 'None';
  if (budget.characters <= 0) return '...';
  budget.characters -= 2;
  if (found.kind === 'sequence') return `[${found.items.map((item) => reprOfNode(item, budget)).join(', ')}]`;
  if (found.kind === 'mapping') {
    return `{${found.entries.map(({ key, value }) => `${reprOfNode(key, budget)}: ${reprOfNode(value, budget)}`).join(', ')}}`;
  }
  const text = pythonRepr(found.value);
  budget.characters -= text.length;
  return text;
};

/** `type(value).__name__` */
export const pythonTypeOfNode = (node: YamlNode): string => {
  const found = target(node);
  if (found === undefined) return 'NoneType';
  if (found.kind !== 'scalar') return found.kind === 'mapping' ? 'dict' : 'list';
  const { type } = found.value;
  if (type === 'null') return 'NoneType';
  return type === 'merge' || type === 'refused' ? 'str' : type;
};

/** As an AttributeError names the type: with its module, unless it is a builtin. */
export const qualifiedTypeOfNode = (node: YamlNode): string => {
  const type = pythonTypeOfNode(node);
  return type === 'date' || type === 'datetime' ? `datetime.${type}` : type;
};

/** `repr` of a float: the shortest digits that read back, with an exponent from 1e16 on and below 1e-4. */
export const pythonFloat = (value: number): string => {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= 16 || exponent < -4) return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const text = exponent >= 0 ? plainDigits(value) : value.toFixed(Math.max(0, digits.replace(/[-.]/g, '').length - 1 - exponent));
  const signed = Object.is(value, -0) ? '-0' : text;
  return signed.includes('.') ? signed : `${signed}.0`;
};

/** JavaScript writes numbers below 1e21 without an exponent. */
const plainDigits = (value: number): string => String(value);

/** Python prefers single quotes unless the text holds them and no double ones. */
const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(/[\\\n\r\t]|[\u0000-\u001f\u007f-\u00a0\u00ad]/g, escapeCharacter);
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
};

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

const escapeCharacter = (character: string): string => shortEscapes.get(character) ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
