import { isEnvironmentManager, plainChoices, type NamedText, type RunChoices } from '../../schemas/run-choices.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Run } from '../tracking/run.ts';
import type { EntryPoint } from './entry-point.ts';
import type { ProjectPlace } from './fetch-project.ts';
import { unquoteForBash } from './shell-words.ts';

export interface PastStart {
  readonly place: ProjectPlace;
  readonly entryPoint: string;
}

/** Where a run of a project came from, by MLflow's tags. Throws for a run that is none of a project. */
export const pastStart = ({ info, tags }: Run): PastStart => {
  const tag = (key: string): string | undefined => tags.find((each) => each.key === key)?.value;
  const source = tag('mlflow.source.name');
  if (tag('mlflow.source.type') !== 'PROJECT' || source === undefined) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${info.runName} is not a run of a project: its tags do not say how it was started`);
  }
  return { place: placeOf(source, tag('mlflow.source.git.commit')), entryPoint: tag('mlflow.project.entryPoint') ?? 'main' };
};

/** A folder is run as it is now; what came from git again at its commit. */
const placeOf = (source: string, commit: string | undefined): ProjectPlace => {
  const isFolder = source.startsWith('file://') || source.startsWith('/') || /^[a-z]:[\\/]/i.test(source);
  if (!isFolder) return { uri: source, ...(commit !== undefined && { version: commit }) };
  return { uri: source.replace(/^file:\/\//, '') };
};

/** By a run's params, which hold quoted text; those that are not declared may be the script's own and are left out. */
export const pastChoices = ({ params, tags }: Run, { parameters }: EntryPoint): RunChoices => {
  const declared = new Map(parameters.map((parameter) => [parameter.name, parameter.defaultValue]));
  const values = params.flatMap(({ key, value }): NamedText[] => {
    const text = unquoteForBash(value);
    return text !== undefined && declared.has(key) && declared.get(key) !== text ? [{ key, value: text }] : [];
  });
  const manager = tags.find(({ key }) => key === 'mlflow.project.env')?.value;
  return { ...plainChoices, values, ...(isEnvironmentManager(manager) && { manager }) };
};
