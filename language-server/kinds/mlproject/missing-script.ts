import type { Span } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';

/** A script of the project that is not there, with one of a similar name, or a new one. */
export const missingScript = async (document: Document, files: FileSystem, path: string, span: Span): Promise<Finding> => {
  const project = folderOf(document.uri);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const names = (await files.list(uriInside(project, folder) ?? project)).filter(({ kind }) => kind === 'file').map(({ name }) => `${folder}${name}`);
  const near = nearest(
    path,
    names.filter((name) => extensionOf(name) === extensionOf(path)),
  );
  const uri = uriInside(project, path);
  const create: readonly Fix[] = uri === undefined ? [] : [{ title: `Create '${path}'`, createFile: uri, edits: {} }];
  const change = near === undefined ? [] : [{ ...localFix(document, `Change to '${near}'`, document.edit(span, near)), isPreferred: true }];
  return { code: 'script-missing', ...span, message: `There is no file '${path}' in the project.`, fixes: [...change, ...create] };
};

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.'));
