import type { MlmodelProblem } from '../../../schemas/mlmodel.ts';
import { scalarTypes } from '../../../schemas/model-signature.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { mendedJson } from './mended-json.ts';
import { offsetInJson, signaturePlaces, signatureTexts, writtenIn, type SignatureText } from './signature-text.ts';

/** Ways out of what MLflow refuses in the JSON of a signature. */
export const signatureFixes = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const text = textOf(document, problem);
  switch (problem.code) {
    case 'signature-json':
      return [...pythonWordFixes(document, problem), ...mendFixes(document, problem, text)];
    case 'schema-not-list':
      return wholeInList(document, problem);
    case 'schema-empty':
      return text === undefined ? [] : [localFix(document, 'Change to null', document.edit(text.scalar, 'null'))];
    case 'schema-names':
      return [...memberFixes(document, problem), ...(text === undefined ? [] : shapeFixes(document, problem, text))];
    case 'column-key':
      return memberFixes(document, problem);
    case 'column-type':
    case 'param-type':
      return typeFixes(document, problem);
    case 'column-not-object':
    case 'column-shape':
    case 'tensor-shape':
    case 'param-shape':
      return text === undefined ? [] : shapeFixes(document, problem, text);
    case 'param-default':
      return text === undefined ? [] : defaultFixes(document, problem, text);
    default:
      return [];
  }
};

const sourceOf = (document: Document, { start, end }: MlmodelProblem): string => document.text.slice(start, end);

const textOf = (document: Document, { start, end }: MlmodelProblem): SignatureText | undefined =>
  signatureTexts(document).find(({ scalar }) => scalar.start <= start && end <= scalar.end);

const wholeInList = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const source = sourceOf(document, problem);
  return isJson(source) ? [{ ...localFix(document, 'Put it in a list', document.edit(problem, `[${source}]`)), isPreferred: true }] : [];
};

const mendFixes = (document: Document, { start }: MlmodelProblem, text: SignatureText | undefined): readonly Fix[] => {
  const mended = text === undefined ? undefined : mendedJson(text.scalar.text, offsetInJson(text, start));
  if (text === undefined || mended === undefined) return [];
  return [localFix(document, 'Mend the JSON', document.edit(text.scalar, `'${mended.replaceAll("'", "''")}'`))];
};

/** What is missing is written with the simplest type there is. */
const missingMembers: ReadonlyMap<string, string> = new Map([
  ['type', '"type": "string"'],
  ['items', '"items": {"type": "string"}'],
  ['values', '"values": {"type": "string"}'],
  ['properties', '"properties": {"name": {"type": "string"}}'],
  ['tensor-spec', '"tensor-spec": {"dtype": "float64", "shape": [-1]}'],
  ['dtype', '"dtype": "float64"'],
  ['shape', '"shape": [-1]'],
  ['name', '"name": "name"'],
  ['default', '"default": null'],
]);

const shapeFixes = (document: Document, problem: MlmodelProblem, { scalar, part }: SignatureText): readonly Fix[] => {
  const { start, end, message } = problem;
  const source = document.text.slice(start, end);
  const replace = (json: string): readonly Fix[] => [localFix(document, `Change to ${json}`, document.edit({ start, end }, writtenIn(scalar, json)))];
  const [, type] = /^\\?"(\w+)\\?"$/.exec(source) ?? [];
  if (/ is an object such as/.test(message)) return type === undefined || part === 'params' ? [] : replace(`{"type": "${type}"}`);
  const size = /write "(\w+)"/.exec(message)?.[1];
  if (size !== undefined) return replace(`"${size}"`);
  if (message.startsWith('`shape` is null')) return replace('null');
  if (message.startsWith('`shape` is a list') && /^-?\d+$/.test(source)) return replace(`[${source}]`);
  if (message === 'An object has at least one property.') return replace('{"name": {"type": "string"}}');
  return source.startsWith('{') ? addMembers(document, problem, (json) => writtenIn(scalar, json)) : [];
};

