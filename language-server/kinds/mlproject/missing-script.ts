import type { Span } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';

/** A script of the project that is not there, with one of a similar name, or a new one. */
export const missingScript = async (document: Document, files: FileSystem, path: string, span: Span): Promise<Finding> => {
  const { near, uri } = await alternativesTo(document, files, path);
  const create: readonly Fix[] = uri === undefined ? [] : [{ title: `Create '${path}'`, createFile: uri, edits: {} }];
  const change = near === undefined ? [] : [{ ...localFix(document, `Change to '${near}'`, document.edit(span, near)), isPreferred: true }];
  return { code: 'script-missing', ...span, message: `There is no file '${path}' in the project.`, fixes: [...change, ...create] };
};

interface Alternatives {
  /** A path of a similar name. */
  readonly near: string | undefined;
  /** Of the file to be made; undefined when it would lie outside of the project. */
  readonly uri: string | undefined;
}

/** Many entry points may name one script: what else there is, is looked for once for each look at the files. */
const known = new WeakMap<FileSystem, Map<string, Promise<Alternatives>>>();

const alternativesTo = (document: Document, files: FileSystem, path: string): Promise<Alternatives> => {
  const byPath = known.get(files) ?? new Map<string, Promise<Alternatives>>();
  known.set(files, byPath);
  const key = `${document.uri} ${path}`;
  const found = byPath.get(key) ?? findAlternatives(document, files, path);
  byPath.set(key, found);
  return found;
};

const findAlternatives = async (document: Document, files: FileSystem, path: string): Promise<Alternatives> => {
  const project = folderOf(document.uri);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const names = (await files.list(uriInside(project, folder) ?? project)).filter(({ kind }) => kind === 'file').map(({ name }) => `${folder}${name}`);
  const alike = names.filter((name) => extensionOf(name) === extensionOf(path));
  return { near: nearest(path, alike), uri: uriInside(project, path) };
};

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.'));
