import { asMapping, type YamlEntry, type YamlNode } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix, quotedText, removeEntry } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';
import { asKey } from './edits.ts';
import { entryOf, type EntryPointTree } from './tree.ts';

/** A name that braces and MLflow can hold, here and where the command means it. */
export const renameFixes = (
  document: Document,
  { commandText: command, parametersEntry, declared }: EntryPointTree,
  name: string,
  entry: YamlEntry,
): readonly Fix[] => {
  const isOwn = asMapping(parametersEntry?.value)?.entries.includes(entry) ?? false;
  const cleaned = name
    .replaceAll(/[^\w-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 100);
  const renamed = /^\d+$/.test(cleaned) ? `p${cleaned}` : cleaned;
  if (!isOwn || renamed === '' || declared.some((parameter) => parameter.name === renamed)) return [];
  const uses = command?.placeholders.filter(({ start, end }) => command.text.slice(start, end) === `{${name}}`) ?? [];
  const edits = uses.map((use) => (command === undefined ? undefined : document.edit(command.spanOf(use), `{${renamed}}`)));
  return [localFix(document, `Rename to '${renamed}'`, document.edit(entry.key, asKey(renamed)), ...edits.filter((edit) => edit !== undefined))];
};

export const typeFix = (document: Document, node: YamlNode, type: string): Fix => localFix(document, `Change to '${type}'`, document.edit(node, type));

/** Where the value is right and the type is not. */
export const changeType = (document: Document, node: YamlNode, type: string): Fix =>
  localFix(document, `Change the type to '${type}'`, document.edit(node, type));

/** The text that the command gets anyhow. */
export const collectionFixes = (document: Document, node: YamlNode, text: string | undefined): readonly Fix[] => {
  const isInline = node.kind !== 'alias' && !document.text.slice(node.start, node.end).includes('\n');
  return text === undefined || !isInline ? [] : [localFix(document, 'Quote it: this text is meant', document.edit(node, quotedText(text)))];
};

/** A file of a similar name; otherwise the parameter is required. */
export const pathFixes = async (document: Document, files: FileSystem, { value }: YamlEntry, node: YamlNode, path: string): Promise<readonly Fix[]> => {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const uri = uriInside(folderOf(document.uri), folder === '' ? '.' : folder);
  const names = uri === undefined ? [] : (await files.list(uri)).map(({ name }) => name);
  const near = nearest(path.slice(folder.length), names);
  const mapping = asMapping(value);
  const entry = entryOf(mapping, 'default');
  return [
    ...(near === undefined ? [] : [localFix(document, `Change to '${folder}${near}'`, document.edit(node, `${folder}${near}`))]),
    ...(mapping === undefined || entry === undefined || !mapping.entries.includes(entry)
      ? []
      : [localFix(document, 'Remove the default: the parameter is required', removeEntry(document, mapping, entry))]),
  ];
};
