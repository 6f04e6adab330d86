import { pythonText } from '../../schemas/python-value.ts';
import { asScalar, isNull, spanOf, target, type YamlScalar } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import { localFix, quotedText } from '../edits.ts';
import type { Finding, Fix } from '../finding.ts';
import { nearest } from '../nearest.ts';
import { allEntries, type Path } from '../path.ts';
import type { JsonSchema } from '../schema.ts';
import { surprisingValue } from './yaml-values.ts';

/** Values that do not fit their schema, as far as a person would call them wrong; `skip` names what others check. */
export const checkTypes = (document: Document, skip: (path: Path) => boolean): readonly Finding[] =>
  [...allEntries(document.yaml.root)].flatMap(({ entry, path }): readonly Finding[] => {
    const alternatives = skip(path) || isNull(entry.value) ? [] : document.kind.schema.alternativesAt(path);
    if (alternatives.length === 0 || alternatives.some(({ type }) => type === undefined)) return [];
    const types = alternatives.flatMap(({ type = [] }) => type);
    const scalar = asScalar(entry.value);
    if (scalar !== undefined && types.includes('string')) return [...surprisingText(document, scalar, types), ...unknownWord(document, scalar, alternatives)];
    const found = typesOf(target(entry.value));
    if (found.some((type) => types.includes(type))) return [];
    const message = `MLflow expects ${articleOf(types)} here, and this is ${wordOf(found[0])}.`;
    return [{ code: 'field-type', ...spanOf(entry.value), message, fixes: scalar === undefined ? [] : otherType(document, scalar, types) }];
  });

/** One of a list, 0 and 1 for a flag, a number in quotes. */
const otherType = (document: Document, scalar: YamlScalar, types: readonly string[]): readonly Fix[] => {
  const source = document.text.slice(scalar.start, scalar.end);
  if (types.includes('array') && !source.includes('\n')) return [localFix(document, 'Make it a list', document.edit(scalar, `[${source}]`))];
  const isNumber = types.includes('integer') && /^-?[1-9]\d*$/.test(scalar.text);
  const meant = isNumber ? scalar.text : types.includes('boolean') ? flags.get(scalar.text.toLowerCase()) : undefined;
  return meant === undefined ? [] : [localFix(document, `Change to ${meant}`, document.edit(scalar, meant))];
};

const flags: ReadonlyMap<string, string> = new Map([
  ['0', 'false'],
  ['1', 'true'],
  ['false', 'false'],
  ['true', 'true'],
]);

/** A text that YAML takes for something else, and whose characters change thereby. */
const surprisingText = (document: Document, scalar: YamlScalar, types: readonly string[]): readonly Finding[] => {
  const isOther = types.some((type) => typesOf(scalar).includes(type));
  if (isOther || scalar.value.type === 'str' || pythonText(scalar.value) === scalar.text) return [];
  const surprises = surprisingValue(document, scalar, false);
  if (surprises.length > 0) return surprises;
  const fix = { ...localFix(document, `Quote it: "${scalar.text}"`, document.edit(scalar, quotedText(scalar.text))), isPreferred: true };
  return [
    { code: 'field-type', ...spanOf(scalar), message: `This is a text, and MLflow's YAML reader takes it for ${pythonText(scalar.value)}.`, fixes: [fix] },
  ];
};

const unknownWord = (document: Document, scalar: YamlScalar, alternatives: readonly JsonSchema[]): readonly Finding[] => {
  const words = alternatives.flatMap(({ enum: known, const: only }) => known ?? (only === undefined ? [] : [only])).map(String);
  if (words.length === 0 || words.includes(scalar.text) || scalar.value.type !== 'str') return [];
  const near = nearest(scalar.text, words);
  const fixes = (near === undefined ? words.slice(0, 5) : [near]).map((word) => localFix(document, `Change to '${word}'`, document.edit(scalar, word)));
  return [{ code: 'field-value', ...spanOf(scalar), message: `MLflow does not know '${scalar.text}' here; it is ${listOf(words)}.`, fixes }];
};

const listOf = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`);

const typesOf = (node: ReturnType<typeof target>): readonly string[] => {
  if (node?.kind === 'mapping') return ['object'];
  if (node?.kind === 'sequence') return ['array'];
  const type = node?.value.type;
  if (type === 'int') return ['integer', 'number'];
  if (type === 'float') return ['number'];
  return type === 'bool' ? ['boolean'] : ['string'];
};

const words: ReadonlyMap<string, string> = new Map([
  ['object', 'a mapping'],
  ['array', 'a list'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['string', 'a text'],
]);

const wordOf = (type: string | undefined): string => words.get(type ?? '') ?? 'this';

const articleOf = (types: readonly string[]): string => listOf(types.flatMap((type) => words.get(type) ?? []));
