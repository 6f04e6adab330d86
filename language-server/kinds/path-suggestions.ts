import { CompletionItemKind } from 'vscode-languageserver-types';

import type { Span } from '../../schemas/yaml-tree.ts';
import { folderOf, uriInside } from '../project-path.ts';
import type { FileSystem } from '../workspace.ts';
import type { Suggestion } from './kind.ts';

/** Files and folders below the project whose path starts with what is typed. */
export const pathSuggestions = async (uri: string, typed: string, span: Span, files: FileSystem, pattern: RegExp): Promise<readonly Suggestion[]> => {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const folderUri = folder === '' ? folderOf(uri) : uriInside(folderOf(uri), folder);
  const entries = folderUri === undefined ? [] : await files.list(folderUri);
  return entries
    .filter(
      ({ name, kind }) =>
        !name.startsWith('.') && (kind === 'folder' ? !/^(?:node_modules|__pycache__|mlruns|mlartifacts|venv)$/.test(name) : pattern.test(name)),
    )
    .map(({ name, kind }) => ({
      label: `${folder}${name}${kind === 'folder' ? '/' : ''}`,
      kind: kind === 'folder' ? CompletionItemKind.Folder : CompletionItemKind.File,
      span,
    }));
};
