import type { MlprojectProblemCode } from '../../../schemas/mlproject.ts';
import { asMapping, asScalar, asSequence, isNull, keyText, type YamlEntry, type YamlMapping, type YamlNode } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { columnOf, insertEntry, localFix, quotedText, removeEntry } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import { folderOf } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';
import { entryOf, projectMapping } from './tree.ts';

export interface Place {
  readonly document: Document;
  readonly mapping: YamlMapping;
  readonly entry: YamlEntry;
}

type EntryFixes = (place: Place) => readonly Fix[];

const exampleCommand = '"python train.py"';
const exampleProject = `entry_points:\n  main:\n    command: ${exampleCommand}`;

const sourceOf = (document: Document, { start, end }: YamlNode): string => document.text.slice(start, end);

/** The source of a node that fits into a line of another place. */
const inlineSource = (document: Document, node: YamlNode): string | undefined => {
  const source = sourceOf(document, node);
  return source === '' || source.includes('\n') ? undefined : source;
};

/** Gives an empty key its value. */
const giveValue = ({ document, entry: { key, value } }: Place, title: string, written: string): Fix => {
  const colon = /^[ \t]*:/.exec(document.text.slice(key.end, key.end + 100))?.[0].length ?? 0;
  const end = Math.max(key.end + colon, value.end);
  return localFix(document, title, document.edit({ start: key.end, end }, `: ${written}`));
};

const removeKey: EntryFixes = ({ document, mapping, entry }) => [localFix(document, `Remove '${keyText(entry)}'`, removeEntry(document, mapping, entry))];

/** Replaces a value that stands on one line by what `write` makes of it. */
const rewrite =
  (title: string, write: (text: string) => string): EntryFixes =>
  ({ document, entry }) => {
    const text = inlineSource(document, entry.value);
    if (asScalar(entry.value) === undefined || isNull(entry.value) || text === undefined) return [];
    return [{ ...localFix(document, title, document.edit(entry.value, write(text))), isPreferred: true }];
  };

/** The one text of a list where a text belongs. */
const onlyItem = (document: Document, node: YamlNode): string | undefined => {
  const items = asSequence(node)?.items ?? [];
  const [item] = items;
  return items.length === 1 && item !== undefined && asScalar(item) !== undefined && !isNull(item) ? inlineSource(document, item) : undefined;
};

/** The same for a list of one text, and for that text alone. */
const rewriteOne =
  (title: string, write: (text: string) => string): EntryFixes =>
  (place) => {
    const { document, entry } = place;
    const item = onlyItem(document, entry.value);
    return item === undefined ? rewrite(title, write)(place) : [localFix(document, title, document.edit(entry.value, write(item)))];
  };

const keepOne: EntryFixes = ({ document, entry }) => {
  const project = projectMapping(document);
  if (project === undefined) return [];
  const others = project.entries.filter((other) => other !== entry && ['python_env', 'conda_env', 'docker_env'].includes(keyText(other)));
  return [localFix(document, `Keep only '${keyText(entry)}'`, ...others.map((other) => removeEntry(document, project, other)))];
};

/** Names that were written as a list, or alone. */
const namesIn = (document: Document, node: YamlNode): readonly string[] => {
  const names = (asSequence(node)?.items ?? [node]).map((item) => (asScalar(item)?.value.type === 'str' ? inlineSource(document, item) : undefined));
  return names.filter((name) => name !== undefined && /^[\w-]+$/.test(name)).length === names.length ? names.filter((name) => name !== undefined) : [];
};

const addEntryPoints: EntryFixes = (place) => {
  const { document, entry } = place;
  if (isNull(entry.value)) return [giveValue(place, 'Add an entry point', `{main: {command: ${exampleCommand}}}`)];
  const points = namesIn(document, entry.value).map((name) => `${name}: {command: ${exampleCommand}}`);
  return points.length === 0 ? [] : [localFix(document, 'Give each name a command', document.edit(entry.value, `{${points.join(', ')}}`))];
};

