import type { RunChoices } from '../../schemas/run-choices.ts';
import { commandLine } from '../shared/shell-quote.ts';
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
  return commandLine(words, Object.fromEntries(variables.map(({ key, value }) => [key, value])), platform);
};

const option = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [name, value]);
