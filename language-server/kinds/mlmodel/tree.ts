import { readMlmodelDocument, type MlmodelReading } from '../../../schemas/mlmodel.ts';
import { asMapping, effectiveEntries, type YamlEntry, type YamlMapping } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';

export const reading = (document: Document): MlmodelReading => document.derive(readReading);

const readReading = (document: Document): MlmodelReading => readMlmodelDocument(document.yaml);

export const modelMapping = (document: Document): YamlMapping | undefined => asMapping(document.yaml.root);

export const entryOf = (mapping: YamlMapping | undefined, key: string): YamlEntry | undefined => effectiveEntries(mapping).get(key);

export const flavorEntries = (document: Document): readonly YamlEntry[] => [
  ...effectiveEntries(asMapping(entryOf(modelMapping(document), 'flavors')?.value)).values(),
];

export const flavorMapping = (document: Document, name: string): YamlMapping | undefined =>
  asMapping(entryOf(asMapping(entryOf(modelMapping(document), 'flavors')?.value), name)?.value);

/** A module of Python that is called MLmodel: it is none of our business. */
export const isForeign = (document: Document): boolean => document.derive(looksLikePython);

const looksLikePython = (document: Document): boolean =>
  modelMapping(document)?.entries.some(({ key }) => key.kind === 'scalar' && key.text === 'flavors') !== true &&
  /^(?:import \w|from [\w.]+ import |def \w+\(|class \w+[(:])/m.test(document.text);

/** `2.18.0.dev0` → `[2, 18]` */
export const versionOf = (text: string | undefined): readonly [number, number] | undefined => {
  const found = /^(\d+)\.(\d+)/.exec(text ?? '');
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
};

export const isOlder = (version: readonly [number, number] | undefined, than: readonly [number, number] | undefined): boolean =>
  version !== undefined && than !== undefined && (version[0] < than[0] || (version[0] === than[0] && version[1] < than[1]));
