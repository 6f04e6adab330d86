import {
  DocumentHighlightKind,
  type ChangeAnnotation,
  type DocumentHighlight,
  type Location,
  type Position,
  type Range,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';

import { contains } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import { anchorAt } from '../kinds/anchor-names.ts';
import type { Named, NamedPlace } from '../kinds/kind.ts';
import { folderOf, uriInside } from '../project-path.ts';
import type { Workspace } from '../workspace.ts';

/** Definition, references, highlights and rename are the same question: which name stands here? */
const nameAt = async (document: Document, position: Position, workspace: Workspace): Promise<Named | undefined> => {
  const request = { document, offset: document.offsetAt(position), workspace };
  return (await document.kind.nameAt?.(request)) ?? anchorAt(request);
};

/** From a use to its declaration; from the declaration on to the script's option. */
export const definition = async (document: Document, position: Position, workspace: Workspace): Promise<Location[]> => {
  const named = await nameAt(document, position, workspace);
  if (named === undefined) return fileAt(document, position, workspace);
  const isOnDeclaration = placeAt(document, position, named)?.role === 'declaration';
  const wanted = named.places.filter(({ role }) => role === (isOnDeclaration ? 'option' : 'declaration'));
  return (wanted.length > 0 ? wanted : named.places.filter(({ role }) => role === 'declaration')).map(toLocation);
};

/** The file that a path under the cursor names. */
const fileAt = async (document: Document, position: Position, { files }: Workspace): Promise<Location[]> => {
  const offset = document.offsetAt(position);
  const reference = document.kind.references?.(document).find((candidate) => contains(candidate, offset));
  const uri = reference && uriInside(folderOf(document.uri), reference.path);
  if (uri === undefined || (await files.kindOf(uri)) !== 'file') return [];
  return [{ uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }];
};

export const references = async (document: Document, position: Position, workspace: Workspace, withDeclaration: boolean): Promise<Location[]> => {
  const named = await nameAt(document, position, workspace);
  return (named?.places ?? []).filter(({ role }) => withDeclaration || role !== 'declaration').map(toLocation);
};

export const highlights = async (document: Document, position: Position, workspace: Workspace): Promise<DocumentHighlight[]> => {
  const named = await nameAt(document, position, workspace);
  return (named?.places ?? [])
    .filter(({ uri }) => uri === document.uri)
    .map(({ range, role }) => ({ range, kind: role === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read }));
};

/** Where a rename would start; undefined where there is nothing to rename. */
export const prepareRename = async (
  document: Document,
  position: Position,
  workspace: Workspace,
): Promise<{ range: Range; placeholder: string } | undefined> => {
  const named = await nameAt(document, position, workspace);
  const place = placeAt(document, position, named);
  return named === undefined || place === undefined ? undefined : { range: place.range, placeholder: named.name };
};

export type Renaming = { readonly kind: 'edit'; readonly edit: WorkspaceEdit } | { readonly kind: 'refused'; readonly reason: string };

/** The file's own places at once; what the script would need is annotated, for the person to confirm. */
export const rename = async (document: Document, position: Position, newName: string, workspace: Workspace): Promise<Renaming> => {
  const named = await nameAt(document, position, workspace);
  if (named === undefined) return { kind: 'refused', reason: 'There is nothing to rename here.' };
  const reason = named.refuseName(newName);
  if (reason !== undefined) return { kind: 'refused', reason };
  const own: TextDocumentEdit = {
    textDocument: { uri: document.uri, version: document.version },
    edits: named.places.filter(({ role }) => role !== 'option').map(({ range }) => ({ range, newText: newName })),
  };
  return { kind: 'edit', edit: withCompanions(document, own, named, newName) };
};

const withCompanions = (document: Document, own: TextDocumentEdit, named: Named, newName: string): WorkspaceEdit => {
  const companions = named.companions(newName);
  if (companions.length === 0) return { documentChanges: [own] };
  const changeAnnotations: Record<string, ChangeAnnotation> = {};
  const edits = companions.map(({ uri, edit, label, description }): TextDocumentEdit => {
    changeAnnotations[label] = { label, description, needsConfirmation: true };
    return { textDocument: { uri, version: uri === document.uri ? document.version : null }, edits: [{ ...edit, annotationId: label }] };
  });
  return { documentChanges: [own, ...edits], changeAnnotations };
};

const placeAt = (document: Document, position: Position, named: Named | undefined): NamedPlace | undefined =>
  named?.places.find(({ uri, range }) => uri === document.uri && isIn(position, range));

const isIn = ({ line, character }: Position, { start, end }: Range): boolean =>
  (line > start.line || (line === start.line && character >= start.character)) && (line < end.line || (line === end.line && character <= end.character));

const toLocation = ({ uri, range }: NamedPlace): Location => ({ uri, range });
