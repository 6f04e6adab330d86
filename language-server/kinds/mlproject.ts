import { CompletionItemKind } from 'vscode-languageserver-types';

import schema from '../../schemas/mlproject.schema.json' with { type: 'json' };
import { readMlprojectDocument, type EntryPoint, type MlprojectReading } from '../../schemas/mlproject.ts';
import type { Document } from '../document.ts';
import { SchemaWalker } from '../schema.ts';
import type { Check, Completer, CompletionRequest, FileKind, Suggestion } from './kind.ts';
import { checkKeys, checkSize } from './yaml-checks.ts';

const readProject = (document: Document): MlprojectReading => readMlprojectDocument(document.yaml);

const checkReading: Check = (document) => document.derive(readProject).problems;

const entryPointOf = (document: Document, name: string): EntryPoint | undefined =>
  document.derive(readProject).value.entryPoints.find((entryPoint) => entryPoint.name === name);

const entryPointNames = ['main', 'train', 'evaluate', 'predict'];

const suggestEntryPoints = ({ cursor }: CompletionRequest): readonly Suggestion[] =>
  cursor.hasColon
    ? []
    : entryPointNames
        .filter((name) => !cursor.siblings.has(name))
        .map((name) => ({
          label: name,
          kind: CompletionItemKind.Module,
          detail: 'entry point',
          snippet: cursor.isFlow ? `${name}: {command: "$0"}` : `\${1:${name}}:\n  parameters:\n    \${2:alpha}: {type: \${3:float}, default: \${4:0.5}}\n  command: "python \${5:train.py} --$2 {$2}"$0`,
        }));

const suggestPlaceholders = ({ document, cursor, offset }: CompletionRequest): readonly Suggestion[] => {
  const open = /(?<!\{)\{([^{}\s]*)$/.exec(document.text.slice(cursor.scalar.start, offset));
  const entryPoint = entryPointOf(document, String(cursor.path[1]));
  if (open === null || entryPoint === undefined) return [];
  const start = offset - (open[1]?.length ?? 0);
  const behind = /^[^{}\s"']*(\}?)/.exec(document.text.slice(offset));
  const span = { start, end: offset + (behind?.[0].length ?? 0) };
  return entryPoint.parameters.map(({ name, type, defaultValue }) => ({
    label: name,
    kind: CompletionItemKind.Variable,
    detail: defaultValue === undefined ? `${type}, required` : `${type} = ${defaultValue}`,
    snippet: `${name}\\}`,
    span,
  }));
};

const completers: readonly Completer[] = [
  { at: ['entry_points'], role: 'key', suggest: suggestEntryPoints },
  { at: ['entry_points', '*', 'command'], role: 'value', suggest: suggestPlaceholders },
];

export const mlproject: FileKind = {
  name: 'MLproject',
  schema: new SchemaWalker(schema),
  checks: [checkSize, checkReading, checkKeys],
  completers,
  hovers: [],
};
