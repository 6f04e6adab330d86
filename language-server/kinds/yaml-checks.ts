import { pythonText } from '../../schemas/python-value.ts';
import { allNodes, asMapping, isMerge, isNull, keyText, type YamlEntry, type YamlMapping } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import { localFix, removeEntry } from '../edits.ts';
import type { Finding } from '../finding.ts';
import { nearest } from '../nearest.ts';
import { allMappings, type FoundMapping } from '../path.ts';
import type { Check } from './kind.ts';

export const checkSize: Check = (document) =>
  document.isTooLarge ? [{ code: 'file-too-large', start: 0, end: 0, message: 'The file is larger than 1 MB: it is not checked.' }] : [];

/** PyYAML keeps the last of equal keys. One pass per mapping. */
export const checkDuplicateKeys: Check = (document) =>
  [...allNodes(document.yaml.root)].flatMap((node) => (node.kind === 'mapping' ? duplicatesIn(document, node) : []));

/** Texts that differ are keys that differ. */
const hasOnlyNewTexts = ({ entries }: YamlMapping): boolean => {
  const seen = new Set<string>();
  for (const { key } of entries) {
    if (key.kind !== 'scalar' || key.value.type !== 'str') return false;
    seen.add(key.value.value);
  }
  return seen.size === entries.length;
};

const duplicatesIn = (document: Document, mapping: YamlMapping): readonly Finding[] => {
  if (hasOnlyNewTexts(mapping)) return [];
  const last = new Map(mapping.entries.map((entry) => [identityOf(entry), entry]));
  if (last.size === mapping.entries.length) return [];
  return mapping.entries.flatMap((entry) => {
    const winner = last.get(identityOf(entry));
    if (winner === undefined || winner === entry || isMerge(entry)) return [];
    const line = document.positionAt(winner.key.start).line + 1;
    return [
      {
        code: 'duplicate-key',
        start: entry.key.start,
        end: entry.key.end,
        message: `'${keyText(entry)}' is given again in line ${line}; MLflow uses that one and ignores this.`,
        related: [{ start: winner.key.start, end: winner.key.end, message: 'This one counts.' }],
        tag: 'unnecessary',
        fixes: [localFix(document, 'Remove this one', removeEntry(document, mapping, entry))],
      },
    ];
  });
};

/** `1` and `"1"` are different keys. */
const identityOf = ({ key }: YamlEntry): string => (key.kind === 'scalar' ? `${key.value.type} ${pythonText(key.value)}` : `${key.start}`);

/** Keys that the schema does not name, where it names all that MLflow reads. */
export const checkKeys: Check = (document) => {
  const { root } = document.yaml;
  return asMapping(root) === undefined
    ? []
    : allMappings(root)
        .flatMap((found) => checkKeysOf(document, found))
        .toSorted((a, b) => a.start - b.start);
};

const checkKeysOf = (document: Document, { mapping, path }: FoundMapping): readonly Finding[] => {
  const { schema } = document.kind;
  if (schema.isOpenAt(path)) return [];
  const known = schema.keysAt(path);
  const unknown = mapping.entries.filter(
    ({ key }) => key.kind === 'scalar' && key.value.type !== 'merge' && !known.has(key.text) && !key.text.startsWith('x-'),
  );
  if (unknown.length === 0) return [];
  const present = new Set(mapping.entries.map(keyText));
  return unknown.flatMap((entry) => checkKey({ document, mapping, known, present }, entry));
};

interface KeysOfMapping {
  readonly document: Document;
  readonly mapping: YamlMapping;
  readonly known: ReadonlyMap<string, unknown>;
  readonly present: ReadonlySet<string>;
}

const checkKey = ({ document, mapping, known, present }: KeysOfMapping, entry: YamlEntry): readonly Finding[] => {
  const key = keyText(entry);
  const [firstWord = '', ...rest] = key.split(' ');
  if (isNull(entry.value) && rest.length > 0 && known.has(firstWord) && !present.has(firstWord))
    return [missingColon(document, entry, firstWord, rest.join(' '))];
  const suggestion = nearest(
    key,
    [...known.keys()].filter((candidate) => !present.has(candidate)),
  );
  return [suggestion === undefined ? ignoredKey(document, mapping, entry) : unknownKey(document, mapping, entry, suggestion)];
};

/** `{type str, default: auto}` */
const missingColon = (document: Document, { key }: YamlEntry, name: string, value: string): Finding => ({
  code: 'unknown-key',
  start: key.start,
  end: key.end,
  message: `MLflow does not know the key '${name} ${value}' and ignores it: the colon behind '${name}' is missing.`,
  fixes: [{ ...localFix(document, `Change to '${name}: ${value}'`, document.edit(key, `${name}: ${value}`)), isPreferred: true }],
});

const unknownKey = (document: Document, mapping: YamlMapping, entry: YamlEntry, suggestion: string): Finding => ({
  code: 'unknown-key',
  start: entry.key.start,
  end: entry.key.end,
  message: `MLflow does not know the key '${keyText(entry)}' and ignores it; did you mean '${suggestion}'?`,
  fixes: [
    { ...localFix(document, `Change to '${suggestion}'`, document.edit(entry.key, suggestion)), isPreferred: true },
    localFix(document, `Remove '${keyText(entry)}'`, removeEntry(document, mapping, entry)),
  ],
});

const ignoredKey = (document: Document, mapping: YamlMapping, entry: YamlEntry): Finding => ({
  code: 'ignored-key',
  start: entry.key.start,
  end: entry.key.end,
  message: `MLflow ignores the key '${keyText(entry)}'.`,
  tag: 'unnecessary',
  fixes: [localFix(document, `Remove '${keyText(entry)}'`, removeEntry(document, mapping, entry))],
});
