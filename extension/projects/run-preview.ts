import { existsSync } from 'node:fs';

import type { NamedText, RunChoices } from '../../schemas/run-choices.ts';
import type { FormProblem, RunPreview } from '../../schemas/run-form.ts';
import { errorMessage } from '../shared/errors.ts';
import { computeCommand } from './command.ts';
import type { EntryPoint, Parameter } from './entry-point.ts';
import type { ProjectPlace } from './fetch-project.ts';
import { mlflowRunText } from './mlflow-run-text.ts';
import { pathSource, valueProblem } from './parameters.ts';

export interface PreviewedStart {
  readonly place: ProjectPlace;
  readonly directory: string;
  readonly entryPoint: EntryPoint;
  readonly choices: RunChoices;
}

/** What a start would run, and what is wrong with it, without starting anything. */
export const previewStart = ({ place, directory, entryPoint, choices }: PreviewedStart, platform: NodeJS.Platform): RunPreview => {
  const problems = [
    ...entryPoint.parameters.flatMap((parameter) => problemOfParameter(parameter, choices, directory)),
    ...problemsOfExtras(entryPoint, choices.values),
    ...problemsOfVariables(choices.variables),
    ...problemsOfOptions(choices.docker?.args ?? []),
  ];
  const shown = { mlflowRun: mlflowRunText({ place, entryPoint: entryPoint.name, choices }, platform), directory, problems };
  if (problems.some(({ severity }) => severity === 'error')) return shown;
  try {
    return { ...shown, command: commandOf({ directory, entryPoint, choices }, platform) };
  } catch (error) {
    return { ...shown, problem: errorMessage(error) };
  }
};

const commandOf = ({ directory, entryPoint, choices }: Omit<PreviewedStart, 'place'>, platform: NodeJS.Platform): string => {
  const given = new Map(choices.values.map(({ key, value }) => [key, value]));
  const declared = new Map(
    entryPoint.parameters.map((parameter) => {
      const value = given.get(parameter.name) ?? parameter.defaultValue ?? '';
      const source = parameter.type === 'path' ? pathSource(value, directory) : undefined;
      return [parameter.name, source?.kind === 'local' ? source.path : value];
    }),
  );
  return computeCommand(entryPoint, { declared, extra: choices.values.filter(({ key }) => !declared.has(key)) }, platform);
};

const problemOfParameter = (parameter: Parameter, { values }: RunChoices, directory: string): readonly FormProblem[] => {
  const field = `parameter:${parameter.name}` as const;
  const value = values.find(({ key }) => key === parameter.name)?.value ?? parameter.defaultValue;
  if (value === undefined) return [{ field, severity: 'error', message: 'A value is needed' }];
  const problem = valueProblem(parameter, value) ?? pathProblem(parameter, value, directory);
  if (problem !== undefined) return [{ field, severity: 'error', message: problem }];
  const isOddNumber = parameter.type === 'float' && (value.trim() === '' || Number.isNaN(Number(value)));
  return isOddNumber ? [{ field, severity: 'warning', message: 'This is not a number; it is passed on as it is' }] : [];
};

const pathProblem = ({ type }: Parameter, value: string, directory: string): string | undefined => {
  if (type !== 'path') return undefined;
  const source = pathSource(value, directory);
  return source.kind === 'local' && !existsSync(source.path) ? `There is no ${source.path}` : undefined;
};

/** MLflow quotes the names too, and a store takes no quoted one. */
const problemsOfExtras = ({ parameters }: EntryPoint, values: readonly NamedText[]): readonly FormProblem[] => {
  const extras = values.filter(({ key }) => !parameters.some(({ name }) => name === key));
  return extras.flatMap(({ key, value }): readonly FormProblem[] => {
    const field = `parameter:${key}` as const;
    if (!/^[\w./:-]+$/.test(key)) return [{ field, severity: 'error', message: `'${key}' cannot be a name: letters, digits and _ . / : - make one` }];
    if (extras.filter((each) => each.key === key).length > 1) return [{ field, severity: 'error', message: `'${key}' is there twice` }];
    const problem = valueProblem({ name: key, type: 'string' }, value);
    return problem === undefined ? [] : [{ field, severity: 'error', message: problem }];
  });
};

const problemsOfVariables = (variables: readonly NamedText[]): readonly FormProblem[] =>
  variables.flatMap(({ key, value }): readonly FormProblem[] => {
    const field = `variable:${key}` as const;
    if (!/^[a-z_]\w*$/i.test(key)) return [{ field, severity: 'error', message: `'${key}' cannot be the name of a variable` }];
    return value.includes('\0') ? [{ field, severity: 'error', message: 'A NUL character cannot be part of a value' }] : [];
  });

const problemsOfOptions = (options: readonly NamedText[]): readonly FormProblem[] =>
  options.flatMap(({ key }): readonly FormProblem[] =>
    /^[a-z][\w-]*$/i.test(key) ? [] : [{ field: `option:${key}`, severity: 'error', message: `'${key}' cannot be the name of an option` }],
  );