/** The keys that the message names, where they are not there yet. */
const addMembers = (document: Document, { start, end, message }: MlmodelProblem, write: (json: string) => string): readonly Fix[] => {
  const source = document.text.slice(start, end);
  const named = [...(message.split(' needs ').at(-1) ?? '').matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);
  const missing = named.filter((name) => !new RegExp(`"${name}\\\\?"\\s*:`).test(source)).flatMap((name) => missingMembers.get(name) ?? []);
  const separator = source.slice(1, -1).trim() === '' ? '' : ', ';
  const added = missing.join(', ');
  return added === '' ? [] : [localFix(document, `Add \`${added}\``, document.edit({ start: end - 1, end: end - 1 }, `${separator}${write(added)}`))];
};

/** What other programs call MLflow's types. */
const foreignTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    int: 'long',
    int64: 'long',
    int32: 'integer',
    int16: 'integer',
    int8: 'integer',
    bigint: 'long',
    float64: 'double',
    float32: 'float',
    number: 'double',
    decimal: 'double',
    bool: 'boolean',
    str: 'string',
    text: 'string',
    object: 'string',
    bytes: 'binary',
    timestamp: 'datetime',
    date: 'datetime',
    'datetime64[ns]': 'datetime',
    list: 'array',
    dict: 'map',
  }),
);

const typeFixes = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const [, before = '', word = '', after = ''] = /^(\\?")(.*?)(\\?")$/.exec(document.text.slice(problem.start, problem.end)) ?? [];
  const meant = foreignTypes.get(word.toLowerCase()) ?? nearest(word.toLowerCase(), scalarTypes);
  if (meant === undefined || meant === word) return [];
  return [{ ...localFix(document, `Change to '${meant}'`, document.edit(problem, `${before}${meant}${after}`)), isPreferred: true }];
};

/** `"optional": true` is what `"required": false` was before; another key goes. */
const memberFixes = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const place = signaturePlaces(document).get(problem.start);
  if (place?.kind !== 'member') return [];
  const { text, member, item } = place;
  if (member.key.value === 'optional' && member.value.kind === 'boolean') {
    const written = writtenIn(text.scalar, `"required": ${member.value.value === true ? 'false' : 'true'}`);
    return [{ ...localFix(document, 'Change to `required`', document.edit(text.spanOf(member), written)), isPreferred: true }];
  }
  const index = item.members.indexOf(member);
  const [before, after] = [item.members[index - 1], item.members[index + 1]];
  const span = before === undefined ? { start: member.start, end: after?.start ?? member.end } : { start: before.end, end: member.end };
  return [localFix(document, `Remove '${member.key.value}'`, document.edit(text.spanOf(span), ''))];
};

const defaultFixes = (document: Document, problem: MlmodelProblem, { scalar }: SignatureText): readonly Fix[] => {
  const source = sourceOf(document, problem);
  const number = /^\\?"(-?\d+(?:\.\d+)?)\\?"$/.exec(source)?.[1];
  const meant = number ?? meantDefault(problem.message, source);
  return meant === undefined ? [] : [localFix(document, `Change to ${meant}`, document.edit(problem, number ?? writtenIn(scalar, meant)))];
};

const meantDefault = (message: string, source: string): string | undefined => {
  if (message.startsWith('With the shape [-1]')) return `[${source.replaceAll('\\"', '"').replaceAll("''", "'")}]`;
  const type = /^This is no (\w+);/.exec(message)?.[1];
  if (type === 'string' && /^[\w.-]+$/.test(source)) return `"${source}"`;
  if (type === 'boolean' && /^[01]$/.test(source)) return source === '1' ? 'true' : 'false';
  if ((type === 'long' || type === 'integer') && /^-?\d+\.0+$/.test(source)) return source.replace(/\.0+$/, '');
  return undefined;
};

/** `True`, as Python prints it. */
const pythonWordFixes = (document: Document, { start }: MlmodelProblem): readonly Fix[] => {
  const word = /^(?:True|False|None)\b/.exec(document.text.slice(start))?.[0];
  if (word === undefined) return [];
  const json = word === 'None' ? 'null' : word.toLowerCase();
  return [{ ...localFix(document, `Change to ${json}`, document.edit({ start, end: start + word.length }, json)), isPreferred: true }];
};

export const isJson = (source: string): boolean => {
  try {
    JSON.parse(source);
    return true;
  } catch {
    // It is not, and so cannot be kept as it is.
    return false;
  }
};