const quotedCommand = (text: string): string => (/^["']/.test(text) ? text : quotedText(text));

const addCommand: EntryFixes = (place) =>
  isNull(place.entry.value)
    ? [giveValue(place, 'Add a command', `{command: ${exampleCommand}}`)]
    : rewriteOne('Move it below `command`', (text) => `{command: ${quotedCommand(text)}}`)(place);

/** `[alpha]`, or `- alpha: float` for each. */
const parametersAsMapping: EntryFixes = (place) => {
  const { document, entry } = place;
  if (isNull(entry.value)) return removeKey(place);
  const names = namesIn(document, entry.value).map((name) => `${name}: string`);
  const pairs = (asSequence(entry.value)?.items ?? []).flatMap((item) => asMapping(item)?.entries ?? []).map((pair) => inlinePair(document, pair));
  const parameters = names.length > 0 ? names : pairs.filter((pair) => pair !== undefined);
  if (parameters.length === 0 || (names.length === 0 && parameters.length < (asSequence(entry.value)?.items.length ?? 0))) return [];
  return [localFix(document, 'Make it a mapping', document.edit(entry.value, `{${parameters.join(', ')}}`))];
};

const inlinePair = (document: Document, { key, value }: YamlEntry): string | undefined => {
  const [name, type] = [inlineSource(document, key), inlineSource(document, value)];
  return name === undefined || type === undefined || isNull(value) ? undefined : `${name}: ${type}`;
};

const parameterAsMapping: EntryFixes = (place) => {
  const { document, entry } = place;
  if (isNull(entry.value)) return [giveValue(place, 'Declare it as a string', 'string')];
  const type = onlyItem(document, entry.value);
  if (type !== undefined) return [localFix(document, `Change to ${type}`, document.edit(entry.value, type))];
  return rewrite('Make it the default', (text) => `{default: ${text}}`)(place);
};

const variablesAsList: EntryFixes = (place) => {
  const { document, entry } = place;
  const pairs = entry.value.kind === 'mapping' ? entry.value.entries.map(variablePair) : [];
  if (pairs.length === 0) return rewrite('Make it a list', (text) => `[${text}]`)(place);
  if (pairs.includes(undefined)) return [];
  const edit = document.edit({ start: entry.key.end, end: entry.value.end }, `: [${pairs.join(', ')}]`);
  return [{ ...localFix(document, 'Change to a list of pairs', edit), isPreferred: true }];
};

const variablePair = ({ key, value }: YamlEntry): string | undefined => {
  const [name, text] = [asScalar(key)?.text, asScalar(value)?.text];
  return name === undefined || text === undefined || isNull(value) ? undefined : `[${name}, ${quotedText(text)}]`;
};

const addImage: EntryFixes = ({ document, mapping }) => {
  const entry = mapping.entries.find((candidate) => keyText(candidate) === 'image');
  const title = 'Add an image';
  if (entry !== undefined) return [giveValue({ document, mapping, entry }, title, exampleImage)];
  return [localFix(document, title, insertEntry(document, mapping, 'image', exampleImage, 'first'))];
};

const exampleImage = 'python:3.12-slim';

const listedPath: EntryFixes = ({ document, entry }) => {
  const path = onlyItem(document, entry.value);
  return path === undefined ? [] : [localFix(document, `Change to ${path}`, document.edit(entry.value, path))];
};

const addSparkFile: EntryFixes = ({ document, entry }) => {
  const job = asMapping(entry.value);
  return job === undefined ? [] : [localFix(document, 'Add a `python_file`', insertEntry(document, job, 'python_file', 'train.py', 'first'))];
};

/** The file of the job, or the entry points beside it. */
const keepOneSparkSource: EntryFixes = ({ document, mapping, entry }) => {
  const job = asMapping(entry.value);
  const [file, points] = [entryOf(job, 'python_file'), entryOf(mapping, 'entry_points')];
  return [
    ...(job === undefined || file === undefined ? [] : [localFix(document, "Remove 'python_file'", removeFrom(document, job, file))]),
    ...(points === undefined ? [] : [localFix(document, "Remove 'entry_points'", removeEntry(document, mapping, points))]),
  ];
};

/** A block that loses its last key would be null, which is something else than an empty mapping. */
export const removeFrom = (document: Document, mapping: YamlMapping, entry: YamlEntry) =>
  mapping.entries.length === 1 ? document.edit(mapping, '{}') : removeEntry(document, mapping, entry);

const pathToString: EntryFixes = ({ document, entry }) => {
  const type = asMapping(entry.value) === undefined ? entry.value : entryOf(asMapping(entry.value), 'type')?.value;
  return type === undefined ? [] : [localFix(document, "Change the type to 'string'", document.edit(type, 'string'))];
};

export const entryFixes: Partial<Record<MlprojectProblemCode, EntryFixes>> = {
  'multiple-environments': keepOne,
  'entry-points-not-mapping': addEntryPoints,
  'entry-point-not-mapping': addCommand,
  'parameters-not-mapping': parametersAsMapping,
  'parameter-not-mapping': parameterAsMapping,
  'docker-not-mapping': rewriteOne('Move it below `image`', (text) => `{image: ${text}}`),
  'docker-image-missing': addImage,
  'docker-volumes': rewrite('Make it a list', (text) => `[${text}]`),
  'docker-environment': variablesAsList,
  'environment-not-path': listedPath,
  'spark-job-empty': addSparkFile,
  'spark-job-both': keepOneSparkSource,
  'spark-job-path-parameter': pathToString,
  'spark-job-environment': removeKey,
  'spark-job-not-mapping': rewriteOne('Move it below `python_file`', (text) => `{python_file: ${text}}`),
};

type ItemFixes = (document: Document, item: YamlNode) => readonly Fix[];

/** `- /data: /data`, and what YAML takes for a number. */
const volumeAsText: ItemFixes = (document, item) => {
  const source = inlineSource(document, item)?.replace(/:\s+/, ':');
  return source === undefined || asSequence(item) !== undefined ? [] : [localFix(document, 'Quote it', document.edit(item, quotedText(source)))];
};

/** `- NAME: value` */
const variableAsPair: ItemFixes = (document, item) => {
  const pairs = (asMapping(item)?.entries ?? []).map(variablePair);
  const [pair] = pairs;
  return pairs.length !== 1 || pair === undefined ? [] : [localFix(document, 'Change to a pair', document.edit(item, pair))];
};

export const itemFixes: Partial<Record<MlprojectProblemCode, ItemFixes>> = {
  'docker-volumes': volumeAsText,
  'docker-environment': variableAsPair,
};

/** An empty file gets an entry point, `name:wine` its space. */
export const rootFixes = (document: Document): readonly Fix[] => {
  const { root } = document.yaml;
  const text = asScalar(root)?.text ?? '';
  if (root !== undefined && /^\w+:\S[^\n]*$/.test(text)) {
    const end = root.start + text.indexOf(':') + 1;
    return [{ ...localFix(document, 'Add a space behind the colon', document.edit({ start: end, end }, ' ')), isPreferred: true }];
  }
  if (!isNull(root)) return [];
  const isWritten = root !== undefined && root.end > root.start;
  const end = document.text.length;
  const separator = isWritten || end === 0 || document.text.endsWith('\n') ? '' : '\n';
  return [
    localFix(document, 'Add an entry point', document.edit(isWritten ? root : { start: end, end }, `${separator}${exampleProject}${isWritten ? '' : '\n'}`)),
  ];
};

/** The packages themselves, written where the path of their file belongs. */
export const moveToFile = async ({ document, entry }: Place, files: FileSystem): Promise<readonly Fix[]> => {
  const mapping = entry.value.kind === 'mapping' && !entry.value.isFlow ? entry.value : undefined;
  const name = keyText(entry) === 'python_env' ? 'python_env.yaml' : 'conda.yaml';
  const uri = `${folderOf(document.uri)}/${name}`;
  if (mapping === undefined || (await files.kindOf(uri)) !== undefined) return [];
  const indent = ' '.repeat(columnOf(document, mapping.start));
  const text = sourceOf(document, mapping).trimEnd().replaceAll(`\n${indent}`, '\n');
  return [
    {
      title: `Move it to '${name}'`,
      createFile: uri,
      edits: {
        [uri]: [{ range: document.rangeOf({ start: 0, end: 0 }), newText: `${text}\n` }],
        [document.uri]: [document.edit({ start: entry.key.end, end: mapping.end }, `: ${name}`)],
      },
    },
  ];
};
