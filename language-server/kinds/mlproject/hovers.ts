import { contains } from '../../../schemas/yaml-tree.ts';
import { folderOf, nameOf, uriInside } from '../../project-path.ts';
import { longName } from '../../../schemas/python/script-options.ts';
import type { HoverPart, HoverRequest, HoverText } from '../kind.ts';
import { code, inline } from '../markdown.ts';
import { effectiveCommand } from './decorations.ts';
import { describeModelUri } from '../model-uri-hover.ts';
import { scriptCalls } from './script-call.ts';
import { optionNamed } from './script-checks.ts';
import { entryPointNamed, type EntryPointTree, type ParameterTree } from './tree.ts';

const describeEntryPoint = ({ document, location }: HoverRequest): HoverText | undefined => {
  const entryPoint = location.entry === undefined ? undefined : entryPointNamed(document, location.path[1]);
  if (entryPoint?.commandText === undefined) return undefined;
  const required = entryPoint.declared.filter(({ defaultValue }) => defaultValue === undefined).map(({ name }) => ` -P ${name}=…`);
  const option = entryPoint.name === 'main' ? '' : ` -e ${entryPoint.name}`;
  return {
    markdown: `Entry point ${inline(entryPoint.name)}. With its defaults it runs\n\n${code(effectiveCommand(entryPoint), 'sh')}\n\nand is started by\n\n${code(`mlflow run .${option}${required.join('')}`, 'sh')}`,
    isComplete: true,
  };
};

const describeParameter = (entryPoint: EntryPointTree, parameter: ParameterTree): string => {
  const kind = parameter.defaultValue === undefined ? 'required' : `default ${inline(parameter.defaultValue)}`;
  return `Parameter ${inline(parameter.name)} of ${inline(entryPoint.name)}: ${inline(parameter.type)}, ${kind}.${meaningOf(parameter.type)}`;
};

const meaningOf = (type: string): string => {
  if (type === 'path')
    return '\n\nA local path becomes absolute and must exist; any other address is downloaded first, and the command gets the path of the copy.';
  return type === 'uri' ? '\n\nMust have a scheme, such as `s3:` or `file:`; it is passed as it is.' : '';
};

const describeDeclaration = ({ document, location }: HoverRequest): HoverText | undefined => {
  const entryPoint = entryPointNamed(document, location.path[1]);
  const parameter = entryPoint?.declared.find(({ name }) => name === location.path[3]);
  if (entryPoint === undefined || parameter === undefined || location.entry === undefined) return undefined;
  return { markdown: describeParameter(entryPoint, parameter), isComplete: true };
};

/** In a command: the placeholder, script or option under the cursor. */
const describeCommandPart = async (request: HoverRequest): Promise<HoverText | undefined> => {
  const entryPoint = entryPointNamed(request.document, request.location.path[1]);
  const command = entryPoint?.commandText;
  if (entryPoint === undefined || command === undefined || request.location.entry !== undefined) return undefined;
  const placeholder = command.placeholders.find((candidate) => contains(command.spanOf(candidate), request.offset));
  const parameter = entryPoint.declared.find(({ name }) => name === placeholder?.name);
  if (placeholder !== undefined && parameter !== undefined)
    return { markdown: describeParameter(entryPoint, parameter), span: command.spanOf(placeholder), isComplete: true };
  return describeOption(request, entryPoint);
};

const describeOption = async ({ document, offset, workspace }: HoverRequest, { commandText: command }: EntryPointTree): Promise<HoverText | undefined> => {
  for (const { path, words, span } of command === undefined ? [] : scriptCalls(command)) {
    const word = words.find((candidate) => command !== undefined && contains(command.spanOf(candidate), offset));
    const uri = uriInside(folderOf(document.uri), path);
    const script = uri === undefined ? undefined : await workspace.scripts.read(uri, workspace.files);
    if (command === undefined || script === undefined || uri === undefined) continue;
    if (contains(command.spanOf(span), offset)) {
      const options = script.interface.options.map(
        (option) =>
          `- ${inline(longName(option.names))}${option.isRequired ? ' (required)' : ''}${option.help === undefined ? '' : `: ${inline(option.help)}`}`,
      );
      return { markdown: `${inline(nameOf(uri))} takes\n\n${options.join('\n') || 'no options'}`, span: command.spanOf(span), isComplete: true };
    }
    const option = word === undefined ? undefined : optionNamed(script.interface, word.text.split('=', 1)[0] ?? '');
    if (word === undefined || option === undefined) continue;
    const facts = [
      option.type,
      option.isRequired ? 'required' : undefined,
      option.defaultValue === undefined ? undefined : `default ${option.defaultValue}`,
      option.choices === undefined ? undefined : `one of ${option.choices.join(', ')}`,
    ];
    const known = facts.filter((fact) => fact !== undefined).map(inline);
    return {
      markdown: `${inline(option.names.join(', '))} of ${inline(nameOf(uri))}${known.length > 0 ? `: ${known.join(', ')}` : ''}.${option.help === undefined ? '' : `\n\n${inline(option.help)}`}`,
      span: command.spanOf(word),
      isComplete: true,
    };
  }
  return undefined;
};

export const hovers: readonly HoverPart[] = [
  { at: ['entry_points', '*'], describe: describeEntryPoint },
  { at: ['entry_points', '*', 'parameters', '*'], describe: describeDeclaration },
  { at: ['entry_points', '*', 'parameters', '*', 'default'], describe: describeModelUri },
  { at: ['entry_points', '*', 'command'], describe: describeModelUri },
  { at: ['entry_points', '*', 'command'], describe: describeCommandPart },
];
