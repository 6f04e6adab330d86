import { basename, extname } from 'node:path';
import { Document } from 'yaml';

import { readScript, longName, type ScriptInterface, type ScriptOption } from '../../schemas/python/script-options.ts';
import { quoteForBash } from '../shared/shell-quote.ts';

export interface ScaffoldFolder {
  /** Of the folder. */
  readonly name: string;
  /** Names of what lies in it. */
  readonly files: readonly string[];
  readonly scripts: readonly SourceFile[];
}

export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** Files to write, by name: an MLproject file, and a python_env.yaml where requirements.txt is all there is. */
export const scaffoldProject = ({ name, files, scripts }: ScaffoldFolder): ReadonlyMap<string, string> => {
  const programs = programsOf(scripts);
  const entryPoints = Object.fromEntries((programs.length === 0 ? [skeleton] : programs).map((program) => [program.name, entryPointOf(program)]));
  const environment = environmentOf(files);
  const mlproject = yamlText({ name, ...environment.reference, entry_points: entryPoints });
  return new Map([['MLproject', mlproject], ...environment.files]);
};

interface Program {
  /** Of its entry point. */
  readonly name: string;
  readonly file: string;
  readonly interface?: ScriptInterface;
}

const skeleton: Program = { name: 'main', file: 'main.py' };

/** The script that is most likely meant becomes `main`. */
const mainNames = ['main.py', 'train.py', 'run.py'];

const programsOf = (scripts: readonly SourceFile[]): readonly Program[] => {
  const programs = scripts.filter(isProgram);
  const main = mainNames.map((name) => programs.find((script) => script.name === name)).find((script) => script !== undefined) ?? programs[0];
  const ordered = programs.toSorted((a, b) => Number(b === main) - Number(a === main) || (a.name < b.name ? -1 : 1));
  return ordered.map(({ name, text }) => {
    const found = readScript(text);
    return { name: name === main?.name ? 'main' : basename(name, extname(name)), file: name, ...(found !== undefined && { interface: found }) };
  });
};

const isProgram = ({ name, text }: SourceFile): boolean =>
  !/^(?:test_|conftest\.|setup\.|__)/.test(name) &&
  (/^if __name__ == ['"]__main__['"]:/m.test(text) || readScript(text) !== undefined || mainNames.includes(name));

interface ScaffoldedParameter {
  readonly name: string;
  readonly declaration: { readonly type: string; readonly default?: string | number };
  /** Words of the command. */
  readonly words: readonly string[];
}

const entryPointOf = (program: Program): object => {
  const parameters = parametersOf(program.interface);
  const command = ['python', quoteForBash(program.file), ...parameters.flatMap(({ words }) => words)].join(' ');
  const declared = Object.fromEntries(parameters.map(({ name, declaration }) => [name, declaration]));
  return { ...(parameters.length > 0 && { parameters: declared }), command };
};

/** Options whose default is not known stay out: a run can still be given them. So do flags, which take no value. */
const parametersOf = (script: ScriptInterface | undefined): readonly ScaffoldedParameter[] => {
  if (script === undefined) return [];
  const positionals = script.positionals.filter(({ isRequired }) => isRequired).map(({ name }) => parameterOf(name, { type: 'string' }, []));
  const options = script.options.filter((option) => option.values === 1 && (option.isRequired || option.defaultValue !== undefined));
  return [
    ...positionals,
    ...options.map((option) => parameterOf(longName(option.names).replace(/^-+/, ''), declarationOf(option), [longName(option.names)])),
  ].filter(({ name }) => isPlaceable(name));
};

const parameterOf = (name: string, declaration: ScaffoldedParameter['declaration'], option: readonly string[]): ScaffoldedParameter => ({
  name,
  declaration,
  words: [...option, `{${name}}`],
});

const declarationOf = ({ type, defaultValue }: ScriptOption): ScaffoldedParameter['declaration'] => {
  const isNumber = type === 'int' || type === 'float';
  const number = Number(defaultValue);
  const asNumber = isNumber && String(number) === defaultValue ? number : defaultValue;
  return { type: isNumber ? 'float' : 'string', ...(asNumber !== undefined && { default: asNumber }) };
};

/** A name that a command can hold as a placeholder. */
const isPlaceable = (name: string): boolean => /^(?!\d+$)[^.[\]:!{}\s]+$/.test(name);

interface ScaffoldedEnvironment {
  readonly reference: object;
  readonly files: readonly (readonly [name: string, text: string])[];
}

const environmentOf = (files: readonly string[]): ScaffoldedEnvironment => {
  if (files.includes('python_env.yaml')) return { reference: { python_env: 'python_env.yaml' }, files: [] };
  const conda = ['conda.yaml', 'environment.yml', 'environment.yaml', 'conda.yml'].find((name) => files.includes(name));
  if (conda !== undefined) return { reference: { conda_env: conda }, files: [] };
  if (!files.includes('requirements.txt')) return { reference: {}, files: [] };
  return { reference: { python_env: 'python_env.yaml' }, files: [['python_env.yaml', yamlText({ dependencies: ['-r requirements.txt'] })]] };
};

/** As Python reads it: what only YAML 1.1 takes for something else is quoted. */
const yamlText = (value: object): string => new Document(value, { version: '1.1' }).toString({ lineWidth: 0, directives: false });
