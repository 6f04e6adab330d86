import { placeholders, readCommandTemplate, type CommandTemplate, type Placeholder } from '../../../schemas/command-template.ts';
import { readMlprojectDocument, type EntryPoint, type MlprojectReading, type Parameter } from '../../../schemas/mlproject.ts';
import { spansInSource } from '../../../schemas/scalar-source.ts';
import {
  asMapping,
  asScalar,
  asText,
  effectiveEntries,
  entryNamed,
  type Span,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
  type YamlScalar,
} from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { readShell, type ShellText } from '../../shell.ts';

/** An entry point together with the nodes that it was read from. */
export interface EntryPointTree extends EntryPoint {
  readonly entry: YamlEntry;
  readonly mapping: YamlMapping;
  readonly commandEntry: YamlEntry | undefined;
  readonly commandText: CommandText | undefined;
  readonly parametersEntry: YamlEntry | undefined;
  readonly declared: readonly ParameterTree[];
}

export interface ParameterTree extends Parameter {
  readonly entry: YamlEntry;
  readonly typeNode: YamlNode | undefined;
  readonly defaultNode: YamlNode | undefined;
}

/** A command as MLflow sees it, with the way back to where each character is written. */
export interface CommandText {
  readonly node: YamlScalar;
  readonly text: string;
  readonly template: CommandTemplate;
  readonly placeholders: readonly Placeholder[];
  readonly shell: ShellText;
  /** Where a part of the text stands in the file. */
  readonly spanOf: (span: Span) => Span;
}

export const reading = (document: Document): MlprojectReading => document.derive(readReading);

const readReading = (document: Document): MlprojectReading => readMlprojectDocument(document.yaml);

export const projectMapping = (document: Document): YamlMapping | undefined => asMapping(document.yaml.root);

export const entryOf = entryNamed;

export const entryPoints = (document: Document): readonly EntryPointTree[] => document.derive(readEntryPoints);

export const entryPointNamed = (document: Document, name: unknown): EntryPointTree | undefined =>
  entryPoints(document).find((entryPoint) => entryPoint.name === name);

/** The reader keeps the order of the file, so its entry points and the nodes go in step. */
const readEntryPoints = (document: Document): readonly EntryPointTree[] => {
  const mapping = asMapping(entryOf(projectMapping(document), 'entry_points')?.value);
  const entries = [...effectiveEntries(mapping).values()];
  return reading(document).value.entryPoints.flatMap((entryPoint, index) => {
    const entry = entries[index];
    const body = asMapping(entry?.value);
    return entry === undefined || body === undefined ? [] : [entryPointTree(document, entryPoint, entry, body)];
  });
};

const entryPointTree = (document: Document, entryPoint: EntryPoint, entry: YamlEntry, mapping: YamlMapping): EntryPointTree => {
  const commandEntry = entryOf(mapping, 'command');
  const parametersEntry = entryOf(mapping, 'parameters');
  const nodes = [...effectiveEntries(asMapping(parametersEntry?.value)).values()];
  const declared = entryPoint.parameters.flatMap((parameter, index) => {
    const node = nodes[index];
    return node === undefined ? [] : [parameterTree(parameter, node)];
  });
  const command = asScalar(commandEntry?.value);
  const commandText = command !== undefined && asText(command) !== undefined ? readCommand(document.text, command) : undefined;
  return { ...entryPoint, entry, mapping, commandEntry, commandText, parametersEntry, declared };
};

const parameterTree = (parameter: Parameter, entry: YamlEntry): ParameterTree => {
  const mapping = asMapping(entry.value);
  if (mapping === undefined) return { ...parameter, entry, typeNode: asText(entry.value) === undefined ? undefined : entry.value, defaultNode: undefined };
  return { ...parameter, entry, typeNode: entryOf(mapping, 'type')?.value, defaultNode: entryOf(mapping, 'default')?.value };
};

const readCommand = (file: string, node: YamlScalar): CommandText => {
  const template = readCommandTemplate(node.text);
  return {
    node,
    text: node.text,
    template,
    placeholders: placeholders(template),
    shell: readShell(node.text),
    spanOf: spansInSource(file, node),
  };
};

export const placeholderUses = (command: CommandText | undefined, name: string): readonly Placeholder[] =>
  command?.placeholders.filter((placeholder) => placeholder.name === name) ?? [];

/** The name inside the braces of a placeholder, in the file. */
export const nameSpan = (command: CommandText, { start, name }: Placeholder): Span => command.spanOf({ start: start + 1, end: start + 1 + name.length });
