import { CompletionItemKind } from 'vscode-languageserver-types';

import type { Span } from '../../../schemas/yaml-tree.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import { longName } from '../../../schemas/python/script-options.ts';
import { readShell, type ShellWord } from '../../shell.ts';
import type { Completer, CompletionRequest, Suggestion } from '../kind.ts';
import { namesExperiment, packageCompleter, suggestExperiments, suggestModelUris } from '../live-suggestions.ts';
import { pathSuggestions } from '../path-suggestions.ts';
import { declaredType } from './script-checks.ts';
import { entryPointNamed } from './tree.ts';

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
          snippet: cursor.isFlow ? `${name}: {command: "$0"}` : skeleton(name),
        }));

const skeleton = (name: string): string =>
  [`\${1:${name}}:`, '  parameters:', '    ${2:alpha}: {type: ${3:float}, default: ${4:0.5}}', '  command: "python ${5:train.py} --$2 {$2}"$0'].join('\n');

/** Names that the command uses and nobody declares, and options of its scripts. */
const suggestParameters = async ({ document, cursor, workspace }: CompletionRequest): Promise<readonly Suggestion[]> => {
  const entryPoint = entryPointNamed(document, cursor.path[1]);
  if (cursor.hasColon) return [];
  const used = (entryPoint?.commandText?.placeholders ?? []).map(({ name }) => ({ name, type: 'string' }));
  const options = await optionsOfScripts(document.uri, entryPoint?.commandText?.text ?? '', workspace);
  const fromScripts = options.map((option) => ({ name: longName(option.names).replace(/^-+/, '').replaceAll('-', '_'), type: declaredType(option) }));
  const names = new Map([...fromScripts, ...used].map(({ name, type }) => [name, type]));
  return [...names]
    .filter(([name]) => name !== '' && !cursor.siblings.has(name))
    .map(([name, type]) => ({ label: name, kind: CompletionItemKind.Variable, detail: 'parameter', snippet: `${name}: \${1:${type}}$0` }));
};

const optionsOfScripts = async (uri: string, command: string, workspace: CompletionRequest['workspace']) => {
  const paths = readShell(command).commands.flatMap(({ words }) => words.filter(({ text }) => text.endsWith('.py')).map(({ text }) => text));
  const scripts = await Promise.all(paths.map(async (path) => readScriptAt(uri, path, workspace)));
  return scripts.flatMap((script) => script?.interface.options ?? []);
};

const readScriptAt = async (document: string, path: string, workspace: CompletionRequest['workspace']) => {
  const uri = uriInside(folderOf(document), path);
  return uri === undefined ? undefined : workspace.scripts.read(uri, workspace.files);
};

