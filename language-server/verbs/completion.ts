import { CompletionItemKind, InsertTextFormat, MarkupKind, type CompletionItem, type Position } from 'vscode-languageserver-types';

import { cursorAt, type Cursor } from '../cursor.ts';
import type { Document } from '../document.ts';
import type { CompletionRequest, Suggestion } from '../kinds/kind.ts';
import { matchesPath } from '../path.ts';
import type { JsonSchema } from '../schema.ts';
import type { Workspace } from '../workspace.ts';

export const complete = async (document: Document, position: Position, workspace: Workspace): Promise<CompletionItem[]> => {
  const offset = document.offsetAt(position);
  const cursor = cursorAt(document.text, offset);
  if (cursor === undefined) return [];
  const request = asValueWhereNoKeysAre({ document, cursor, offset, workspace });
  const special = await Promise.all(completersFor(request).map(async ({ suggest }) => suggest(request)));
  const suggestions = unique([...special.flat(), ...fromSchema(request)]);
  return suggestions.map((suggestion, index) => toItem(request, suggestion, index));
};

/** The first word below a key may be a text: where the schema has a scalar, it is one. */
const asValueWhereNoKeysAre = (request: CompletionRequest): CompletionRequest => {
  const { cursor, document } = request;
  if (cursor.role !== 'key' || cursor.hasColon || cursor.path.length === 0) return request;
  const alternatives = document.kind.schema.alternativesAt(cursor.path);
  const hasMapping = alternatives.length === 0 || alternatives.some(({ type }) => type === undefined || [type].flat().includes('object'));
  return hasMapping ? request : { ...request, cursor: { ...cursor, role: 'value' } };
};

const completersFor = ({ document, cursor }: CompletionRequest) =>
  document.kind.completers.filter(({ at, role }) => (role === 'any' || role === cursor.role) && matchesPath(at, cursor.path));

const unique = (suggestions: readonly Suggestion[]): readonly Suggestion[] =>
  [...new Map(suggestions.toReversed().map((suggestion) => [suggestion.label, suggestion])).values()].toReversed();

const fromSchema = (request: CompletionRequest): readonly Suggestion[] => (request.cursor.role === 'key' ? keysFromSchema(request) : valuesFromSchema(request));

const keysFromSchema = ({ document, cursor }: CompletionRequest): readonly Suggestion[] =>
  [...document.kind.schema.keysAt(cursor.path)]
    .filter(([key, { deprecated }]) => !cursor.siblings.has(key) && deprecated !== true)
    .map(([key, schema]) => ({
      label: key,
      kind: CompletionItemKind.Property,
      ...(schema.description === undefined ? {} : { documentation: schema.description }),
      snippet: cursor.hasColon ? key : keySnippet(key, schema, cursor),
    }));

const keySnippet = (key: string, schema: JsonSchema, { isFlow }: Cursor): string => {
  const types = [schema.type ?? schema.oneOf?.[0]?.type ?? 'string'].flat();
  if (types.includes('object')) return isFlow ? `${key}: {$0}` : `${key}:\n  $0`;
  if (types.includes('array')) return isFlow ? `${key}: [$0]` : `${key}:\n  - $0`;
  return `${key}: $0`;
};

/** Behind a colon without a space nothing is offered; a word that is being typed is replaced as a whole. */
const valuesFromSchema = ({ document, cursor, offset }: CompletionRequest): readonly Suggestion[] => {
  if (cursor.scalar.style === 'literal' || cursor.scalar.style === 'folded') return [];
  const typed = document.text.slice(cursor.word.start, offset);
  return document.kind.schema.alternativesAt(cursor.path).flatMap((schema) => valuesOf(schema, typed));
};

/** An example is one of many values: it is of use for a single word, or as long as what is typed can become it. */
const valuesOf = (schema: JsonSchema, typed: string): readonly Suggestion[] => {
  const fixed = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  const booleans = [schema.type ?? []].flat().includes('boolean') && [schema.type].flat().length === 1 ? [true, false] : [];
  const examples = (schema.examples ?? []).filter((example) => /^[\w-]*$/.test(typed) || String(example).startsWith(typed));
  const values = [...fixed, ...booleans, ...examples].filter((value) => typeof value !== 'object');
  return values.map((value) => ({
    label: String(value),
    kind: fixed.length > 0 ? CompletionItemKind.EnumMember : CompletionItemKind.Value,
    ...(value === schema.default ? { detail: 'default' } : {}),
    ...(schema.description === undefined ? {} : { documentation: schema.description }),
  }));
};

const toItem = ({ document, cursor }: CompletionRequest, suggestion: Suggestion, index: number): CompletionItem => ({
  label: suggestion.label,
  kind: suggestion.kind,
  ...(suggestion.detail === undefined ? {} : { detail: suggestion.detail }),
  ...(suggestion.documentation === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: suggestion.documentation } }),
  sortText: String(index).padStart(4, '0'),
  insertTextFormat: suggestion.snippet === undefined ? InsertTextFormat.PlainText : InsertTextFormat.Snippet,
  textEdit: document.edit(suggestion.span ?? cursor.word, suggestion.snippet ?? suggestion.label),
});
