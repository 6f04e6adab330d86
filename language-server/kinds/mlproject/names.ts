import { contains, spanOf } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { folderOf, nameOf, uriInside } from '../../project-path.ts';
import { longName, type ScriptOption } from '../../../schemas/python/script-options.ts';
import type { Script } from '../../python/script-cache.ts';
import type { CompanionEdit, Named, NamedPlace, NameRequest } from '../kind.ts';
import { optionNamed } from './script-checks.ts';
import { readPassedWords, scriptCalls, type PassedOption } from './script-call.ts';
import { entryPoints, nameSpan, placeholderUses, type EntryPointTree, type ParameterTree } from './tree.ts';

/** The parameter whose declaration or placeholder stands at an offset. */
export const parameterNameAt = async ({ document, offset, workspace }: NameRequest): Promise<Named | undefined> => {
  const found = parameterAt(document, offset);
  if (found === undefined) return undefined;
  const { entryPoint, name } = found;
  const declared = entryPoint.declared.filter((parameter) => parameter.name === name);
  const links = await optionLinks(entryPoint, name, async (path) => {
    const uri = uriInside(folderOf(document.uri), path);
    return uri === undefined ? undefined : workspace.scripts.read(uri, workspace.files);
  });
  return {
    name,
    places: [
      ...declared.map((parameter) => declarationOf(document, parameter)),
      ...usesOf(document, entryPoint, name),
      ...links.map(({ script, option }): NamedPlace => ({ uri: script.uri, range: script.rangeOf(option.span), role: 'option' })),
    ],
    refuseName: (newName) => refuseName(entryPoint, name, newName),
    companions: (newName) => links.flatMap((link) => companionsOf(document, entryPoint, name, newName, link)),
  };
};

export const parameterAt = (document: Document, offset: number): { entryPoint: EntryPointTree; name: string } | undefined => {
  for (const entryPoint of entryPoints(document)) {
    const declared = entryPoint.declared.find(({ entry }) => contains(entry.key, offset));
    if (declared !== undefined) return { entryPoint, name: declared.name };
    const { commandText: command } = entryPoint;
    if (command === undefined || !contains(command.node, offset)) continue;
    const placeholder = command.placeholders.find((candidate) => contains(command.spanOf(candidate), offset));
    if (placeholder !== undefined && placeholder.name !== '') return { entryPoint, name: placeholder.name };
  }
  return undefined;
};

const declarationOf = (document: Document, { entry }: ParameterTree): NamedPlace => ({
  uri: document.uri,
  range: document.rangeOf(innerSpan(document, entry.key)),
  role: 'declaration',
});

/** Without quotes, so that a new name keeps them. */
const innerSpan = (document: Document, { start, end }: { start: number; end: number }) =>
  /["']/.test(document.text.charAt(start)) ? { start: start + 1, end: end - 1 } : { start, end };

const usesOf = (document: Document, { commandText: command }: EntryPointTree, name: string): readonly NamedPlace[] =>
  command === undefined
    ? []
    : placeholderUses(command, name).map((placeholder) => ({
        uri: document.uri,
        range: document.rangeOf(nameSpan(command, placeholder)),
        role: 'use' as const,
      }));

const refuseName = ({ declared }: EntryPointTree, name: string, newName: string): string | undefined => {
  if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(newName))
    return 'A name that fits into braces and a command starts with a letter and holds letters, digits, dashes and underscores.';
  return newName !== name && declared.some((parameter) => parameter.name === newName) ? `There is a parameter '${newName}' already.` : undefined;
};

/** An option of a script that this parameter is passed to and that has its name. */
interface OptionLink {
  readonly script: Script;
  readonly option: ScriptOption;
  readonly passed: PassedOption;
}

const optionLinks = async (entryPoint: EntryPointTree, name: string, read: (path: string) => Promise<Script | undefined>): Promise<readonly OptionLink[]> => {
  const calls = entryPoint.commandText === undefined ? [] : scriptCalls(entryPoint.commandText).filter(({ language }) => language === 'python');
  const links = calls.map(async ({ path, words }): Promise<readonly OptionLink[]> => {
    const script = await read(path);
    if (script === undefined) return [];
    const { options } = readPassedWords(entryPoint, words, (option) => optionNamed(script.interface, option)?.values);
    return options.flatMap((passed) => {
      const option = passed.value?.parameter?.name === name ? optionNamed(script.interface, passed.name) : undefined;
      return option === undefined ? [] : [{ script, option, passed }];
    });
  });
  return (await Promise.all(links)).flat();
};

const sameName = (option: string, parameter: string): boolean => option.replace(/^-+/, '').replaceAll('-', '_') === parameter.replaceAll('-', '_');

/** The option's new name in the script and in the command. The script's variable keeps its name. */
const companionsOf = (
  document: Document,
  { commandText: command }: EntryPointTree,
  name: string,
  newName: string,
  { script, option, passed }: OptionLink,
): readonly CompanionEdit[] => {
  const old = longName(option.names);
  if (command === undefined || !sameName(old, name) || passed.name !== old) return [];
  const label = `Rename the option in ${nameOf(script.uri)}`;
  const renamed = `--${newName.replaceAll('_', old.includes('_') ? '_' : old.includes('-', 2) ? '-' : '_')}`;
  const inScript = renamedInScript(script, option, old, renamed);
  if (inScript === undefined) return [];
  const description = `${old} becomes ${renamed} there and in the command`;
  return [
    { uri: script.uri, edit: inScript, label, description },
    { uri: document.uri, edit: document.edit(command.spanOf(passed.span), renamed), label, description },
  ];
};

/** argparse takes `dest`, click a name without dashes, for the variable; a typer option that is only a parameter stays. */
const renamedInScript = (script: Script, { span, names }: ScriptOption, old: string, renamed: string): CompanionEdit['edit'] | undefined => {
  const { framework } = script.interface;
  const variable = old.replace(/^-+/, '').replaceAll('-', '_');
  const quote = script.text[span.end];
  if (framework === 'typer' || names.length > 2 || (quote !== '"' && quote !== "'"))
    return script.text.startsWith(old, span.start) ? { range: script.rangeOf(span), newText: renamed } : undefined;
  const rest = script.text.slice(span.end, script.text.indexOf('\n', span.end) + 1 || undefined);
  const hasVariable = framework === 'argparse' ? /\bdest\s*=/.test(rest) : new RegExp(`^.\\s*,\\s*["']${variable}["']`).test(rest);
  if (hasVariable) return { range: script.rangeOf(span), newText: renamed };
  return {
    range: script.rangeOf({ start: span.start, end: span.end + 1 }),
    newText: framework === 'argparse' ? `${renamed}${quote}, dest=${quote}${variable}${quote}` : `${renamed}${quote}, ${quote}${variable}${quote}`,
  };
};

/** Where an entry point or anything else has a name that only this file knows. */
export const entryPointNameAt = ({ document, offset }: NameRequest): Named | undefined => {
  const all = entryPoints(document);
  const found = all.find(({ entry }) => contains(entry.key, offset));
  if (found === undefined) return undefined;
  const place: NamedPlace = { uri: document.uri, range: document.rangeOf(innerSpan(document, spanOf(found.entry.key))), role: 'declaration' };
  return {
    name: found.name,
    places: [place],
    companions: () => [],
    refuseName: (name) => {
      if (!/^[^\s:#{}[\],&*!|>'"%@`?-][^:#{}[\],]*$/.test(name)) return 'Choose a name of letters, digits, dashes, dots and underscores.';
      return name !== found.name && all.some((other) => other.name === name) ? `There is an entry point '${name}' already.` : undefined;
    },
  };
};