const suggestInCommand = async (request: CompletionRequest): Promise<readonly Suggestion[]> => {
  const before = textBefore(request);
  const open = /(?<!\{)\{([^{}\s]*)$/.exec(before);
  if (open !== null) return suggestPlaceholders(request, open[1] ?? '');
  const word = /[^\s"'|&;]*$/.exec(before)?.[0] ?? '';
  const span = { start: request.offset - word.length, end: request.offset };
  if (word.startsWith('-')) return suggestOptions(request, before, span);
  if (/^(?:models|runs):/.test(word)) return suggestModelUris(request, word, span);
  const option = lastCommand(`${before}x`).at(-2)?.text ?? '';
  if (namesExperiment(option)) return suggestExperiments(request, span);
  return suggestScripts(request, before, word, span);
};

/** The command up to the cursor, without the quote or block header that it starts with. Only in a literal block lines are kept apart. */
const textBefore = ({ document, cursor, offset }: CompletionRequest): string => {
  const text = document.text.slice(cursor.scalar.start, offset).replace(/^(?:[|>][-+\d]*|["'])/, '');
  return cursor.scalar.style === 'literal' ? text : text.replaceAll(/[\r\n]/g, ' ');
};

const suggestPlaceholders = ({ document, cursor, offset }: CompletionRequest, typed: string): readonly Suggestion[] => {
  const behind = /^[^{}\s"']*(\}?)/.exec(document.text.slice(offset));
  const span = { start: offset - typed.length, end: offset + (behind?.[0].length ?? 0) };
  return (entryPointNamed(document, cursor.path[1])?.parameters ?? []).map(({ name, type, defaultValue }) => ({
    label: name,
    kind: CompletionItemKind.Variable,
    detail: defaultValue === undefined ? `${type}, required` : `${type} = ${defaultValue}`,
    snippet: `${name}\\}`,
    span,
  }));
};

const suggestOptions = async ({ document, workspace, cursor }: CompletionRequest, before: string, span: Span): Promise<readonly Suggestion[]> => {
  const words = lastCommand(before);
  const script = words.find(({ text }) => text.endsWith('.py'));
  const found = script === undefined ? undefined : await readScriptAt(document.uri, script.text, workspace);
  const passed = new Set(words.map(({ text }) => text.split('=', 1)[0]));
  const declared = new Set((entryPointNamed(document, cursor.path[1])?.parameters ?? []).map(({ name }) => name));
  return (found?.interface.options ?? [])
    .filter(({ names }) => !names.some((name) => passed.has(name)))
    .map((option) => {
      const name = longName(option.names);
      const parameter = name.replace(/^-+/, '').replaceAll('-', '_');
      const value = declared.has(parameter) ? ` {${parameter}\\}` : ' ${1}';
      return {
        label: name,
        kind: CompletionItemKind.Field,
        span,
        snippet: option.values === 0 ? name : `${name}${value}`,
        detail: option.isRequired ? 'required' : (option.type ?? 'option'),
        ...(option.help === undefined ? {} : { documentation: option.help }),
      };
    });
};

const lastCommand = (before: string): readonly ShellWord[] => readShell(before).commands.at(-1)?.words ?? [];

/** Scripts of the folder that the path so far is in; `python` itself at the start of a command. */
const suggestScripts = async ({ document, workspace }: CompletionRequest, before: string, word: string, span: Span): Promise<readonly Suggestion[]> => {
  const words = lastCommand(`${before}x`);
  if (words.length <= 1) return ['python', 'bash', 'Rscript'].map((label) => ({ label, kind: CompletionItemKind.Keyword, snippet: `${label} $0`, span }));
  if (words.length > 2 || !/^(?:python[\d.]*|bash|sh|Rscript)$/.test(words[0]?.text ?? '')) return [];
  const extension = words[0]?.text.startsWith('python') === true ? /\.py$/ : /\.(?:sh|R)$/;
  return pathSuggestions(document.uri, word, span, workspace.files, extension);
};

const suggestFile =
  (pattern: RegExp) =>
  async ({ document, cursor, workspace, offset }: CompletionRequest): Promise<readonly Suggestion[]> =>
    pathSuggestions(document.uri, document.text.slice(cursor.word.start, offset), cursor.word, workspace.files, pattern);

/** `true` and `false`, a number or a file, after the type of the parameter. */
const suggestDefaults = async (request: CompletionRequest): Promise<readonly Suggestion[]> => {
  const { cursor, document, offset } = request;
  const type = entryPointNamed(document, cursor.path[1])?.parameters.find(({ name }) => name === cursor.path[3])?.type;
  if (namesExperiment(String(cursor.path[3]))) return suggestExperiments(request, cursor.word);
  const typed = document.text.slice(cursor.word.start, offset);
  const uris = type === 'uri' || /^(?:models|runs):/.test(typed) ? await suggestModelUris(request, typed, cursor.word) : [];
  if (type === 'path') return [...uris, ...(await suggestFile(/./)(request))];
  const values: ReadonlyMap<string | undefined, readonly string[]> = new Map([
    ['bool', ['true', 'false']],
    ['boolean', ['true', 'false']],
    ['float', ['0.5', '1.0']],
    ['int', ['1', '10']],
    ['uri', ['"s3://bucket/path"', '"file:///path"']],
    ['string', ['""']],
  ]);
  const examples = (values.get(type) ?? []).map((label) => ({ label, kind: CompletionItemKind.Value, detail: `default of type ${type ?? 'string'}` }));
  return [...uris, ...examples];
};

const parameter = ['entry_points', '*', 'parameters', '*'] as const;

export const completers: readonly Completer[] = [
  { at: ['entry_points'], role: 'key', suggest: suggestEntryPoints },
  { at: ['entry_points', '*', 'parameters'], role: 'key', suggest: suggestParameters },
  { at: ['entry_points', '*', 'command'], role: 'value', suggest: suggestInCommand },
  { at: [...parameter, 'default'], role: 'value', suggest: suggestDefaults },
  { at: ['python_env'], role: 'value', suggest: suggestFile(/python_env.*\.ya?ml$/) },
  { at: ['conda_env'], role: 'value', suggest: suggestFile(/(?:conda|environment).*\.ya?ml$/) },
  packageCompleter(['databricks_spark_job', 'python_libraries', '*']),
  { at: ['databricks_spark_job', 'python_file'], role: 'value', suggest: suggestFile(/\.py$/) },
];
