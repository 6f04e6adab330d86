import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, Diagnostic, Hover } from 'vscode-languageserver-types';
import { MarkupContent } from 'vscode-languageserver-types';

import { Document } from '../../language-server/document.ts';
import type { Fix } from '../../language-server/finding.ts';
import { kindOf } from '../../language-server/kinds/kinds.ts';
import { LiveStore, type AskHost } from '../../language-server/live-store.ts';
import { ScriptCache } from '../../language-server/python/script-cache.ts';
import { complete } from '../../language-server/verbs/completion.ts';
import { diagnose } from '../../language-server/verbs/diagnostics.ts';
import { hover } from '../../language-server/verbs/hover.ts';
import type { FileSystem, FolderEntry, Workspace } from '../../language-server/workspace.ts';

const folder = 'file:///project';

/** Files in memory, by path relative to the project's folder. */
export const memoryFiles = (files: Readonly<Record<string, string>>): FileSystem => {
  const pathOf = (uri: string): string => uri.slice(folder.length + 1);
  const isFolder = (path: string): boolean => path === '' || Object.keys(files).some((file) => file.startsWith(`${path}/`));
  return {
    kindOf: async (uri) => {
      const path = pathOf(uri).replace(/\/$/, '');
      if (Object.hasOwn(files, path)) return 'file';
      return isFolder(path) ? 'folder' : undefined;
    },
    read: async (uri) => files[pathOf(uri)],
    list: async (uri) => {
      const prefix = pathOf(uri) === '' ? '' : `${pathOf(uri).replace(/\/$/, '')}/`;
      const below = Object.keys(files).filter((path) => path.startsWith(prefix));
      const entries = below.map((path): FolderEntry => {
        const [name = '', ...rest] = path.slice(prefix.length).split('/');
        return { name, kind: rest.length > 0 ? 'folder' : 'file' };
      });
      return [...new Map(entries.map((entry) => [entry.name, entry])).values()];
    },
  };
};

export const workspaceOf = (files: Readonly<Record<string, string>> = {}, ask?: AskHost): Workspace => ({
  files: memoryFiles(files),
  scripts: new ScriptCache(),
  live: new LiveStore(ask),
});

export const documentOf = (text: string, name = 'MLproject'): Document => {
  const uri = `${folder}/${name}`;
  const kind = kindOf(uri);
  if (kind === undefined) throw new Error(`No kind of file is named ${name}`);
  return new Document(TextDocument.create(uri, 'yaml', 1, text), kind);
};

/** A document whose text holds `|` where the cursor is; the last one counts, so that block scalars can be written. */
export const withCursor = (marked: string, name?: string) => {
  const offset = marked.lastIndexOf('|');
  if (offset < 0) throw new Error('There is no | in the text');
  const document = documentOf(marked.slice(0, offset) + marked.slice(offset + 1), name);
  return { document, position: document.positionAt(offset) };
};

export interface InFile {
  readonly name?: string;
  readonly files?: Readonly<Record<string, string>>;
}

export const completeItems = async (marked: string, { name, files }: InFile = {}): Promise<readonly CompletionItem[]> => {
  const { document, position } = withCursor(marked, name);
  return complete(document, position, workspaceOf(files));
};

export const completeLabels = async (marked: string, where: InFile = {}): Promise<readonly string[]> =>
  (await completeItems(marked, where)).map(({ label }) => label);

export const hoverText = async (marked: string, { name, files }: InFile = {}): Promise<string | undefined> => {
  const { document, position } = withCursor(marked, name);
  return markdownOf(await hover(document, position, workspaceOf(files)));
};

const markdownOf = (found: Hover | undefined): string | undefined => (MarkupContent.is(found?.contents) ? found.contents.value : undefined);

export const diagnosticsOf = async (text: string, { name, files }: InFile = {}): Promise<readonly Diagnostic[]> =>
  diagnose(documentOf(text, name), workspaceOf(files));

/** Diagnostics in one line each: `error 2:3-2:9 code: message`, lines and columns from 1. */
export const diagnosticLines = async (text: string, where: InFile = {}): Promise<readonly string[]> => (await diagnosticsOf(text, where)).map(formatDiagnostic);

const severityWords = ['', 'error', 'warning', 'information', 'hint'];

export const formatDiagnostic = ({ severity, range: { start, end }, code, message }: Diagnostic): string =>
  `${severityWords[severity ?? 0]} ${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1} ${code}: ${typeof message === 'string' ? message : message.value}`;

export interface FixApplication {
  readonly title: string;
  /** The document after the fix. */
  readonly text: string;
}

/** Applies a fix to the document that it was made for. */
export const applyFix = (document: Document, { title, edits }: Fix): FixApplication => ({
  title,
  text: TextDocument.applyEdits(TextDocument.create(document.uri, 'yaml', 1, document.text), [...(edits[document.uri] ?? [])]),
});
