import { homedir } from 'node:os';
import { join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import type { ContainerStore } from './container-store.ts';
import { quoteForShell } from '../shared/shell-quote.ts';
import type { DockerPlan, ExecutionPlan } from './run-folder.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export interface DockerRun {
  /** `docker` or `podman`. */
  readonly engine: string;
  /** As the engine knows it. */
  readonly image: string;
  readonly plan: ExecutionPlan;
  readonly docker: DockerPlan;
  readonly store: ContainerStore;
  readonly variables: Variables;
}

/** Finds a run's container whatever became of the program that started it. */
export const containerLabel = ({ runId }: Pick<ExecutionPlan, 'runId'>): string => `mlflow-workbench.run=${runId}`;

/**
 * The words that MLflow puts before an entry point's command, in its order, for its shell. Ours are quoted, where
 * MLflow leaves them to the shell; values that come from this machine's environment stay out of the command.
 */
export const dockerRunText = ({ engine, image, plan, docker, store, variables }: DockerRun): string => {
  const artifacts = artifactsOf(plan.artifactUri, variables);
  const environment = [
    `MLFLOW_RUN_ID=${plan.runId}`,
    `MLFLOW_TRACKING_URI=${store.uri}`,
    ...(plan.store.kind === 'files' ? ['MLFLOW_ALLOW_FILE_STORE=true'] : []),
    `MLFLOW_EXPERIMENT_ID=${plan.experimentId}`,
    'PYTHONUNBUFFERED=1',
    ...artifacts.environment,
    ...docker.variables.map(({ name, value }) => (value === undefined ? copied(docker, name, variables) : `${name}=${value}`)),
    ...docker.variableNames,
  ];
  const volumes = [...store.volumes, ...artifacts.volumes, ...docker.volumes.map((volume) => expandVolume(volume, plan.directory))];
  const words = [
    ...['run', '--rm', '--init', '--label', containerLabel(plan)],
    ...docker.args.flatMap(({ key, value }) => [key.length === 1 ? `-${key}` : `--${key}`, ...(value === '' ? [] : [value])]),
    ...volumes.flatMap((volume) => ['-v', volume]),
    ...environment.flatMap((variable) => ['-e', variable]),
    image,
  ];
  return [engine, ...words.map((word) => quoteForShell(word, process.platform))].join(' ');
};

interface Mounted {
  readonly volumes: readonly string[];
  readonly environment: readonly string[];
}

/** What a container needs to write artifacts where the run's are. */
const artifactsOf = (uri: string, variables: Variables): Mounted => {
  const known = (...names: readonly string[]): readonly string[] => names.filter((name) => variables[name] !== undefined);
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(uri)?.[1]?.toLowerCase() ?? 'file';
  switch (scheme) {
    case 'file': {
      const folder = decodeURIComponent(uri.replace(/^file:(?:\/\/)?/, ''));
      return { volumes: [`${folder}:${folder}`], environment: [] };
    }
    case 's3':
      return {
        volumes: [`${join(homedir(), '.aws')}:/.aws`],
        environment: known('AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'MLFLOW_S3_ENDPOINT_URL', 'MLFLOW_S3_IGNORE_TLS'),
      };
    case 'wasbs':
      return { volumes: [], environment: known('AZURE_STORAGE_CONNECTION_STRING', 'AZURE_STORAGE_ACCESS_KEY') };
    case 'gs': {
      const file = variables['GOOGLE_APPLICATION_CREDENTIALS'];
      return file === undefined ? { volumes: [], environment: [] } : { volumes: [`${file}:/.gcs`], environment: ['GOOGLE_APPLICATION_CREDENTIALS=/.gcs'] };
    }
    default:
      return { volumes: [], environment: [] };
  }
};

/** By its name alone: the engine takes the value from its own environment. */
const copied = ({ variables: all }: DockerPlan, name: string, variables: Variables): string => {
  if (variables[name] !== undefined) return name;
  const expected = all.filter(({ value }) => value === undefined).map((variable) => variable.name);
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `This project expects the ${expected.join(', ')} environment variables to be set on the machine running the project, but ${name} was not set. Please ensure all expected environment variables are set`,
  );
};

/** The folder of this machine, or the name, that a volume begins with. */
export const volumeSource = (volume: string, directory: string): string => expandVolume(volume, directory).split(':')[0] ?? '';

/** MLflow lets the shell expand a volume; what people write is this. */
const expandVolume = (volume: string, directory: string): string => {
  const expanded = volume.replaceAll(/\$\(pwd\)|`pwd`|\$PWD\b|\$\{PWD\}/g, () => directory).replaceAll(/\$HOME\b|\$\{HOME\}|^~(?=\/)/g, () => homedir());
  if (/[$`;&|<>(){}\n]/.test(expanded))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `The volume '${volume}' cannot be used: only $(pwd) and $HOME are expanded`);
  return expanded;
};
