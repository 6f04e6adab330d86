import type { RunChoices } from '../../schemas/run-choices.ts';
import { quoteForShell } from './shell-quote.ts';
import type { ProjectPlace } from './fetch-project.ts';

export interface NamedStart {
  readonly place: ProjectPlace;
  readonly entryPoint: string;
  readonly choices: RunChoices;
}

/** The same start, for a terminal: `mlflow run …`. */
export const mlflowRunText = ({ place, entryPoint, choices }: NamedStart, platform: NodeJS.Platform): string => {
  const { values, manager, experiment, runName, variables, docker } = choices;
  const words = [
    'mlflow',
    'run',
    place.uri,
    ...option('-v', place.version),
    ...(entryPoint === 'main' ? [] : ['-e', entryPoint]),
    ...values.flatMap(({ key, value }) => ['-P', `${key}=${value}`]),
    ...(docker === undefined ? ['--env-manager', manager] : []),
    ...(docker?.buildImage === true ? ['--build-image'] : []),
    ...(docker?.args.flatMap(({ key, value }) => ['-A', value === '' ? key : `${key}=${value}`]) ?? []),
    ...option('--experiment-name', experiment),
    ...option('--run-name', runName),
  ];
  const command = words.map((word) => quoteForShell(word, platform)).join(' ');
  return [...variables.map((variable) => assignment(variable, platform)), command].join(platform === 'win32' ? '& ' : ' ');
};

const option = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [name, value]);

const assignment = ({ key, value }: { readonly key: string; readonly value: string }, platform: NodeJS.Platform): string =>
  platform === 'win32' ? `set ${quoteForShell(`${key}=${value}`, platform)}` : `${key}=${quoteForShell(value, platform)}`;
