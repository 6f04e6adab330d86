import { CompletionItemKind } from 'vscode-languageserver-types';

import schema from '../../schemas/mlproject.schema.json' with { type: 'json' };
import { SchemaWalker } from '../schema.ts';
import type { Completer, CompletionRequest, FileKind, Suggestion } from './kind.ts';
import { checkCommands } from './mlproject/command-checks.ts';
import { checkEnvironment } from './mlproject/environment-checks.ts';
import { checkParameters } from './mlproject/parameter-checks.ts';
import { checkEntryPoints, checkFileName, checkSparkJob } from './mlproject/project-checks.ts';
import { checkReading } from './mlproject/reading-check.ts';
import { checkScripts } from './mlproject/script-checks.ts';
import { entryPointNamed } from './mlproject/tree.ts';
import { checkDuplicateKeys, checkKeys, checkSize } from './yaml-checks.ts';

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
          snippet: cursor.isFlow
            ? `${name}: {command: "$0"}`
            : `\${1:${name}}:\n  parameters:\n    \${2:alpha}: {type: \${3:float}, default: \${4:0.5}}\n  command: "python \${5:train.py} --$2 {$2}"$0`,
        }));

const suggestPlaceholders = ({ document, cursor, offset }: CompletionRequest): readonly Suggestion[] => {
  const open = /(?<!\{)\{([^{}\s]*)$/.exec(document.text.slice(cursor.scalar.start, offset));
  const entryPoint = entryPointNamed(document, cursor.path[1]);
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
  checks: [
    checkFileName,
    checkSize,
    checkReading,
    checkDuplicateKeys,
    checkKeys,
    checkEntryPoints,
    checkCommands,
    checkParameters,
    checkEnvironment,
    checkScripts,
    checkSparkJob,
  ],
  completers,
  hovers: [],
};
