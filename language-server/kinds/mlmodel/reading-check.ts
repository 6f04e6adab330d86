import { memberOf, type JsonNode } from '../../../schemas/json-reader.ts';
import { scalarTypes } from '../../../schemas/model-signature.ts';
import type { MlmodelProblem } from '../../../schemas/mlmodel.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText, removeEntry } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import type { Check } from '../kind.ts';
import { yamlFixes } from '../yaml-fixes.ts';
import { itemsOf, nameOfItem, signaturePlaces, signatureTexts, writtenIn, type SignatureText } from './signature-text.ts';
import { entryOf, isForeign, isOlder, modelMapping, reading, versionOf } from './tree.ts';

/** What `Model.load` refuses, each with its way out. */
export const checkReading: Check = (document) =>
  isForeign(document) ? [foreign(document)] : reading(document).problems.map((problem) => ({ ...problem, fixes: fixesOf(document, problem) }));

const foreign = (document: Document): Finding => ({
  code: 'model-foreign',
  start: 0,
  end: Math.max(0, document.text.search(/\r|\n|$/)),
  message: 'This is Python, and no description of an MLflow model: it is not checked.',
});

const fixesOf = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const source = document.text.slice(problem.start, problem.end);
  const replace = (title: string, text: string): Fix => ({ ...localFix(document, title, document.edit(problem, text)), isPreferred: true });
  switch (problem.code) {
    case 'signature-json':
      return pythonWordFixes(document, problem);
    case 'signature-none':
      return removeSignature(document);
    case 'signature-not-text':
      return isJson(source) ? [replace('Put it in single quotes', `'${source.replaceAll("'", "''")}'`)] : [];
    case 'schema-not-list':
      return isJson(source) ? [replace('Put it in a list', `[${source}]`)] : [];
    case 'schema-empty':
      return schemaToNull(document, problem);
    case 'column-type':
    case 'param-type':
      return typeFixes(document, problem);
    case 'column-key':
      return columnKeyFixes(document, problem);
    case 'param-default':
      return defaultFixes(document, problem);
    case 'param-shape':
      return addDefault(document, problem);
    case 'model-key':
      return source === '' ? [] : [replace('Quote it', quotedText(source))];
    default:
      return yamlFixes(document, problem);
  }
};

/** `True`, as Python prints it. */
const pythonWordFixes = (document: Document, { start }: MlmodelProblem): readonly Fix[] => {
  const word = /^(?:True|False|None)\b/.exec(document.text.slice(start))?.[0];
  if (word === undefined) return [];
  const json = word === 'None' ? 'null' : word.toLowerCase();
  return [{ ...localFix(document, `Change to ${json}`, document.edit({ start, end: start + word.length }, json)), isPreferred: true }];
};

const isJson = (source: string): boolean => {
  try {
    JSON.parse(source);
    return true;
  } catch {
    // It is not, and so cannot be kept as it is.
    return false;
  }
};

const removeSignature = (document: Document): readonly Fix[] => {
  const model = modelMapping(document);
  const entry = entryOf(model, 'signature');
  return model === undefined || entry === undefined ? [] : [localFix(document, "Remove 'signature'", removeEntry(document, model, entry))];
};

const textOf = (document: Document, { start, end }: MlmodelProblem): SignatureText | undefined =>
  signatureTexts(document).find(({ scalar }) => scalar.start <= start && end <= scalar.end);

const schemaToNull = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const text = textOf(document, problem);
  return text === undefined ? [] : [localFix(document, 'Change to null', document.edit(text.scalar, 'null'))];
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

/** `"optional": true` is what `"required": false` was before. */
const columnKeyFixes = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const place = signaturePlaces(document).get(problem.start);
  if (place?.kind !== 'member' || place.member.key.value !== 'optional' || place.member.value.kind !== 'boolean') return [];
  const { text, member } = place;
  const isOptional = member.value.kind === 'boolean' && member.value.value === true;
  const written = writtenIn(text.scalar, `"required": ${isOptional ? 'false' : 'true'}`);
  return [{ ...localFix(document, 'Change to `required`', document.edit(text.spanOf(member), written)), isPreferred: true }];
};

const defaultFixes = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const source = document.text.slice(problem.start, problem.end);
  const number = /^\\?"(-?\d+(?:\.\d+)?)\\?"$/.exec(source)?.[1];
  return number === undefined ? [] : [localFix(document, `Change to ${number}`, document.edit(problem, number))];
};

const addDefault = (document: Document, problem: MlmodelProblem): readonly Fix[] => {
  const place = signaturePlaces(document).get(problem.start);
  const last = place?.kind === 'item' ? place.item.members.at(-1) : undefined;
  if (place?.kind !== 'item' || last === undefined || memberOf(place.item, 'default') !== undefined) return [];
  const { end } = place.text.spanOf(last);
  const written = writtenIn(place.text.scalar, ', "default": null');
  return [localFix(document, 'Add `"default": null`', document.edit({ start: end, end }, written))];
};

/** What loads, and is hardly meant. */
export const checkSignature: Check = (document) =>
  signatureTexts(document).flatMap((text) => [...(text.part === 'params' ? [] : duplicateNames(text)), ...newerTypes(document, text)]);

const duplicateNames = (text: SignatureText): readonly Finding[] => {
  const seen = new Set<string>();
  return itemsOf(text).flatMap((item): readonly Finding[] => {
    const name = nameOfItem(item);
    const isKnown = name !== undefined && seen.has(name);
    if (name !== undefined) seen.add(name);
    const place = memberOf(item, 'name')?.value;
    return isKnown && place !== undefined ? [{ code: 'schema-duplicate', ...text.spanOf(place), message: `'${name}' is the name of a column before it.` }] : [];
  });
};

const typesSince: ReadonlyMap<string, string> = new Map(Object.entries({ array: '2.10', object: '2.10', map: '2.12', sparkml_vector: '2.15', any: '2.18' }));

const newerTypes = (document: Document, text: SignatureText): readonly Finding[] => {
  const { mlflowVersion } = reading(document).value;
  return typeNodes(text.json).flatMap((node): readonly Finding[] => {
    const since = node.kind === 'string' ? typesSince.get(node.value) : undefined;
    if (node.kind !== 'string' || !isOlder(versionOf(mlflowVersion), versionOf(since))) return [];
    const message = `MLflow knows '${node.value}' since ${since}, and this file says that ${mlflowVersion} wrote it.`;
    return [{ code: 'schema-newer', ...text.spanOf(node), message }];
  });
};

const typeNodes = (node: JsonNode | undefined): readonly JsonNode[] => {
  if (node?.kind === 'array') return node.items.flatMap(typeNodes);
  if (node?.kind !== 'object') return [];
  return node.members.flatMap(({ key, value }) => (key.value === 'type' && value.kind === 'string' ? [value] : typeNodes(value)));
};
