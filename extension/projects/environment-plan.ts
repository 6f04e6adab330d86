import type { RunChoices } from '../../schemas/run-choices.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Project, ProjectEnvironment } from './project.ts';
import type { DockerPlan } from './run-folder.ts';
import type { RunSource } from './source-version.ts';

/** What a container needs to be run in; undefined for a project of another kind. */
export const dockerPlan = ({ environment, name }: Project, choices: RunChoices, source: RunSource): DockerPlan | undefined => {
  if (environment.kind !== 'docker') return undefined;
  const { image, volumes, variables } = environment;
  const commit = source.version?.commit;
  return {
    manager: 'docker',
    ...(name !== undefined && { name }),
    image,
    imageUri: `${name ?? 'docker-project'}${commit === undefined ? '' : `:${commit.slice(0, 7)}`}`,
    buildImage: choices.docker?.buildImage ?? false,
    volumes,
    variables,
    variableNames: choices.variables.map(({ key }) => key),
    args: choices.docker?.args ?? [],
  };
};

/** For conda as the environment manager: throws, in MLflow's words, for a project of another kind. */
export const requireCondaFile = (environment: ProjectEnvironment): string => {
  if (environment.kind === 'conda') return environment.file;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `${environment.kind === 'python' ? 'python_env' : environment.kind} project cannot be executed using conda. Choose 'virtualenv' or 'local' to execute this project.`,
  );
};
