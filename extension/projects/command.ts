import { readCommandTemplate, type Placeholder } from '../../schemas/command-template.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Param } from '../tracking/run.ts';
import type { EntryPoint } from './entry-point.ts';
import { quoteForShell } from '../shared/shell-quote.ts';

export interface CommandValues {
  /** The final text of each declared parameter, `path` values resolved. */
  readonly declared: ReadonlyMap<string, string>;
  readonly extra: readonly Param[];
}

/** The shell command that MLflow computes: each value quoted and put in its placeholder, undeclared ones appended. */
export const computeCommand = (entryPoint: EntryPoint, values: CommandValues, platform: NodeJS.Platform): string => {
  if (entryPoint.command === undefined) throw invalidCommand(entryPoint, 'it has none');
  const { parts, problem } = readCommandTemplate(entryPoint.command);
  if (problem !== undefined) throw invalidCommand(entryPoint, `${problem.message} at character ${problem.start + 1}`);
  const texts = parts.map((part) => (part.kind === 'text' ? part.text : quoteForShell(valueOf(entryPoint, part, values), platform)));
  const options = values.extra.map(({ key, value }) => `--${quoteForShell(key, platform)} ${quoteForShell(value, platform)}`);
  return [texts.join(''), ...options].join(' ');
};

/** Python would look attributes up and format text here; only what a person can mean is done: the value itself. */
const valueOf = (entryPoint: EntryPoint, { name, modifier }: Placeholder, { declared }: CommandValues): string => {
  const value = declared.get(name);
  if (value === undefined) throw invalidCommand(entryPoint, `{${name}${modifier}} is not one of its parameters; write {{ and }} for braces`);
  if (modifier !== '' && modifier !== '!s')
    throw invalidCommand(entryPoint, `{${name}${modifier}} is more than a parameter's name; only {${name}} is supported`);
  return value;
};

const invalidCommand = (entryPoint: EntryPoint, reason: string): MlflowError =>
  new MlflowError('INVALID_PARAMETER_VALUE', `The command of entry point '${entryPoint.name}' cannot be run: ${reason}`);
