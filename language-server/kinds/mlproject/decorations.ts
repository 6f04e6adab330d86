import { SymbolKind } from 'vscode-languageserver-types';

import { placeholders, type CommandPart } from '../../../schemas/command-template.ts';
import { asScalar, asText, spanOf } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { matchesPath, type Path } from '../../path.ts';
import type { FileReference, Hint, Token } from '../kind.ts';
import { scriptCalls } from './script-call.ts';
import { entryOf, entryPoints, projectMapping, reading, type CommandText, type EntryPointTree } from './tree.ts';

export const tokens = (document: Document): readonly Token[] =>
  entryPoints(document).flatMap((entryPoint) => [
    { ...spanOf(entryPoint.entry.key), type: 'function' as const, isDeclaration: true },
    ...entryPoint.declared.flatMap(({ entry, typeNode }): readonly Token[] => [
      { ...spanOf(entry.key), type: 'parameter', isDeclaration: true },
      ...(asScalar(typeNode) === undefined || typeNode === undefined ? [] : [{ ...spanOf(typeNode), type: 'type' as const }]),
    ]),
    ...(entryPoint.commandText === undefined ? [] : commandTokens(entryPoint.commandText)),
  ]);

const commandTokens = (command: CommandText): readonly Token[] => [
  ...placeholders(command.template).map((placeholder): Token => ({ ...command.spanOf(placeholder), type: 'parameter' })),
  ...command.shell.commands.flatMap(({ words }) =>
    words.filter(({ text }) => /^--?[A-Za-z][\w-]*$/.test(text)).map((word): Token => ({ ...command.spanOf(word), type: 'property' })),
  ),
];

export const references = (document: Document): readonly FileReference[] => {
  const { environment } = reading(document).value;
  const file = environment.kind === 'python' || environment.kind === 'conda' ? [{ ...environment.span, path: environment.file }] : [];
  const pythonFile = entryOf(projectMapping(document), 'databricks_spark_job')?.value;
  const job = pythonFile?.kind === 'mapping' ? entryOf(pythonFile, 'python_file')?.value : undefined;
  const scripts = entryPoints(document).flatMap(({ commandText: command }) =>
    command === undefined ? [] : scriptCalls(command).map(({ path, span }) => ({ ...command.spanOf(span), path })),
  );
  const paths = entryPoints(document).flatMap(({ declared }) =>
    declared.flatMap(({ type, defaultNode }) =>
      type === 'path' && defaultNode !== undefined ? [{ ...spanOf(defaultNode), path: asText(defaultNode) ?? '' }] : [],
    ),
  );
  return [...file, ...(job === undefined ? [] : [{ ...spanOf(job), path: asText(job) ?? '' }]), ...scripts, ...paths];
};

/** The command with the defaults put in; what has none stays as its placeholder. */
export const effectiveCommand = ({ declared, commandText }: EntryPointTree): string => {
  const defaults = new Map(declared.map(({ name, defaultValue }) => [name, defaultValue]));
  const show = (part: CommandPart): string => {
    if (part.kind === 'text') return part.text;
    const value = defaults.get(part.name);
    return value === undefined ? `<${part.name}>` : shellQuoted(value);
  };
  return (commandText?.template.parts ?? []).map(show).join('').trim();
};

/** `shlex.quote` */
const shellQuoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);

export const hints = (document: Document): readonly Hint[] =>
  entryPoints(document).flatMap((entryPoint) => {
    const { commandText: command } = entryPoint;
    if (command === undefined || command.placeholders.length === 0 || command.template.problem !== undefined) return [];
    const firstLine = document.text.indexOf('\n', command.node.start);
    const offset = command.node.style === 'literal' || command.node.style === 'folded' ? firstLine : command.node.end;
    const text = effectiveCommand(entryPoint).replaceAll(/\s+/g, ' ');
    return [{ offset, text: text.length > 80 ? `${text.slice(0, 79)}…` : text, tooltip: `With defaults: ${text}` }];
  });

export const symbolKind = (path: Path): SymbolKind | undefined => {
  if (matchesPath(['entry_points', '*'], path)) return SymbolKind.Function;
  return matchesPath(['entry_points', '*', 'parameters', '*'], path) ? SymbolKind.Variable : undefined;
};
